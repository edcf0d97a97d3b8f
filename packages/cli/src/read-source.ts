import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { ImportFile } from "@junctor/importers";
import { CliFailure } from "./cli-failure.ts";
import { readInput } from "./read-file.ts";
import type { Terminal } from "./terminal.ts";

/** More than this is no API description. */
const MAX_FILES = 5_000;
const MAX_BYTES = 512 * 1024 * 1024;

/** Reads the files of a source: one file, all of a folder, or standard input; `properties` is a file that lies elsewhere. */
export const readSource = async (
  terminal: Terminal,
  path: string,
  properties?: string,
): Promise<readonly ImportFile[]> => {
  const files: ImportFile[] = [];
  if (path === "-") files.push({ path: "input", bytes: Buffer.from(await readInput(terminal)) });
  else {
    const full = resolve(terminal.folder, path);
    if ((await stat(full)).isDirectory()) files.push(...(await readFolder(full)));
    else files.push({ path: basename(full), bytes: await readFile(full) });
  }
  if (properties !== undefined) {
    files.push({ path: "apiProperties.json", bytes: await readFile(resolve(terminal.folder, properties)) });
  }
  return files;
};

const readFolder = async (folder: string): Promise<readonly ImportFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && !/(^|\/)(node_modules|\.git)(\/|$)/.test(entry.parentPath));
  if (found.length > MAX_FILES)
    throw new CliFailure(`The folder holds ${found.length} files`, { kind: "usage", hint: "Name the document itself" });
  const files: ImportFile[] = [];
  let size = 0;
  for (const entry of found) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    size += bytes.length;
    if (size > MAX_BYTES)
      throw new CliFailure("The folder holds more than 512 MB", { kind: "usage", hint: "Name the document itself" });
    files.push({ path: relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"), bytes });
  }
  return files;
};
