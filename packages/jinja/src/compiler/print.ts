import { exportValue } from "../runtime/export.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Undefined } from "../runtime/values.ts";
import { escapeHtml } from "../text/escape.ts";
import type { EncodeValue } from "../types.ts";
import type { CompileState, Scope } from "./state.ts";

/** Writes an interpolated value as text. */
export type Print = (rt: Runtime, value: unknown) => string;

/** Chooses how interpolations of a scope are written. */
export function choosePrint(state: CompileState, scope: Scope): Print {
  const plain = state.environment.jsonPrinting ? printJson : textOf;
  const { encode } = state;
  if (encode !== null) return (rt, value) => printEncoded(rt, value, encode, plain);
  const escaped: Print = (rt, value) => (value instanceof Markup ? value.text : escapeHtml(rt, plain(rt, value)));
  switch (scope.autoescape) {
    case true:
      return escaped;
    case false:
      return plain;
    default:
      return (rt, value) => (rt.autoescape ? escaped(rt, value) : plain(rt, value));
  }
}

function printEncoded(rt: Runtime, value: unknown, encode: EncodeValue, plain: Print): string {
  return encode(exportValue(rt, value), value instanceof Markup) ?? plain(rt, value);
}

/** Writes a value in text as a JSON document would show it; what has no single text is an error. */
function printJson(rt: Runtime, value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number" || typeof value === "bigint") return textOf(rt, value);
  if (value instanceof Float) return String(value.value);
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) throw value.failure();
  throw fail(
    "TypeError",
    `a ${typeName(value)} cannot stand inside text; choose a member of it, or write it with tojson or join`,
  );
}
