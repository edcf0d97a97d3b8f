import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { CliFailure } from "./cli-failure.ts";
import { describeFileFailure } from "./file-failure.ts";
import type { Terminal } from "./terminal.ts";

/** More than this is no definition, no input and no description of an API; a text cannot be much larger either. */
const MAX_BYTES = 500_000_000;

/** Reads standard input to its end, as text. Refuses more than 500 MB. */
export const readInput = async (terminal: Terminal): Promise<string> =>
  (await collect(terminal.input, "Standard input", MAX_BYTES)).toString("utf8");

/** Reads a file as text; `-` is standard input. Fails with exit code 2 where there is none, or more than 500 MB. */
export const readText = async (terminal: Terminal, path: string): Promise<string> =>
  path === "-" ? readInput(terminal) : (await collect(openFile(terminal, path), path, MAX_BYTES)).toString("utf8");

/**
 * Reads text that goes on as it is: from a file, or from standard input for `undefined`. Refuses more than `maxBytes`, read no
 * further than that, and bytes that are no UTF-8 text: JSON would carry other ones in their place.
 */
export const readExactText = async (
  terminal: Terminal,
  path: string | undefined,
  maxBytes: number,
): Promise<string> => {
  const name = path ?? "Standard input";
  const source = path === undefined ? terminal.input : openFile(terminal, path);
  const bytes = await collect(source, name, maxBytes);
  if (!isUtf8(bytes)) {
    throw new CliFailure(`${name} holds bytes that are no text`, {
      kind: "usage",
      hint: "Values are text (UTF-8). Write bytes as base64: base64 -w0 file; templates decode it with base64_decode",
    });
  }
  return bytes.toString("utf8");
};

const openFile = (terminal: Terminal, path: string): AsyncIterable<Uint8Array> =>
  createReadStream(resolve(terminal.folder, path));

const collect = async (source: AsyncIterable<Uint8Array>, name: string, maxBytes: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxBytes) throw new CliFailure(`${name} holds more than ${maxBytes} bytes`, { kind: "usage" });
      chunks.push(chunk);
    }
  } catch (error) {
    // A read that fails does not say of which file.
    const reason = (error as NodeJS.ErrnoException).path === undefined ? describeFileFailure(error) : undefined;
    if (reason === undefined) throw error;
    throw new CliFailure(`${name} cannot be read: ${reason}`, { kind: "usage", cause: error });
  }
  return Buffer.concat(chunks);
};

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
