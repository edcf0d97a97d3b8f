import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { listModuleFolders } from "./module-folders.ts";

/** Lays packages out: path of the folder → what it depends on. Then links: path of the link → path it leads to. */
function layOut(packages: Readonly<Record<string, readonly string[]>>, links: Readonly<Record<string, string>> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "junctor-folders-")));
  for (const [path, names] of Object.entries(packages)) {
    mkdirSync(join(root, path), { recursive: true });
    // A package that shows its entry alone, and to importers alone: its manifest is found all the same.
    const manifest = {
      exports: { ".": { import: "./index.js" } },
      dependencies: Object.fromEntries(names.map((name) => [name, "1.0.0"])),
    };
    writeFileSync(join(root, path, "package.json"), JSON.stringify(manifest));
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    symlinkSync(join(root, target), join(root, path));
  }
  return root;
}

const table: readonly [
  what: string,
  packages: Readonly<Record<string, readonly string[]>>,
  links: Readonly<Record<string, string>>,
  expected: readonly string[],
][] = [
  ["a package that depends on nothing", { start: [], "node_modules/other": [] }, {}, ["start"]],
  [
    "what is installed beside and within, of each package the one that it finds",
    {
      "node_modules/start": ["a", "b"],
      "node_modules/start/node_modules/a": ["b"],
      "node_modules/a": [],
      "node_modules/b": [],
    },
    {},
    ["node_modules/b", "node_modules/start", "node_modules/start/node_modules/a"],
  ],
  [
    "packages that depend on each other",
    { "node_modules/start": ["a"], "node_modules/a": ["start"] },
    {},
    ["node_modules/a", "node_modules/start"],
  ],
  [
    "a workspace: the link and what it leads to, and from there what is installed at the root",
    { "packages/start": ["@x/core"], "packages/core": ["a"], "node_modules/a": [] },
    { "node_modules/@x/core": "packages/core", "node_modules/start": "packages/start" },
    ["node_modules/@x/core", "node_modules/a", "packages/core", "packages/start"],
  ],
  [
    "a store of links: what a package depends on stands beside its real path",
    { start: ["a"], ".store/a/node_modules/a": ["b"], ".store/b/node_modules/b": [] },
    { "start/node_modules/a": ".store/a/node_modules/a", ".store/a/node_modules/b": ".store/b/node_modules/b" },
    [".store/a/node_modules/a", ".store/a/node_modules/b", ".store/b/node_modules/b", "start", "start/node_modules/a"],
  ],
  ["a package that was not installed", { start: ["absent"] }, {}, ["start"]],
];
it.each(table)("%s", (_what, packages, links, expected) => {
  const root = layOut(packages, links);
  const start = Object.keys(packages)[0] ?? "";
  const folders = listModuleFolders(pathToFileURL(join(root, start, "package.json")));
  expect(folders.map((folder) => relative(root, folder)).sort()).toEqual(expected);
});
