/**
 * Stage *filter*: what leaves. Members that the output schema does not declare are removed where it closes an object, and
 * secrets of the call that the upstream echoed are replaced by value. Runs on every answer, cached ones included. A
 * streamed answer passes as it is: it is never held whole, and its action says so.
 */
import { Float } from "@junctor/jinja";
import type { Json } from "../ports/records.ts";
import type { CallState } from "./call-state.ts";

export function filterOutput(state: CallState): void {
  const { output, action, redaction } = state;
  if (output === null || output.kind === "passed" || output.kind === "binary") return;
  if (output.kind === "text") {
    if (redaction.occursIn(output.text)) state.output = { ...output, text: redaction.clean(output.text) };
    return;
  }
  let { value } = output;
  if (value === undefined) return;
  const { response } = state;
  const text = response?.text ?? null;
  if (state.longNumbers) value = writableNumbers(value);
  if (action.output !== null) value = action.output.apply(value);
  // The upstream's text says at little cost that nothing was echoed; only an answer built from several pages has none.
  if (!redaction.empty && (text === null || redaction.occursIn(text) || state.page !== null))
    value = redaction.cleanJson(value);
  if (value !== output.value) state.output = { kind: "json", value };
}

/** Integers beyond 2^53 were read as `bigint`; as raw JSON they are written with all their digits. */
function writableNumbers(value: Json): Json {
  if (typeof value === "bigint") return rawJson(value);
  if ((value as unknown) instanceof Float) return (value as unknown as Float).value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(writableNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, writableNumbers(member as Json)]));
}

const rawJson = (value: bigint): Json => (JSON as unknown as { rawJSON(text: string): Json }).rawJSON(String(value));
