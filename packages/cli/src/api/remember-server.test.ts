import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../testkit/test-terminal.ts";
import { rememberServer } from "./remember-server.ts";

const server = { url: "http://127.0.0.1:4000", key: "jk_new" };
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe("a server and its key are kept for the user alone", () => {
  const table: readonly [what: string, prepare: (folder: string) => Promise<unknown>][] = [
    ["in an empty folder", async () => {}],
    [
      "where folder and file were open to all",
      async (folder) => {
        await mkdir(join(folder, ".junctor"), { mode: 0o777 });
        await chmod(join(folder, ".junctor"), 0o777);
        await writeFile(join(folder, ".junctor/cli.json"), "{}");
        await chmod(join(folder, ".junctor/cli.json"), 0o666);
      },
    ],
    [
      "where the file could only be read",
      async (folder) => {
        await mkdir(join(folder, ".junctor"));
        await writeFile(join(folder, ".junctor/cli.json"), "{}", { mode: 0o444 });
      },
    ],
    [
      "where the file was a link to one that is open to all",
      async (folder) => {
        await mkdir(join(folder, ".junctor"));
        await writeFile(join(folder, "elsewhere.json"), "{}", { mode: 0o644 });
        await symlink(join(folder, "elsewhere.json"), join(folder, ".junctor/cli.json"));
      },
    ],
  ];
  it.each(table)("%s", async (_what, prepare) => {
    const folder = await makeFolder();
    await prepare(folder);
    const file = await rememberServer(folder, server);
    expect(file).toBe(join(folder, ".junctor/cli.json"));
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(server);
    expect([await modeOf(join(folder, ".junctor")), await modeOf(file)]).toEqual(["700", "600"]);
    expect(await readdir(join(folder, ".junctor"))).toEqual(["cli.json"]);
    expect(await readFile(join(folder, "elsewhere.json"), "utf8").catch(() => "{}")).toBe("{}");
  });
});

it("a file that cannot be replaced stays, nothing else is left, and the message says what to do", async () => {
  const folder = await makeFolder({ ".junctor/cli.json/x": "a folder in the file's place" });
  await expect(rememberServer(folder, server)).rejects.toMatchObject({
    message: expect.stringContaining("cli.json cannot be written"),
    hint: expect.stringContaining("JUNCTOR_KEY"),
  });
  expect(await readdir(join(folder, ".junctor"))).toEqual(["cli.json"]);
});
