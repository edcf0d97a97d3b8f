import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { resolve } from "node:path";
import { writing } from "./file-failure.ts";
import type { Terminal } from "./terminal.ts";

/** A file that is open for what a command will have to write. */
export interface OutputFile {
  /** Replaces what the file held. */
  readonly write: (content: string | Uint8Array) => Promise<void>;
  /** Closes it. A file that was made for nothing is removed; one that was there keeps what it held. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the file that a command is going to write before the command does what cannot be done twice: a path that cannot be written
 * fails here, with exit code 2, and not after a call was made. Nothing of the file is changed until there is something to write.
 */
export const openOutput = async (terminal: Terminal, path: string): Promise<OutputFile> => {
  const target = resolve(terminal.folder, path);
  const { file, isNew } = await writing(path, () => openOrMake(target));
  let isUsed = false;
  return {
    write: (content) =>
      writing(path, async () => {
        isUsed = true;
        // Devices and pipes have no length.
        if ((await file.stat()).isFile()) await file.truncate(0);
        await file.writeFile(content);
      }),
    async close() {
      await file.close();
      if (isNew && !isUsed) await unlink(target).catch(() => undefined);
    },
  };
};

const openOrMake = async (target: string) => {
  try {
    return { file: await open(target, "wx"), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // Neither made nor emptied.
    return { file: await open(target, constants.O_WRONLY), isNew: false };
  }
};
