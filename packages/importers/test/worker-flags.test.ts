import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// The flags are no part of the package's entry: what they forbid can only be tried by running something else under them.
import { listModuleFolders } from "../src/worker/module-folders.ts";
import { listWorkerFlags } from "../src/worker/worker-flags.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const manifest = new URL("../package.json", import.meta.url);

describe("the process of an import", () => {
  const secret = join(tmpdir(), `junctor-flags-${process.pid}`);
  beforeAll(() => writeFileSync(secret, "sesame"));
  afterAll(() => rmSync(secret));

  const table: readonly [what: string, code: string, expected: string][] = [
    ["reads its own code", `fs.readFileSync(${JSON.stringify(fileURLToPath(manifest))})`, "done"],
    ["reads no other file", `fs.readFileSync(${JSON.stringify(secret)})`, "ERR_ACCESS_DENIED"],
    ["reads no folder around its code", `fs.readdirSync(${JSON.stringify(repository)})`, "ERR_ACCESS_DENIED"],
    [
      "reads no environment of another process",
      'fs.readFileSync("/proc/" + process.ppid + "/environ")',
      "ERR_ACCESS_DENIED",
    ],
    ["writes nothing", `fs.writeFileSync(${JSON.stringify(fileURLToPath(manifest))}, "")`, "ERR_ACCESS_DENIED"],
    ["starts no process", 'process.getBuiltinModule("node:child_process").spawnSync("true")', "ERR_ACCESS_DENIED"],
  ];
  it.each(table)("%s", (_what, code, expected) => {
    const script = `const fs = process.getBuiltinModule("node:fs"); try { ${code}; console.log("done"); } catch (error) { console.log(error.code); }`;
    const { stdout } = spawnSync(process.execPath, [...listWorkerFlags(500), "-e", script], {
      encoding: "utf8",
      env: {},
    });
    expect(stdout.trim()).toBe(expected);
  });
});

describe("an import in an installation", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "junctor-installed-"));
    for (const name of ["sdk", "jinja", "contract", "core", "importers"]) install(name, folder);
    for (const path of listModuleFolders(manifest)) {
      const name = relative(join(repository, "node_modules"), path);
      if (!name.startsWith("..") && !name.startsWith("@junctor")) {
        cpSync(path, join(folder, "node_modules", name), { recursive: true });
      }
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("works from `dist`, where nothing of this repository is", () => {
    const main = `
      import { importInWorker } from "@junctor/importers/worker";
      const text = 'openapi: 3.0.3\\ninfo: { title: T, version: "1" }\\nservers: [{ url: https://x.example }]\\n' +
        'paths: { /x: { get: { operationId: x, responses: { "200": { description: OK } } } } }';
      const { result } = await importInWorker([{ path: "api.yaml", bytes: new TextEncoder().encode(text) }]);
      console.log(JSON.stringify([result.ok, result.operations.imported, import.meta.resolve("@junctor/importers/worker")]));
    `;
    writeFileSync(join(folder, "main.mjs"), main);
    const { stdout, stderr } = spawnSync(process.execPath, ["main.mjs"], { cwd: folder, encoding: "utf8", env: {} });
    expect(stderr).toBe("");
    const [ok, imported, address] = JSON.parse(stdout) as [boolean, number, string];
    expect([ok, imported]).toEqual([true, 1]);
    expect(address).toContain("/node_modules/@junctor/importers/dist/worker/index.js");
  });
});

/** Puts a package where an installation would: its manifest, and its modules without their types in `dist`. */
function install(name: string, into: string): void {
  const from = join(repository, "packages", name);
  const to = join(into, "node_modules/@junctor", name);
  mkdirSync(to, { recursive: true });
  cpSync(join(from, "package.json"), join(to, "package.json"));
  for (const path of readdirSync(join(from, "src"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path.endsWith(".test.ts")) continue;
    const target = join(to, "dist", path.replace(/\.ts$/, ".js"));
    if (!existsSync(dirname(target))) mkdirSync(dirname(target), { recursive: true });
    const code = stripTypeScriptTypes(readFileSync(join(from, "src", path), "utf8"));
    writeFileSync(target, code.replaceAll(/((?:from|import)[ (]*"\.[^"]*)\.ts"/g, '$1.js"'));
  }
}
