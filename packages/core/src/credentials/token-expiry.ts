import { parseDuration } from "../compile/duration.ts";

/**
 * Reads how long a token lasts from what servers write: seconds as a number or a numeric text, words ("1h", "90 min"), an ISO
 * duration. Answers milliseconds, `undefined` where it says nothing usable. Zero and negative values say "ended already".
 */
export function readLifetime(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value * 1_000 : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const iso = parseDuration(text.toUpperCase());
  if (iso !== undefined) return iso;
  const words = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text);
  const unit = words?.[2] === undefined ? undefined : units.find(([pattern]) => pattern.test(words[2] ?? ""))?.[1];
  return unit === undefined ? undefined : Number(words?.[1]) * unit;
}

const units: ReadonlyArray<readonly [pattern: RegExp, milliseconds: number]> = [
  [/^(ms|millis(econds?)?)$/i, 1],
  [/^(s|secs?|seconds?)$/i, 1_000],
  [/^(m|mins?|minutes?)$/i, 60_000],
  [/^(h|hrs?|hours?)$/i, 3_600_000],
  [/^(d|days?)$/i, 86_400_000],
  [/^(w|weeks?)$/i, 604_800_000],
];

/**
 * Reads the moment at which a token ends: epoch seconds or milliseconds as number or text (told apart by size), ISO 8601,
 * HTTP dates, `/Date(…)/`. Answers milliseconds since the epoch, or `undefined`. A date without zone counts as UTC.
 */
export function readMoment(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? epochOf(value) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return epochOf(Number(text));
  const legacy = /^\/Date\((\d+)/.exec(text);
  if (legacy !== null) return Number(legacy[1]);
  const hasZone = /(?:z|gmt|utc|[+-]\d{2}:?\d{2})$/i.test(text);
  const parsed = Date.parse(hasZone ? text : `${text.replace(" ", "T")}Z`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** A number below 10^11 is seconds (until the year 5138), one above it milliseconds (since 1973). */
function epochOf(value: number): number {
  return value < 100_000_000_000 ? value * 1_000 : value;
}

/** Reads `exp` of an access token that happens to be a JWT; nothing is verified, since only its end is of interest. */
export function readJwtEnd(token: string): number | undefined {
  const payload = token.split(".");
  if (payload.length !== 3) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload[1] ?? "", "base64url").toString("utf8"));
    const exp = claims !== null && typeof claims === "object" ? (claims as { exp?: unknown }).exp : undefined;
    return typeof exp === "number" ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Says how far the server's clock is ahead of ours, in milliseconds, from its `Date` header. Less than 2 s counts as none:
 * the header has whole seconds and the answer was on its way.
 */
export function readClockSkew(dateHeader: string | undefined, receivedAt: number): number {
  const theirs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
  const skew = theirs - receivedAt;
  return Number.isNaN(skew) || Math.abs(skew) < 2_000 ? 0 : skew;
}
