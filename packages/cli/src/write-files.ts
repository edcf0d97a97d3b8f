import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { writing } from "./file-failure.ts";
import type { Terminal } from "./terminal.ts";

/** Writes files, by their path below a folder, and makes the folders that they need. Fails with exit code 2, naming the path. */
export const writeFiles = async (
  terminal: Terminal,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await writing(shorten(terminal, file), async () => {
      await makeFolder(dirname(file));
      await writeFile(file, content);
    });
  }
};

/** A path as somebody in the terminal's folder would write it. */
const shorten = (terminal: Terminal, path: string): string => {
  const short = relative(terminal.folder, path);
  return short.startsWith("..") ? path : short || ".";
};

/** Makes a folder and those above it. Node's own `recursive` never ends where a file system refuses new folders as "not there". */
const makeFolder = async (folder: string): Promise<void> => {
  try {
    await makeOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
};

/** Makes a folder in one that is there. Another process may have made it in the meantime. */
const makeOne = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    throw error;
  }
};
