import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createEgress, type Egress } from "@junctor/egress";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchRepository } from "../src/registry/fetch-repository.ts";

let root: string;
let server: Server;
let url: string;
let egress: Egress;
let passwords: (string | undefined)[];

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", join(root, "work"), "-c", "user.name=t", "-c", "user.email=t@t.example", ...args], {
    encoding: "utf8",
  });

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, "work", path)), { recursive: true });
  writeFileSync(join(root, "work", path), content);
}

/** A real Git server: `git http-backend` behind a small CGI host, with Basic authentication for `private.git`. */
function serveGit(): Server {
  return createServer((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const password = basic === undefined ? undefined : Buffer.from(basic, "base64").toString().split(":")[1];
    passwords.push(password);
    if (path.startsWith("/private.git") && password !== "a-token") {
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
      return;
    }
    const env = {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: path.replace("/private.git", "/public.git"),
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    };
    const backend = spawn("git", ["http-backend"], { env: env as NodeJS.ProcessEnv });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.once("close", () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf("\r\n\r\n");
      const head = output
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(/:\s*/, 2));
      const headers = Object.fromEntries(head) as Record<string, string>;
      response.writeHead(Number.parseInt(headers.Status ?? "200", 10), headers);
      response.end(output.subarray(end + 4));
    });
  });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "junctor-git-"));
  mkdirSync(join(root, "work"));
  git("init", "-q", "-b", "main");
  write("connectors/a/connector.json", '{"name":"a"}');
  write("connectors_registry.json", "[]");
  write("secret.env", "not read");
  symlinkSync("/etc/passwd", join(root, "work", "connectors", "passwd.json"));
  git("add", ".");
  git("commit", "-q", "-m", "first");
  git("checkout", "-q", "-b", "other");
  write("connectors/b/connector.json", '{"name":"b"}');
  write("connectors/node_modules/c/connector.json", '{"name":"c"}');
  write("connectors/.old/connector.json", '{"name":"d"}');
  write(".junctor/connectors/.old/connector.json", '{"name":"e"}');
  write(".junctor/connectors/e/connector.json", '{"name":"e"}');
  git("add", ".");
  git("commit", "-q", "-m", "second");
  git("checkout", "-q", "main");
  execFileSync("git", ["clone", "-q", "--bare", join(root, "work"), join(root, "public.git")]);
  passwords = [];
  server = serveGit();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  egress = createEgress({ allow: [`127.0.0.1:${(server.address() as AddressInfo).port}`] });
});
afterAll(async () => {
  await egress.close();
  server.close();
  rmSync(root, { recursive: true });
});

describe("a repository is fetched through the outbound policy", () => {
  it("with the definition files of its default branch, without links and other files", async () => {
    const { commit, files } = await fetchRepository(egress, { url: `${url}/public.git` });
    expect(commit).toBe(git("rev-parse", "main").trim());
    expect(files.map(({ path }) => path)).toEqual(["connectors/a/connector.json", "connectors_registry.json"]);
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('{"name":"a"}');
  });
  it("from a branch and a folder, with an access token", async () => {
    const { files } = await fetchRepository(egress, {
      url: `${url}/private.git`,
      branch: "other",
      folder: "/connectors/",
      token: "a-token",
    });
    expect(files.map(({ path }) => path)).toEqual(["a/connector.json", "b/connector.json"]);
  });
  it.each([
    ["/", ["connectors/a/connector.json", "connectors/b/connector.json", "connectors_registry.json"]],
    [".junctor/connectors", ["e/connector.json"]],
    ["connectors/node_modules", ["c/connector.json"]],
  ])("without installed packages and hidden folders, unless %s is asked for", async (folder, expected) => {
    const { files } = await fetchRepository(egress, { url: `${url}/public.git`, branch: "other", folder });
    expect(files.map(({ path }) => path)).toEqual(expected);
  });
});

describe("a repository that cannot be fetched says why", () => {
  const failures: readonly [why: string, path: string, more: object, message: RegExp][] = [
    ["no such repository", "/none.git", {}, /404/],
    ["no such branch", "/public.git", { branch: "none" }, /none/],
    ["no token", "/private.git", {}, /UserCanceled|401/],
    ["a wrong token", "/private.git", { token: "other" }, /UserCanceled|401/],
  ];
  it.each(failures)("%s", async (_why, path, more, message) => {
    const fetching = fetchRepository(egress, { url: url + path, ...more });
    await expect(fetching).rejects.toMatchObject({ code: "SYNC_FAILED", message: expect.stringMatching(message) });
  });
  it("a wrong token is sent once, and is in no message", async () => {
    passwords = [];
    const error = await fetchRepository(egress, { url: `${url}/private.git`, token: "hush-hush" }).catch(
      (e: unknown) => e,
    );
    expect(passwords.filter((password) => password === "hush-hush").length).toBe(1);
    expect(JSON.stringify(error) + String(error)).not.toContain("hush-hush");
  });
  it("an address that the policy refuses", async () => {
    const strict = createEgress({});
    await expect(fetchRepository(strict, { url: `${url}/public.git` })).rejects.toMatchObject({ code: "SYNC_FAILED" });
    await strict.close();
  });
  it("too many bytes", async () => {
    await expect(fetchRepository(egress, { url: `${url}/public.git` }, { fileBytes: 5 })).rejects.toMatchObject({
      code: "SYNC_FAILED",
      message: expect.stringMatching(/too large/),
    });
  });
});
