import { type DestinationStream, type Logger, pino } from "pino";
import type { SecretValues } from "./secret-values.ts";

export type { Logger } from "pino";

/** How {@link createLogger} writes. */
export interface LoggerOptions {
  readonly level: string;
  readonly secrets: SecretValues;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/**
 * Makes the server's logger: one JSON object per line. Each line passes through the memory of secret values before it
 * is written, whatever wrote it.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => secrets.clean(line) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
