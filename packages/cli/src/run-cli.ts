import type { ConnectorError } from "@junctor/core";
import { CommanderError } from "commander";
import { CliFailure } from "./cli-failure.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command with its arguments and gives the exit code. Nothing is thrown; what went wrong is told. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  const outcome = { code: exitCodes.ok.code as number };
  const program = createProgram(terminal, (code) => {
    outcome.code = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return outcome.code;
  } catch (error) {
    return tellFailure(error, terminal, args.includes("--json"));
  }
};

const tellFailure = (error: unknown, terminal: Terminal, asJson: boolean): number => {
  // Commander has told what was wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
  if (terminal.signal.aborted) return exitCodes.interrupted.code;
  const failure = toFailure(error);
  if (asJson) {
    const details = failure.details ?? {
      message: failure.message,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    };
    terminal.out(`${JSON.stringify({ ok: false, error: details })}\n`);
  } else {
    terminal.error(`${failure.message}\n`);
    if (failure.hint !== undefined) terminal.error(`${failure.hint}\n`);
  }
  return failure.exitCode;
};

/** By name: the engine is loaded by the commands that need it, and most of the start of the others would go into it. */
const isConnectorError = (error: unknown): error is ConnectorError =>
  error instanceof Error && error.name === "ConnectorError";

const toFailure = (error: unknown): CliFailure => {
  if (error instanceof CliFailure) return error;
  if (isConnectorError(error)) {
    const lines = error.details.map(
      ({ pointer, message, line, column }) => `  ${line === undefined ? pointer : `${line}:${column}`} ${message}`,
    );
    return new CliFailure([error.message, ...lines].join("\n"), {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: { code: error.code, message: error.message, hint: error.hint, errors: error.details },
      cause: error,
    });
  }
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new CliFailure(`There is no file ${path}`, { kind: "usage" });
  if (code === "EACCES" || code === "EISDIR")
    return new CliFailure(`${path ?? "The file"} cannot be read: ${code}`, { kind: "usage" });
  return new CliFailure(`Something failed inside junctor: ${message ?? String(error)}`, {
    hint: "Please report it, with the command that you ran",
    cause: error,
  });
};
