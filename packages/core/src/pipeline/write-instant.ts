let second = Number.NaN;
let prefix = "";

/** Writes a point in time as ISO 8601 in UTC, as `Date.prototype.toISOString` does. The part up to the second is kept. */
export function writeInstant(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  if (whole !== second) {
    second = whole;
    prefix = new Date(whole * 1000).toISOString().slice(0, -4);
  }
  return `${prefix}${String(milliseconds - whole * 1000).padStart(3, "0")}Z`;
}
