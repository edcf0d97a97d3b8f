import { globSync, readFileSync } from "node:fs";
import { repositoryRoot } from "../architecture/read-source-files.ts";

/** One fenced block of a page. */
export interface CodeBlock {
  /** Path of the page from the repository root. */
  readonly page: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  readonly language: string;
  /** What follows the language on the fence: `skip: reason` keeps a block from being run. */
  readonly note: string;
  readonly text: string;
}

/** Pages that readers see; decision records and the changelog hold no promises to run. */
export const pages = globSync(
  [
    "*.md",
    "docs/{start,guides,reference}/**/*.md",
    "packages/*/README.md",
    "connectors/**/*.md",
    "examples/**/*.md",
    "bench/README.md",
  ],
  { cwd: repositoryRoot, exclude: (name) => name === "node_modules" || name === "dist" },
).sort();

/** Reads every fenced code block of the documentation. */
export function readCodeBlocks(): CodeBlock[] {
  return pages.flatMap((page) => {
    const lines = readFileSync(`${repositoryRoot}/${page}`, "utf8").split("\n");
    const blocks: CodeBlock[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const fence = /^(\s*)```(\w+)[ \t]*(.*)$/.exec(lines[at] ?? "");
      if (fence === null) continue;
      const end = lines.findIndex((line, index) => index > at && line.trim() === "```");
      const text = lines.slice(at + 1, end).join("\n");
      blocks.push({ page, line: at + 1, language: fence[2] ?? "", note: (fence[3] ?? "").trim(), text });
      at = end === -1 ? lines.length : end;
    }
    return blocks;
  });
}
