/**
 * Stage *filter*: what leaves. The rules of `response.filter` take out records and fields, and members that the output
 * schema does not declare are removed where it closes an object. Runs on every answer, cached ones included. Secrets that the
 * upstream echoed are gone since *decode*; text, and what was put together from several answers, is looked at once more. A
 * streamed answer passes as it is: it is never held whole, and its action says so.
 */
import { Float } from "@junctor/jinja";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { CallState } from "./call-state.ts";
import { filterRecords } from "./filter-records.ts";
import { responseRoot } from "./response-root.ts";

export function filterOutput(state: CallState): void {
  applyRules(state);
  const { output, action, redaction } = state;
  if (output === null || output.kind === "passed" || output.kind === "binary") return;
  if (output.kind === "text") {
    if (redaction.occursIn(output.text)) state.output = { ...output, text: redaction.clean(output.text) };
    return;
  }
  let { value } = output;
  if (value === undefined) return;
  if (state.longNumbers) value = writableNumbers(value);
  if (action.output !== null) value = action.output.apply(value);
  const isComposed = state.page !== null || state.response === null;
  if (isComposed && !redaction.empty) value = redaction.cleanJson(value);
  if (value !== output.value) state.output = { kind: "json", value };
}

/** Applies `response.filter`. What is no data cannot be filtered, so it does not leave. */
function applyRules(state: CallState): void {
  const { output, action } = state;
  const rules = action.exchange.response.filter;
  if (rules === null || output === null) return;
  const scope = bindRoots(state.closedScope, {
    response: state.response === null ? undefined : responseRoot(state, state.response),
  });
  try {
    if (output.kind === "json") {
      if (output.value === undefined) return;
      state.output = { kind: "json", value: filterRecords(rules, requireData(output.value), scope) };
    } else if (output.kind === "text") {
      const value = filterRecords(rules, requireData(parseData(output.text)), scope);
      state.output = { ...output, text: JSON.stringify(value) };
    } else throw noData();
  } catch (thrown) {
    throw inFilter(thrown);
  }
}

/** A text or number as a whole has no fields: an error page, JSON under another type. */
function requireData(value: Json): Json {
  if (value === null || typeof value === "object") return value;
  throw noData();
}

function parseData(text: string): Json {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw noData();
  }
}

const noData = (): ConnectorError =>
  new ConnectorError("VALUE_REFUSED", "The answer is filtered by fields, and it is no JSON object or list.", {
    stage: "filter",
    hint: 'Say how the answer is read (`"decode": "json"`), or shape it with `response.body`.',
  });

function inFilter(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectorError) || thrown.stage === "filter") return thrown;
  const { code, message, hint, details, status } = thrown;
  return new ConnectorError(code, message, { stage: "filter", details, status, ...(hint !== undefined && { hint }) });
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
