import { createWriteStream, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
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
    const response = await connect(terminal, flags).send("downloadBackup");
    if (response.body === null) throw new CliFailure("The server sent an empty backup");
    const stream = createWriteStream(target, { mode: 0o600 });
    try {
      await withProgress(terminal, "Writing the backup", () =>
        pipeline(Readable.fromWeb(response.body as never), stream),
      );
    } catch (error) {
      await rm(target, { force: true });
      throw new CliFailure(`The backup broke off: ${(error as Error).message}`, { kind: "unreachable", cause: error });
    }
    printResult(
      terminal,
      flags.json,
      { ok: true, file, bytes: stream.bytesWritten },
      () => `${stream.bytesWritten} bytes in ${file}`,
    );
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
