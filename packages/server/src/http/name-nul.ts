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
 * Names the members with a NUL in them when a database refused the text of a request: it says that there is one, not where.
 * An action's input is not looked through: it is not stored, and may hold any text. Other errors pass as they are.
 */
export function nameNul(error: ConnectorError, { params, query, body }: RequestParts): ConnectorError {
  if (error.code !== "REQUEST_INVALID" || error.details.length > 0 || error.cause === undefined) return error;
  const { input: _input, ...stored } = (body ?? {}) as { readonly input?: unknown };
  const details = [...findNul(params, "/path"), ...findNul(query, "/query"), ...findNul(stored, "")];
  const [first] = details;
  if (first === undefined) return error;
  const { code, cause } = error;
  return new ConnectorError(code, `The request is refused: ${first.pointer} ${first.message}.`, {
    details,
    cause,
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}

function findNul(root: unknown, start: string): readonly ProblemDetail[] {
  const found: ProblemDetail[] = [];
  const open: (readonly [value: unknown, pointer: string])[] = [[root, start]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, pointer] = next;
    if (typeof value === "string" && value.includes("\0")) {
      found.push({ pointer, message: "holds a NUL character (U+0000)", hint: "Leave the character out." });
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) open.push([member, `${pointer}/${escapePointer(name)}`]);
  }
  return found.slice(0, 20);
}
