/**
 * Integers in the input of a call. JSON has them in any length, a double holds them all only up to 2^53: what lies beyond would
 * go out as another number, so it is refused. Other numbers are approximations anyhow.
 */
import { ConnectorError, hasLongNumber } from "@junctor/core";
import { type JSONPath, visit } from "jsonc-parser";
import { escapePointer } from "./parse-json.ts";

/** How a text and the input of a call belong together: `from` is where the input stands in the text, `to` where the text stands in the input. */
export interface InputPlace {
  readonly from?: readonly string[];
  readonly to?: string;
}

/**
 * Refuses integers of a JSON text (INPUT_INVALID with a pointer into the input) that no double holds; outside the input nothing
 * is looked at. Costs one character in sixteen where no digits stand in a row.
 */
export function requireExactIntegers(text: string, { from = [], to = "" }: InputPlace = {}): void {
  if (!hasLongNumber(text)) return;
  visit(text, {
    onLiteralValue(value, offset, length, _line, _character, pathOf) {
      if (typeof value !== "number" || isExact(text.slice(offset, offset + length))) return;
      const path = pathOf();
      if (from.some((name, depth) => path[depth] !== name)) return;
      throw inexactInteger(to + pointerTo(path.slice(from.length)));
    },
  });
}

/** Whether what is written is no integer, or one that a double holds. */
export function isExact(literal: string): boolean {
  if (!/^-?\d+$/.test(literal)) return true;
  const value = Number(literal);
  return Number.isFinite(value) && BigInt(literal) === BigInt(value);
}

/** The refusal of an integer that would not go out as it came. */
export function inexactInteger(pointer: string): ConnectorError {
  const message = "It is an integer of more digits than a number keeps.";
  const hint = "Send it as text, in quotes, where the schema takes a string.";
  return new ConnectorError("INPUT_INVALID", `The input ${pointer || "(root)"} is wrong: ${message}`, {
    details: [{ pointer, message, hint }],
    hint,
  });
}

const pointerTo = (path: JSONPath): string => path.map((part) => `/${escapePointer(String(part))}`).join("");
