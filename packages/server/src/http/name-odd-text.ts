import type { ProblemDetail } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import { escapePointer } from "./parse-json.ts";

/** The parts of a request in which a text may stand that a database refuses. */
export interface RequestParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
}

/**
 * Names the members whose text could not be used, where an error says only that there is one: NUL, which a database refuses, and
 * half of a character in an action's input, which no URL can hold. Other errors pass as they are.
 */
export function nameOddText(error: ConnectorError, { params, query, body }: RequestParts): ConnectorError {
  if (error.details.length > 0) return error;
  const { input, ...stored } = (body ?? {}) as { readonly input?: unknown };
  if (error.code === "VALUE_REFUSED") return withDetails(error, findTexts(input, "", loneSurrogate));
  if (error.code !== "REQUEST_INVALID" || error.cause === undefined) return error;
  // An input is not stored, and may hold any text.
  const details = [[params, "/path"] as const, [query, "/query"] as const, [stored, ""] as const].flatMap(
    ([part, start]) => findTexts(part, start, nul),
  );
  return withDetails(error, details);
}

interface Oddity {
  readonly isIn: (text: string) => boolean;
  readonly message: string;
  readonly hint: string;
}

const nul: Oddity = {
  isIn: (text) => text.includes("\0"),
  message: "holds a NUL character (U+0000)",
  hint: "Leave the character out.",
};
const loneSurrogate: Oddity = {
  isIn: (text) => !text.isWellFormed(),
  message: "holds half of a character (a lone surrogate)",
  hint: "Give the text whole: somewhere it was cut in the middle of a character.",
};

function withDetails(error: ConnectorError, details: readonly ProblemDetail[]): ConnectorError {
  const [first] = details;
  if (first === undefined) return error;
  const { code, stage, status, cause, step } = error;
  return new ConnectorError(code, `The request is refused: ${first.pointer || "it"} ${first.message}.`, {
    details,
    stage,
    status,
    ...(cause !== undefined && { cause }),
    ...(step !== undefined && { step }),
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}

function findTexts(root: unknown, start: string, { isIn, message, hint }: Oddity): readonly ProblemDetail[] {
  const found: ProblemDetail[] = [];
  const open: (readonly [value: unknown, pointer: string])[] = [[root, start]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, pointer] = next;
    if (typeof value === "string" && isIn(value)) found.push({ pointer, message, hint });
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) open.push([member, `${pointer}/${escapePointer(name)}`]);
  }
  return found.slice(0, 20);
}
