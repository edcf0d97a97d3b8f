import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { CliFailure } from "./cli-failure.ts";
import type { Terminal } from "./terminal.ts";

/** Reads standard input to its end, as text. */
export const readInput = async ({ input }: Terminal): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

/** Reads a file as text; `-` is standard input. Fails with exit code 2 where there is none. */
export const readText = async (terminal: Terminal, path: string): Promise<string> =>
  path === "-" ? readInput(terminal) : readFile(resolve(terminal.folder, path), "utf8");

/** Gives the definition's file for a path: the path itself, or `connector.json` in that folder. */
export const definitionPath = async (terminal: Terminal, path: string): Promise<string> => {
  if (path === "-") return path;
  const full = resolve(terminal.folder, path);
  return (await stat(full)).isDirectory() ? resolve(full, "connector.json") : full;
};

/**
 * Reads JSON that a flag gives: the text itself, `@file`, or `-` for standard input. Fails with exit code 2 and says which flag
 * it was.
 */
export const readJsonFlag = async (terminal: Terminal, flag: string, value: string): Promise<unknown> => {
  const text =
    value === "-"
      ? await readInput(terminal)
      : value.startsWith("@")
        ? await readText(terminal, value.slice(1))
        : value;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliFailure(`${flag} is not JSON: ${(error as Error).message}`, {
      kind: "usage",
      hint: `Write it like ${flag} '{"name": "value"}', or ${flag} @file.json`,
    });
  }
};
