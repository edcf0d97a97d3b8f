import type { TokenSet } from "./token-set.ts";

/** When a token is renewed, in milliseconds and as parts of its lifetime; the smaller of both counts. An infinite part never does. */
export interface RefreshMargins {
  /** From here on a call renews in the background and still uses the old token. Default 5 min and two fifths. */
  readonly softMs: number;
  readonly softShare: number;
  /** From here on a call waits for the new token. Default 30 s and a fifth: the clock may be off and the call takes time. */
  readonly hardMs: number;
  readonly hardShare: number;
}

/** Margins for tokens of any lifetime. */
export const defaultMargins: RefreshMargins = Object.freeze({
  softMs: 300_000,
  softShare: 0.4,
  hardMs: 30_000,
  hardShare: 0.2,
});

/**
 * Margins of imported connectors: their source keeps a token for all of its life but 60 s, so that one of a minute serves one
 * call, and asks for nothing behind a call.
 */
export const importedMargins: RefreshMargins = Object.freeze({
  softMs: 0,
  softShare: 0,
  hardMs: 60_000,
  hardShare: Number.POSITIVE_INFINITY,
});

/** Says when a token counts as stale (`softAt`) and as expired (`hardAt`); infinite when its end is not known. */
export function refreshTimes(
  tokens: TokenSet,
  margins: RefreshMargins,
  random: number,
): { readonly softAt: number; readonly hardAt: number } {
  if (tokens.expiresAt === null) return { softAt: Number.POSITIVE_INFINITY, hardAt: Number.POSITIVE_INFINITY };
  const lifetime = Math.max(0, tokens.expiresAt - tokens.obtainedAt);
  const hard = Number.isFinite(margins.hardShare)
    ? Math.min(margins.hardMs, lifetime * margins.hardShare)
    : margins.hardMs;
  // Jitter of a quarter each way, so that replicas and connections of one moment do not renew at one moment.
  const soft = Math.max(hard, Math.min(margins.softMs, lifetime * margins.softShare) * (0.75 + random / 2));
  return { softAt: tokens.expiresAt - soft, hardAt: tokens.expiresAt - hard };
}

/** How long to wait after the n-th failure in a row, counted from 1: full jitter under a doubling cap. */
export function backoffMs(failures: number, random: number, limits = { firstMs: 1_000, maxMs: 300_000 }): number {
  const cap = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(cap / 2 + (cap / 2) * random);
}
