import { ConnectorError } from "@junctor/core";

/** Bounds on what an import accepts. */
export interface ImportLimits {
  /** Bytes of all files together, archives unpacked. */
  readonly bytes: number;
  readonly files: number;
  /** Levels of nesting in one document. */
  readonly depth: number;
  /** Values in one document, repeated YAML aliases counted as often as they occur. */
  readonly values: number;
  /** Expansions of YAML aliases. */
  readonly aliases: number;
  /** Schemas taken over into one definition. */
  readonly schemas: number;
}

/** The limits used where the caller names none: enough for the largest public description (47 MB, 22,361 operations). */
export const defaultLimits: ImportLimits = Object.freeze({
  bytes: 96 * 1024 * 1024,
  files: 2_000,
  depth: 400,
  values: 20_000_000,
  aliases: 10_000,
  schemas: 60_000,
});

/** Refuses a document that is nested too deeply or holds too many values. Iterative: the check itself cannot overflow. */
export function checkShape(path: string, document: unknown, limits: ImportLimits): void {
  let values = 0;
  const level: { value: object; depth: number }[] = [];
  const enter = (value: unknown, depth: number): void => {
    values++;
    if (values > limits.values) throw limitError(path, `it holds more than ${limits.values} values`);
    if (typeof value !== "object" || value === null) return;
    if (depth > limits.depth) throw limitError(path, `it is nested deeper than ${limits.depth} levels`);
    level.push({ value, depth });
  };
  enter(document, 0);
  for (let next = level.pop(); next !== undefined; next = level.pop()) {
    for (const name of Object.keys(next.value)) enter((next.value as Record<string, unknown>)[name], next.depth + 1);
  }
}

/** The error for a document that exceeds a limit. */
export const limitError = (path: string, why: string): ConnectorError =>
  new ConnectorError("IMPORT_LIMIT", `${path} was refused: ${why}.`, {
    hint: "Import a smaller document, or raise the limit if you trust the source.",
  });

/** The error for a document that cannot be read as what it should be. */
export const importError = (message: string, hint: string, cause?: unknown): ConnectorError =>
  new ConnectorError("IMPORT_FAILED", message, cause === undefined ? { hint } : { hint, cause });
