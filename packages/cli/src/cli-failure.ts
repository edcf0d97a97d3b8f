import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** Ends a command: what to tell, and the exit code. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  /** What `--json` prints as `error`; default: message and hint. */
  readonly details: unknown;

  constructor(
    message: string,
    options: {
      readonly kind?: keyof typeof exitCodes;
      /** Wins over `kind`; for a failure made of another one. */
      readonly exitCode?: ExitCode;
      readonly hint?: string;
      readonly details?: unknown;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CliFailure";
    this.exitCode = options.exitCode ?? exitCodes[options.kind ?? "failed"].code;
    this.hint = options.hint;
    this.details = options.details;
  }
}
