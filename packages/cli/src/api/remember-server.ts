import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CliFailure } from "../cli-failure.ts";

/**
 * Writes a server's address and the key to it into `.junctor/cli.json` below the folder and returns the file's path. Folder and
 * file are the user's own afterwards (modes 0700 and 0600), also where they were there before with others; the file is replaced
 * as a whole, so that nobody ever reads half of it or an old one that is open to all with a new key in it.
 */
export const rememberServer = async (
  folder: string,
  server: { readonly url: string; readonly key: string },
): Promise<string> => {
  const place = join(folder, ".junctor");
  const file = join(place, "cli.json");
  const unfinished = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(place, { recursive: true, mode: 0o700 });
    // The mode counts for folders that are made only.
    await chmod(place, 0o700);
    // A new file: the mode of one that exists would stay, and a link would be followed.
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ url: server.url, key: server.key }, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new CliFailure(`${file} cannot be written: ${(cause as Error).message}`, {
      hint: "The folder .junctor must be yours; or set JUNCTOR_URL and JUNCTOR_KEY instead.",
      cause,
    });
  }
  return file;
};
