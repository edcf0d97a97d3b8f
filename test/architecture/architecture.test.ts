import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkImportTable, checkSockets, findCycles } from "./check-imports.ts";
import { importTable } from "./import-table.ts";
import { listImports, readSourceFiles, repositoryRoot, type SourceFile } from "./read-source-files.ts";

const files = readSourceFiles([
  "packages/*/{src,test,scripts}/**/*.ts",
  "{connectors,examples,bench,test,scripts}/**/*.ts",
]);
const production = files.filter(({ path }) => path.startsWith("packages/") && path.includes("/src/"));

function declaredDependencies(path: string): ReadonlySet<string> {
  const name = /^packages\/([^/]+)\//.exec(path)?.[1];
  if (name === undefined) return new Set();
  const manifest = JSON.parse(readFileSync(`${repositoryRoot}/packages/${name}/package.json`, "utf8")) as {
    dependencies?: Record<string, string>;
  };
  return new Set(Object.keys(manifest.dependencies ?? {}));
}

const planted = (path: string, text: string): SourceFile => ({ path, text, imports: listImports(text) });

describe("the code keeps the architecture", () => {
  it("has a row in the import table for every package", () => {
    expect(Object.keys(importTable).sort()).toEqual(readdirSync(`${repositoryRoot}/packages`).sort());
  });
  it("imports only what the table allows", () => {
    expect(files.flatMap((file) => checkImportTable(file, declaredDependencies(file.path)))).toEqual([]);
  });
  it("opens sockets only in the listed modules", () => {
    expect(production.flatMap(checkSockets)).toEqual([]);
  });
  it("has no import cycle", () => {
    expect(findCycles(production)).toEqual([]);
  });
});

describe("the check notices a planted violation", () => {
  const none: ReadonlySet<string> = new Set();
  const table: readonly [rule: string, path: string, text: string, complaint: RegExp][] = [
    [
      "a level may not be skipped upwards",
      "packages/core/src/x.ts",
      `import { a } from "@junctor/store";`,
      /core may not import store/,
    ],
    [
      "core takes types only from egress",
      "packages/core/src/x.ts",
      `import { a } from "@junctor/egress";`,
      /types only from egress/,
    ],
    [
      "client takes types only from contract",
      "packages/client/src/x.ts",
      `import { a } from "@junctor/contract";`,
      /types only from contract/,
    ],
    ["sdk has no dependencies", "packages/sdk/src/x.ts", `import ajv from "ajv";`, /sdk may not depend on ajv/],
    [
      "jinja uses no Node module",
      "packages/jinja/src/x.ts",
      `import fs from "node:fs";`,
      /jinja may not import node:fs/,
    ],
    ["egress has two dependencies", "packages/egress/src/x.ts", `import pg from "pg";`, /egress may not depend on pg/],
    [
      "importers read no file",
      "packages/importers/src/x.ts",
      `import { readFile } from "node:fs/promises";`,
      /importers may not import node:fs/,
    ],
    [
      "importers open no socket",
      "packages/importers/src/x.ts",
      `const m = await import("node:net");`,
      /importers may not import node:net/,
    ],
    [
      "a dependency is declared",
      "packages/server/src/x.ts",
      `import x from "left-pad";`,
      /left-pad is not in the dependencies/,
    ],
    [
      "no path leaves its package",
      "packages/server/src/x.ts",
      `import { a } from "../../core/src/y.ts";`,
      /leaves its package/,
    ],
    [
      "connectors know the SDK only",
      "connectors/books/connector.ts",
      `import { a } from "@junctor/core";`,
      /connectors may not import core/,
    ],
    [
      "tests use public entries",
      "test/e2e/x.test.ts",
      `import { a } from "../../packages/core/src/y.ts";`,
      /instead of the public entry/,
    ],
    [
      "tests name no inner path",
      "test/e2e/x.test.ts",
      `import { a } from "@junctor/core/src/y.ts";`,
      /instead of the public entry/,
    ],
    [
      "an unknown package is refused",
      "packages/shared/src/x.ts",
      `import { a } from "@junctor/core";`,
      /not in the import table/,
    ],
  ];
  it.each(table)("%s", (_rule, path, text, complaint) => {
    expect(checkImportTable(planted(path, text), none).join("\n")).toMatch(complaint);
  });

  const sockets: readonly [what: string, path: string, text: string][] = [
    ["undici in core", "packages/core/src/x.ts", `import { request } from "undici";`],
    ["node:https in importers", "packages/importers/src/x.ts", `import https from "node:https";`],
    ["pg outside the Postgres folder of the store", "packages/store/src/queries/x.ts", `import pg from "pg";`],
    ["global fetch in core", "packages/core/src/x.ts", `export const a = () => fetch("https://a.example");`],
    ["a WebSocket in jinja", "packages/jinja/src/x.ts", `new WebSocket ("wss://a.example")`],
  ];
  it.each(sockets)("%s", (_what, path, text) => {
    expect(checkSockets(planted(path, text))).toHaveLength(1);
  });

  it("a cycle through a package name", () => {
    const cycle = [
      planted("packages/core/src/index.ts", `export { a } from "./a.ts";`),
      planted("packages/core/src/a.ts", `import type { b } from "@junctor/jinja";`),
      planted("packages/jinja/src/index.ts", `import { a } from "@junctor/core";`),
    ];
    expect(findCycles(cycle)).toEqual([
      "import cycle: packages/core/src/index.ts → packages/core/src/a.ts → packages/jinja/src/index.ts → packages/core/src/index.ts",
    ]);
  });
});
