import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { writing } from "../file-failure.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";

interface BackupFlags extends ServerFlags {
  readonly force?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

/** `junctor backup` and `junctor restore`: the embedded store as one file. */
export const registerBackup = (program: Command, { terminal }: CommandContext): void => {
  withServerFlags(
    program
      .command("backup")
      .description("Take a backup of the embedded store while the server runs. The master key is not part of it.")
      .argument("<file>", "file to write, such as backup.tar.gz")
      .option("--force", "overwrite the file")
      .option("--json", "print one object: { ok, file, bytes }"),
  ).action(async (file: string, flags: BackupFlags) => {
    const target = resolve(terminal.folder, file);
    if (existsSync(target) && flags.force !== true) {
      throw new CliFailure(`${file} exists`, {
        kind: "usage",
        hint: "Choose another name, or overwrite it with --force",
      });
    }
    const api = connect(terminal, flags);
    const bytes = await withProgress(terminal, "Writing the backup", () => download(api, target, file));
    printResult(terminal, flags.json, { ok: true, file, bytes }, () => `${bytes} bytes in ${file}`);
  });
  program
    .command("restore")
    .description("Make a data folder out of a backup. The server must not run; the folder must be empty or absent.")
    .argument("<file>", "the backup")
    .option("--data <folder>", "data folder", ".junctor")
    .option("--json", "print one object: { ok, folder }")
    .action(async (file: string, flags: BackupFlags) => {
      const { restoreBackup } = await import("@junctor/store");
      const folder = resolve(terminal.folder, flags.data);
      await withProgress(terminal, "Restoring", () => restoreBackup({ path: resolve(terminal.folder, file), folder }));
      printResult(
        terminal,
        flags.json,
        { ok: true, folder },
        () => `${folder} is restored. Put the master key beside it before you start the server.`,
      );
    });
};

/** Writes the backup beside its place and moves it there when it is whole, so that a former one is kept until then. */
const download = async (api: ApiClient, target: string, name: string): Promise<number> => {
  const place = await writing(name, () => findPlace(target, name));
  const unfinished = `${place}.${randomUUID()}.part`;
  const file = await writing(name, () => open(unfinished, "wx", 0o600));
  try {
    const response = await api.send("downloadBackup");
    if (response.body === null) throw new CliFailure("The server sent an empty backup");
    const stream = file.createWriteStream();
    await writing(name, () => pipeline(Readable.fromWeb(response.body as never), stream)).catch((error: unknown) => {
      if (error instanceof CliFailure) throw error;
      throw new CliFailure(`The backup broke off: ${(error as Error).message}`, { kind: "unreachable", cause: error });
    });
    await writing(name, () => rename(unfinished, place));
    return stream.bytesWritten;
  } finally {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
  }
};

/** What the backup is moved to: the file that a link leads to, so that the link stays. A device or a folder is not replaced. */
const findPlace = async (target: string, name: string): Promise<string> => {
  if ((await lstat(target).catch(() => undefined)) === undefined) return target;
  const place = await realpath(target);
  const found = await stat(place);
  if (found.isFile()) return place;
  const what = found.isDirectory() ? "a folder" : "no regular file";
  throw new CliFailure(`${name} cannot be written: it is ${what}`, { kind: "usage" });
};
