import type { DecodeSettings } from "../compile/compiled-connector.ts";
import type { Redaction } from "./redaction.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** What a body was decoded to. */
export type DecodedBody = Pick<UpstreamResponse, "text" | "body" | "jsonText"> & {
  readonly kind: NonNullable<DecodeSettings["type"]> | "guess";
  readonly longNumbers: boolean;
};

/** Longest text, in characters, that is kept decoded: the values of a text take several times its size. */
const MAX_KEPT = 64 * 1024;

/** A body of the cache that was decoded at an earlier hit. */
export interface KeptBody {
  /** By identity: an action has one object for its settings. */
  readonly settings: DecodeSettings | null;
  readonly decoded: DecodedBody;
  /** The secrets that were last looked for in vain. */
  searched: Redaction | null;
}

/** Characters of all texts of one generation: the cache's own budget counts bytes, not what they were decoded to. */
const MAX_GENERATION = 8 * 1024 * 1024;

/** What was used lately, and what was used before that and goes next: at most two generations are kept. */
let recent = new WeakMap<Uint8Array, KeptBody>();
let former = new WeakMap<Uint8Array, KeptBody>();
let recentSize = 0;

/** Finds what bytes of the cache were decoded to at an earlier hit. */
export function recallBody(bytes: Uint8Array, settings: DecodeSettings | null): KeptBody | undefined {
  const present = recent.get(bytes);
  const found = present ?? former.get(bytes);
  if (found === undefined || found.settings !== settings) return undefined;
  if (present === undefined) put(bytes, found);
  return found;
}

/**
 * Keeps what bytes were decoded to while they are in use, and no longer than the cache has the bytes. The values are frozen: every
 * caller that may have the answer gets the same ones.
 */
export function keepBody(bytes: Uint8Array, settings: DecodeSettings | null, decoded: DecodedBody): void {
  if ((decoded.text?.length ?? 0) > MAX_KEPT) return;
  freezeAll(decoded.body);
  put(bytes, { settings, decoded, searched: null });
}

function put(bytes: Uint8Array, body: KeptBody): void {
  recentSize += body.decoded.text?.length ?? 0;
  if (recentSize > MAX_GENERATION) {
    former = recent;
    recent = new WeakMap();
    recentSize = body.decoded.text?.length ?? 0;
  }
  recent.set(bytes, body);
}

function freezeAll(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeAll(member);
}
