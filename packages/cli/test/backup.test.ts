import { once } from "node:events";
import { lstat, readdir, readFile, symlink } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, runInTest } from "../src/testkit/test-terminal.ts";

let server: Server;
let access: readonly string[];
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/gzip" }).end("backup");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  access = ["--url", `http://127.0.0.1:${(server.address() as AddressInfo).port}`, "--key", "jk_test"];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("junctor backup --force", () => {
  it("replaces a file", async () => {
    const folder = await makeFolder({ "b.tgz": "old" });
    const run = await runInTest(["backup", "b.tgz", "--force", ...access], { folder });
    expect([run.error, run.code]).toEqual(["", 0]);
    expect(await readFile(join(folder, "b.tgz"), "utf8")).toBe("backup");
    expect(await readdir(folder)).toEqual(["b.tgz"]);
  });

  it("replaces the file that a link leads to, and leaves the link", async () => {
    const folder = await makeFolder({ "kept/b.tgz": "old" });
    await symlink(join("kept", "b.tgz"), join(folder, "latest.tgz"));
    expect((await runInTest(["backup", "latest.tgz", "--force", ...access], { folder })).code).toBe(0);
    expect((await lstat(join(folder, "latest.tgz"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "kept", "b.tgz"), "utf8")).toBe("backup");
    expect(await readdir(join(folder, "kept"))).toEqual(["b.tgz"]);
  });

  it.each([
    ["a link to nothing", "gone.tgz", "there is no such file or folder"],
    ["a link to a device", "device.tgz", "it is no regular file"],
    ["a link to a folder", "folder.tgz", "it is a folder"],
  ])("refuses %s", async (_what, name, reason) => {
    const folder = await makeFolder({ "sub/a": "x" });
    await symlink("nothing", join(folder, "gone.tgz"));
    await symlink("/dev/null", join(folder, "device.tgz"));
    await symlink("sub", join(folder, "folder.tgz"));
    const run = await runInTest(["backup", name, "--force", ...access], { folder });
    expect([run.code, run.error]).toEqual([2, `${name} cannot be written: ${reason}\n`]);
    expect((await lstat(join(folder, name))).isSymbolicLink()).toBe(true);
  });
});
