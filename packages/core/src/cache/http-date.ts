const months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
const monthNames = months.split("|");
const time = "([0-2]\\d):([0-5]\\d):([0-6]\\d)";

/** The three forms of RFC 9110 section 5.6.7, each with its groups in the order day, month, year, hour, minute, second. */
const imf = new RegExp(`^(?:mon|tue|wed|thu|fri|sat|sun), (\\d\\d) (${months}) (\\d{4}) ${time} gmt$`, "i");
const rfc850 = new RegExp(
  `^(?:mon|tues|wednes|thurs|fri|satur|sun)day, (\\d\\d)-(${months})-(\\d\\d) ${time} gmt$`,
  "i",
);
const asctime = new RegExp(`^(?:mon|tue|wed|thu|fri|sat|sun) (${months}) ([ \\d]\\d) ${time} (\\d{4})$`, "i");

/**
 * Reads an HTTP-date as epoch milliseconds; `undefined` for anything else, because what is no date counts as past
 * (RFC 9111 section 5.3) where `Date.parse` would guess at one. Letters may have any case.
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const plain = imf.exec(trimmed);
  if (plain !== null) return toMoment(plain[1], plain[2], Number(plain[3]), plain.slice(4));
  const dashed = rfc850.exec(trimmed);
  if (dashed !== null) return toMoment(dashed[1], dashed[2], fullYear(Number(dashed[3])), dashed.slice(4));
  const spaced = asctime.exec(trimmed);
  if (spaced !== null) return toMoment(spaced[2], spaced[1], Number(spaced[6]), spaced.slice(3, 6));
  return undefined;
}

/** A year of two digits that would lie more than 50 years ahead is one of the past (RFC 9110 section 5.6.7). */
function fullYear(twoDigits: number): number {
  const thisYear = new Date().getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

function toMoment(
  day: string | undefined,
  month: string | undefined,
  year: number,
  [hour, minute, second]: readonly (string | undefined)[],
): number | undefined {
  const monthIndex = monthNames.indexOf(month?.toLowerCase() ?? "");
  const moment = Date.UTC(year, monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  // The 31st of a month that has 30 days is no date.
  return Number.isNaN(moment) || new Date(moment).getUTCMonth() !== monthIndex ? undefined : moment;
}
