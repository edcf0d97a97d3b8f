import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { rememberServer } from "../api/remember-server.ts";
import { DEFAULT_URL, findServer, type ServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { commandName } from "../command-name.ts";
import { printResult } from "../print.ts";
import { readInput } from "../read-file.ts";

interface LoginFlags extends ServerFlags {
  readonly json?: boolean;
}

/** `junctor login`: remembers a server and a key for this folder. */
export const registerLogin = (program: Command, { terminal }: CommandContext): void => {
  program
    .command("login")
    .description("Remember a server and a key in .junctor/cli.json (mode 0600) of this folder, once both are checked.")
    .option("--url <url>", `address of the server (default: JUNCTOR_URL, ${DEFAULT_URL})`)
    .option(
      "--key <key>",
      "API key (default: JUNCTOR_KEY, else standard input, which leaves no trace in the shell's history)",
    )
    .option("--json", "print one object: { ok, url, file }")
    .action(async (flags: LoginFlags) => {
      const key = (
        flags.key ??
        terminal.environment.JUNCTOR_KEY ??
        (terminal.inputIsTyped ? "" : await readInput(terminal))
      ).trim();
      if (key === "") {
        throw new CliFailure("There is no key", {
          kind: "usage",
          hint: `Pipe it: ${commandName(terminal)} login < key-file, or give --key`,
        });
      }
      const server = { ...findServer(terminal, flags), key };
      await connect(terminal, server).call("listConnectors");
      const file = await rememberServer(terminal.folder, server);
      printResult(
        terminal,
        flags.json,
        { ok: true, url: server.url, file },
        () => `${server.url} is remembered in ${file}`,
      );
    });
};
