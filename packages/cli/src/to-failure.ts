import type { ConnectorError } from "@junctor/core";
import { CliFailure } from "./cli-failure.ts";
import { describeFileFailure } from "./file-failure.ts";

/** Makes a `CliFailure` of whatever was thrown: what to tell, and the exit code that belongs to it. */
export const toFailure = (error: unknown): CliFailure => {
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
  // Writers tell their own failures; what arrives here was being read.
  const reason = describeFileFailure(error);
  if (reason !== undefined) {
    return new CliFailure(`${path ?? "The file"} cannot be read: ${reason}`, { kind: "usage", cause: error });
  }
  return new CliFailure(`Something failed inside junctor: ${message ?? String(error)}`, {
    hint: "Please report it, with the command that you ran",
    cause: error,
  });
};

/** Puts the file that a failure is about before its message; the exit code stays. */
export const inFile = (file: string, error: unknown): CliFailure => {
  const failure = toFailure(error);
  if (failure.message.includes(file)) return failure;
  const details = failure.details ?? { message: failure.message };
  return new CliFailure(`${file}: ${failure.message}`, {
    exitCode: failure.exitCode,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    details: { ...(details as object), file },
    cause: error,
  });
};

/** What `--json` prints as `error`. */
export const failureDetails = ({ details, message, hint }: CliFailure): unknown =>
  details ?? { message, ...(hint === undefined ? {} : { hint }) };

/** What the error stream says: the message, and the hint below it. */
export const describeFailure = ({ message, hint }: CliFailure): string =>
  `${message}\n${hint === undefined ? "" : `${hint}\n`}`;

/** By name: the engine is loaded by the commands that need it, and most of the start of the others would go into it. */
const isConnectorError = (error: unknown): error is ConnectorError =>
  error instanceof Error && error.name === "ConnectorError";
