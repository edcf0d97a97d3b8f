import { CommanderError } from "commander";
import { CliFailure } from "./cli-failure.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { describeFailure, failureDetails, toFailure } from "./to-failure.ts";

/** Runs the command with its arguments and gives the exit code. Nothing is thrown; what went wrong is told. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  const outcome = { code: exitCodes.ok.code as number };
  const asJson = asksForJson(args);
  const program = createProgram(
    terminal,
    (code) => {
      outcome.code = code;
    },
    { tellUsage: !asJson },
  );
  try {
    await program.parseAsync([...args], { from: "user" });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok.code;
    if (terminal.signal.aborted) return exitCodes.interrupted.code;
    const failure = error instanceof CommanderError ? toUsageFailure(error) : toFailure(error);
    if (asJson) terminal.out(`${JSON.stringify({ ok: false, error: failureDetails(failure) })}\n`);
    // Commander has told people what was wrong, or has shown them what there is.
    else if (!(error instanceof CommanderError)) terminal.error(describeFailure(failure));
    return failure.exitCode;
  }
};

/** Looked up before the arguments are understood: a program wants JSON also of arguments that nobody understands. */
const asksForJson = (args: readonly string[]): boolean => {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).includes("--json");
};

const toUsageFailure = (error: CommanderError): CliFailure =>
  new CliFailure(error.message.replace(/^error: /, ""), {
    kind: "usage",
    hint: "Run with --help to see what there is",
    cause: error,
  });
