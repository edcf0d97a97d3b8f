import type { DecodeSettings } from "../compile/compiled-connector.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** What a body was decoded to. */
export type DecodedBody = Pick<UpstreamResponse, "text" | "body" | "jsonText"> & { readonly longNumbers: boolean };

/** Longest text, in characters, that is kept decoded: the values of a text take several times its size. */
const MAX_KEPT = 64 * 1024;

interface KeptBody {
  /** By identity: an action has one object for its settings. */
  readonly settings: DecodeSettings | null;
  readonly decoded: DecodedBody;
}

const kept = new WeakMap<Uint8Array, KeptBody>();

/** Finds what bytes of the cache were decoded to at an earlier hit. */
export function recallBody(bytes: Uint8Array, settings: DecodeSettings | null): DecodedBody | undefined {
  const found = kept.get(bytes);
  return found !== undefined && found.settings === settings ? found.decoded : undefined;
}

/**
 * Keeps what bytes were decoded to for as long as the cache has the bytes. The values are frozen: every caller that may have the
 * answer gets the same ones.
 */
export function keepBody(bytes: Uint8Array, settings: DecodeSettings | null, decoded: DecodedBody): void {
  if ((decoded.text?.length ?? 0) > MAX_KEPT) return;
  freezeAll(decoded.body);
  kept.set(bytes, { settings, decoded });
}

function freezeAll(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeAll(member);
}
