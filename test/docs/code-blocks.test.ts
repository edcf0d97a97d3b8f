import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../architecture/read-source-files.ts";
import { type CodeBlock, readCodeBlocks } from "./read-code-blocks.ts";

const blocks = readCodeBlocks();
const of = (...languages: readonly string[]): CodeBlock[] =>
  blocks.filter(({ language, note }) => languages.includes(language) && !note.startsWith("skip:"));
const folder = join(repositoryRoot, ".junctor", "docs-check");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the documentation", () => {
  it("has code blocks of known languages only, and a reason for each that is not run", () => {
    const known = [
      "sh",
      "json",
      "jsonc",
      "ts",
      "html",
      "yaml",
      "jinja",
      "text",
      "dockerfile",
      "python",
      "http",
      "sql",
      "nginx",
    ];
    expect(
      blocks.filter(({ language }) => !known.includes(language)).map(({ page, line }) => `${page}:${line}`),
    ).toEqual([]);
    expect(blocks.filter(({ note }) => /^skip:?\s*$/.test(note)).map(({ page, line }) => `${page}:${line}`)).toEqual(
      [],
    );
  });

  it.each(of("json").map((block) => [`${block.page}:${block.line}`, block] as const))("%s is JSON", (_at, { text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it("has TypeScript that compiles", () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = new Map<string, CodeBlock>();
    for (const [index, block] of of("ts").entries()) {
      const name = `block-${index}.ts`;
      files.set(name, block);
      // Each block is a module of its own; its relative imports are meant from the page.
      const from = dirname(join(repositoryRoot, block.page));
      const text = block.text.replace(/from "(\.\.?\/[^"]+)"/g, (_all, path: string) => `from "${join(from, path)}"`);
      writeFileSync(join(folder, name), `${text}\nexport {};\n`);
    }
    const config = {
      extends: "../../tsconfig.json",
      compilerOptions: { rewriteRelativeImportExtensions: false, lib: ["es2024", "dom", "esnext.iterator"] },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { stdout, status } = spawnSync("tsc", ["-p", folder, "--pretty", "false"], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    const failures = stdout
      .split("\n")
      .filter((line) => line.includes("block-"))
      .map((line) =>
        line.replace(/^.*?(block-\d+\.ts)\((\d+)/, (_all, name: string, row: string) => {
          const block = files.get(name);
          return `${block?.page}:${(block?.line ?? 0) + Number(row)} (`;
        }),
      );
    expect(failures).toEqual([]);
    expect(status).toBe(0);
  });
});
