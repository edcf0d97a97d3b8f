import type { DecodeSettings } from "../compile/compiled-connector.ts";
import type { Json } from "../ports/records.ts";
import type { Redaction } from "./redaction.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

type DecodeKind = NonNullable<DecodeSettings["type"]> | "guess";

/** Formats that spell a value in more ways than the forms of a secret cover: they are searched value by value. */
const RESPELLED: ReadonlySet<DecodeKind> = new Set(["xml", "csv", "form"]);

/**
 * Replaces secrets of the call that the upstream echoed in a decoded answer, before any template sees it: what a template has
 * turned around, cut or encoded could not be found by its value any more. Looking at the text says at little cost that there
 * is nothing to do, which is nearly always so.
 */
export function cleanAnswer(redaction: Redaction, response: UpstreamResponse, kind: DecodeKind): void {
  const { text } = response;
  if (text === null || text === "" || redaction.empty) return;
  const found = redaction.occursIn(text);
  if (!found && !RESPELLED.has(kind)) return;
  response.jsonText = null;
  response.body = redaction.cleanJson(response.body as Json);
  if (found) response.text = redaction.clean(text);
}
