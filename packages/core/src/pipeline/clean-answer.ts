import type { DecodeSettings } from "../compile/compiled-connector.ts";
import type { Json } from "../ports/records.ts";
import { REPLACEMENT, type Redaction } from "./redaction.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

type DecodeKind = NonNullable<DecodeSettings["type"]> | "guess";

/** Formats that spell a value in more ways than the forms of a secret cover: they are searched value by value. */
const RESPELLED: ReadonlySet<DecodeKind> = new Set(["xml", "csv", "form"]);

/**
 * Replaces secrets of the call that the upstream echoed in a decoded answer, before any template sees it: what a template has
 * turned around, cut or encoded could not be found by its value any more. Looking at the text says at little cost that there
 * is nothing to do, which is nearly always so. An answer that was read in a character set of the author's choice is searched
 * as the bytes that it was, too, and replaced as a whole where only they hold a secret. Returns whether it was left as it was
 * for want of any secret in it.
 */
export function cleanAnswer(
  redaction: Redaction,
  response: UpstreamResponse,
  kind: DecodeKind,
  charset: string | null,
): boolean {
  const { text } = response;
  if (text === null || text === "" || redaction.empty) return true;
  const found = redaction.occursIn(text);
  if (charset !== null && !found && isMisread(redaction, response.bytes, text)) {
    Object.assign(response, { text: REPLACEMENT, body: REPLACEMENT, jsonText: null });
    return false;
  }
  if (!found && !RESPELLED.has(kind)) return true;
  response.jsonText = null;
  response.body = redaction.cleanJson(response.body as Json);
  if (found) response.text = redaction.clean(text);
  return false;
}

/** Whether a secret was read as something else: pairs of its characters as the ideographs of UTF-16, in either order. */
function isMisread(redaction: Redaction, bytes: Uint8Array | null, text: string): boolean {
  const units = Buffer.from(text, "utf16le");
  const readings = [Buffer.from(bytes ?? []).toString(), units.toString(), units.swap16().toString()];
  return readings.some((reading) => redaction.occursIn(reading));
}
