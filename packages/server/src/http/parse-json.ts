import { ConnectorError, findTooDeep } from "@junctor/core";
import { type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** Deepest nesting of a request body. */
const maxDepth = 200;

/**
 * Parses a request's JSON text. Throws REQUEST_MALFORMED with line and column, or REQUEST_INVALID for a body that is
 * valid JSON but hostile: nested too deeply, or with a member that would change an object's prototype.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw describeSyntaxError(text);
  }
  // Each level of nesting takes two characters, so a short text cannot be too deep.
  if (text.length > 2 * maxDepth || text.includes("__proto__") || text.includes("\\u005")) refuseHostile(value);
  return value;
}

/** The parser's own message quotes the text, which may hold a secret; the position says enough. */
function describeSyntaxError(text: string): ConnectorError {
  // The parser that finds the place recurses.
  if (findTooDeep(text, maxDepth) !== undefined) throw refusal("", `is nested more than ${maxDepth} levels deep`);
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  const offset = first?.offset ?? text.length;
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  const message = first === undefined ? "is not valid JSON" : describeParseError(printParseErrorCode(first.error));
  return new ConnectorError("REQUEST_MALFORMED", `The body is not JSON: line ${line}, column ${column} ${message}.`, {
    hint: "Correct the text at that place.",
    details: [{ pointer: "", message, line, column }],
  });
}

function describeParseError(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function refuseHostile(root: unknown): void {
  const open: { readonly value: object; readonly depth: number; readonly pointer: string }[] = [];
  const visit = (value: unknown, depth: number, pointer: string) => {
    if (typeof value === "object" && value !== null) open.push({ value, depth, pointer });
  };
  visit(root, 1, "");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth, pointer } = next;
    if (depth > maxDepth) throw refusal(pointer, `is nested more than ${maxDepth} levels deep`);
    if (Object.hasOwn(value, "__proto__")) throw refusal(`${pointer}/__proto__`, "is a name that is refused");
    for (const [name, member] of Object.entries(value)) {
      // A pointer is only needed for a refusal near the surface; deep ones would be longer than the text.
      visit(member, depth + 1, depth < 20 ? `${pointer}/${escapePointer(name)}` : pointer);
    }
  }
}

function refusal(pointer: string, message: string): ConnectorError {
  return new ConnectorError("REQUEST_INVALID", `The body is refused: ${pointer || "it"} ${message}.`, {
    details: [{ pointer, message }],
  });
}

/** Escapes a member name for a JSON pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
