/** Larger than this, a number is a point in time and no number of seconds: ten years. */
const EPOCH_FROM = 315_360_000;
/** Larger than this, it counts milliseconds. */
const EPOCH_MILLISECONDS_FROM = 100_000_000_000;

/**
 * Reads when to try again, as milliseconds from `now`: seconds, an HTTP date, ISO 8601, or seconds or milliseconds since
 * the epoch. Null if it is none of them; never negative.
 */
export function readMoment(text: string, now: number): number | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const number = Number(trimmed);
  if (Number.isFinite(number)) {
    if (number < EPOCH_FROM) return Math.max(0, number * 1000);
    return Math.max(0, (number < EPOCH_MILLISECONDS_FROM ? number * 1000 : number) - now);
  }
  const moment = Date.parse(trimmed);
  return Number.isNaN(moment) ? null : Math.max(0, moment - now);
}
