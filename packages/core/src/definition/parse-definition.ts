import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Json } from "../ports/records.ts";
import { findTooDeep } from "./find-too-deep.ts";
import type { Finding } from "./finding.ts";
import { extendPointer } from "./json-pointer.ts";
import { createPositions, type Positions } from "./positions.ts";

/** A definition's text, read. `document` is undefined when the text is not JSON; then a finding says where and why. */
export interface ParsedDefinition {
  readonly document: Json | undefined;
  readonly positions: Positions;
  readonly findings: readonly Finding[];
}

/** Deepest nesting of a definition. Real ones stay below 30; recursion over a document must not exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * Reads the text of a definition: strict JSON (RFC 8259), a byte order mark tolerated. Never throws: malformed JSON, a
 * repeated key, too deep nesting and the key `__proto__` come back as findings with line and column.
 */
export const parseDefinition = (source: string): ParsedDefinition => {
  const text = source.startsWith("\u{feff}") ? source.slice(1) : source;
  const tooDeep = findTooDeep(text, MAX_DEPTH);
  if (tooDeep !== undefined) {
    const positions = createPositions(text, undefined);
    const place = positions.at(tooDeep);
    return {
      document: undefined,
      positions,
      findings: [
        {
          ...malformed(place, `The document is nested more than ${MAX_DEPTH} levels deep`),
          rule: "json/too-deep",
          hint: "Flatten the document",
        },
      ],
    };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const positions = createPositions(text, root);
  if (root === undefined || errors.length > 0) {
    const first = errors[0];
    return {
      document: undefined,
      positions,
      findings: [
        first === undefined
          ? { ...malformed(positions.at(0), "The document is empty"), hint: "Begin with {" }
          : describe(first, text, positions),
      ],
    };
  }
  const findings: Finding[] = [];
  const document = readNode(root, "", positions, findings);
  return { document, positions, findings };
};

const malformed = (place: { line: number; column: number } | null, message: string): Finding => ({
  rule: "json/malformed",
  severity: "error",
  pointer: "",
  line: place?.line ?? null,
  column: place?.column ?? null,
  message,
});

const expectations: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  InvalidSymbol: {
    message: "This is not JSON",
    hint: "Values are objects, lists, texts in double quotes, numbers, true, false, null",
  },
  InvalidNumberFormat: {
    message: "This is not a number of JSON",
    hint: "Write it like 12, -0.5 or 1e6, or put it in quotes",
  },
  PropertyNameExpected: {
    message: "A member name in double quotes is missing here",
    hint: "Remove a trailing comma, or add the member",
  },
  ValueExpected: { message: "A value is missing here", hint: "Remove a trailing comma, or add the value" },
  ColonExpected: { message: "A colon is missing after the member name", hint: 'Members are written "name": value' },
  CommaExpected: { message: "A comma is missing here", hint: "Put a comma between members or elements" },
  CloseBraceExpected: { message: "A closing } is missing", hint: "Close the object" },
  CloseBracketExpected: { message: "A closing ] is missing", hint: "Close the list" },
  EndOfFileExpected: { message: "The document goes on after its end", hint: "Remove what follows the last }" },
  InvalidCommentToken: {
    message: "Comments are not allowed in JSON",
    hint: 'Use "description", or a member whose name begins with x-',
  },
  UnexpectedEndOfComment: { message: "A comment is not closed", hint: "Comments are not allowed in JSON" },
  UnexpectedEndOfString: { message: "A text is not closed", hint: "Add the closing quote; write a line end as \\n" },
  UnexpectedEndOfNumber: { message: "A number breaks off", hint: "Write it like 12, -0.5 or 1e6" },
  InvalidUnicode: { message: "An escape \\u needs four hexadecimal digits", hint: "Write it like \\u00e9" },
  InvalidEscapeCharacter: { message: "JSON has no such escape", hint: "Write a backslash as \\\\" },
  InvalidCharacter: {
    message: "A control character stands in a text",
    hint: "Write it as an escape, such as \\t or \\n",
  },
};

const describe = (error: ParseError, text: string, positions: Positions): Finding => {
  const known = expectations[printParseErrorCode(error.error)];
  const seen = error.offset >= text.trimEnd().length ? "the end of the text" : JSON.stringify(text[error.offset]);
  return {
    ...malformed(positions.at(error.offset), `${known?.message ?? "This is not JSON"} (at ${seen})`),
    ...(known === undefined ? {} : { hint: known.hint }),
  };
};

const readNode = (node: Node, pointer: string, positions: Positions, findings: Finding[]): Json => {
  if (node.type === "array") {
    return (node.children ?? []).map((child, index) =>
      readNode(child, extendPointer(pointer, index), positions, findings),
    );
  }
  if (node.type !== "object") return node.value as Json;
  const result: Record<string, Json> = {};
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = key.value as string;
    const inner = extendPointer(pointer, name);
    const report = (rule: string, message: string, hint: string): void => {
      const place = positions.at(key.offset);
      findings.push({
        rule,
        severity: "error",
        pointer: inner,
        line: place?.line ?? null,
        column: place?.column ?? null,
        message,
        hint,
      });
    };
    if (name === "__proto__") {
      report("json/forbidden-key", "The key __proto__ is not allowed", "Use another name");
      continue;
    }
    if (Object.hasOwn(result, name)) {
      report("json/duplicate-key", `The key ${JSON.stringify(name)} occurs twice in this object`, "Remove one of them");
    }
    result[name] = readNode(value, inner, positions, findings);
  }
  return result;
};
