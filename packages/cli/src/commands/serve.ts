import { once } from "node:events";
import { resolve } from "node:path";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { printResult } from "../print.ts";

interface ServeFlags {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** `junctor serve`: runs the server in this process. */
export const registerServe = (program: Command, { terminal }: CommandContext): void => {
  program
    .command("serve")
    .description(
      "Run the server until it is interrupted. Settings come from the environment (docs/reference/configuration.md).",
    )
    .option("--host <address>", "address to listen on (default: JUNCTOR_HOST, 127.0.0.1)")
    .option("--port <port>", "port to listen on; 0 chooses one (default: JUNCTOR_PORT, 4000)")
    .option("--data <folder>", "folder of the embedded store (default: JUNCTOR_DATA_DIR, .junctor)")
    .option("--json", "print one object when it is ready: { ok, url }")
    .action(async (flags: ServeFlags) => {
      const { describeStartFailure, resolveConfig, tuneProcess, startServer } = await import("@junctor/server");
      const environment = {
        ...terminal.environment,
        ...(flags.host === undefined ? {} : { JUNCTOR_HOST: flags.host }),
        ...(flags.port === undefined ? {} : { JUNCTOR_PORT: flags.port }),
        ...(flags.data === undefined ? {} : { JUNCTOR_DATA_DIR: resolve(terminal.folder, flags.data) }),
      };
      // A setting that makes no sense is refused before anything starts, and told as any other reason not to.
      const start = async () => startServer(resolveConfig(environment));
      const server = await start().catch((error: unknown) => {
        throw new CliFailure(describeStartFailure(error), { cause: error });
      });
      tuneProcess();
      printResult(terminal, flags.json, { ok: true, url: server.url }, () => `Ready at ${server.url}`);
      if (!terminal.signal.aborted) await once(terminal.signal, "abort");
      await server.close();
    });
};
