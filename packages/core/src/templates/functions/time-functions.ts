import { type HostCallable, TemplateError } from "@junctor/jinja";
import { DateTime, type DurationLikeObject } from "luxon";
import { type Arguments, describe, readArgument, readNumber, readText } from "./arguments.ts";

/** The part of the call's state that tells the time. */
interface Clock {
  readonly now: () => number;
}

function currentTime(host: unknown): number {
  return isClock(host) ? host.now() : Date.now();
}

function isClock(host: unknown): host is Clock {
  return typeof host === "object" && host !== null && "now" in host && typeof host.now === "function";
}

/** Gives the time as whole Unix seconds, moved by `offset` seconds. */
const now: HostCallable = {
  call: (args, named, { host }) => Math.floor(currentTime(host) / 1000) + readNumber({ args, named }, 0, "offset", 0),
};

const LARGEST_TEXT = 200;
const UNITS = ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"] as const;

function valid(time: DateTime, what: string): DateTime {
  if (time.isValid) return time;
  throw new TemplateError("ValueError", `${what}: ${time.invalidExplanation ?? time.invalidReason ?? "no valid time"}`);
}

/** Reads a time: Unix seconds (also with a fraction), or text in ISO 8601, RFC 2822, HTTP or the given format. */
function readTime(value: unknown, zone: string, format: string | undefined, what: string): DateTime {
  if (typeof value === "number") return valid(DateTime.fromSeconds(value, { zone }), what);
  if (typeof value !== "string")
    throw new TemplateError("TypeError", `${what} needs a time as text or number, not ${describe(value)}`);
  if (value.length > LARGEST_TEXT) throw new TemplateError("ValueError", `${what}: the text is too long to be a time`);
  if (format !== undefined) return valid(DateTime.fromFormat(value, format, { zone, locale: "en" }), what);
  const candidates = [
    DateTime.fromISO(value, { zone, setZone: false }),
    DateTime.fromRFC2822(value, { zone }),
    DateTime.fromHTTP(value, { zone }),
  ];
  return valid(candidates.find((candidate) => candidate.isValid) ?? (candidates[0] as DateTime), what);
}

function readFormat(given: Arguments, index: number, name = "format"): string | undefined {
  const value = readArgument(given, index, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value.length <= LARGEST_TEXT) return value;
  throw new TemplateError("TypeError", `${name} must be a text of at most ${LARGEST_TEXT} characters`);
}

const iso = (time: DateTime): string => time.toISO({ suppressMilliseconds: true }) as string;

/** Reads a time in a format of Luxon's tokens (`dd.LL.yyyy HH:mm`) and gives it as ISO 8601 in the same zone. */
const parseDate: HostCallable = {
  budget: { steps: 300, inputBytes: 1000 },
  call: ([value, ...args], named) => {
    const given = { args, named };
    return iso(readTime(value, readText(given, 1, "zone", "utc"), readFormat(given, 0), "parse_date"));
  },
};

/** Writes a time in a format of Luxon's tokens, or as ISO 8601, in a time zone: `t | format_date('yyyy-LL-dd', 'Europe/Berlin')`. */
const formatDate: HostCallable = {
  budget: { steps: 300, inputBytes: 1000 },
  call: ([value, ...args], named) => {
    const given = { args, named };
    const time = readTime(value, readText(given, 1, "zone", "utc"), undefined, "format_date");
    const format = readFormat(given, 0);
    const locale = readText(given, 2, "locale", "en");
    return format === undefined ? iso(time) : time.toFormat(format, { locale });
  },
};

/** Moves a time: `t | date_add(days=1, hours=-2, zone='Europe/Berlin')`; calendar units respect the zone. */
const dateAdd: HostCallable = {
  budget: { steps: 300, inputBytes: 1000 },
  call: ([value, ...args], named) => {
    const duration: DurationLikeObject = {};
    for (const name of Object.keys(named)) {
      const unit = UNITS.find((word) => word === name);
      if (unit !== undefined) duration[unit] = readNumber({ args: [], named }, 0, unit);
      else if (name !== "zone")
        throw new TemplateError("TypeError", `date_add knows ${UNITS.join(", ")} and zone, not ${name}`);
    }
    if (args.length > 0)
      throw new TemplateError("TypeError", "date_add takes its units by name, as in date_add(days=1)");
    const zone = readText({ args: [], named }, 0, "zone", "utc");
    return iso(valid(readTime(value, zone, undefined, "date_add").plus(duration), "date_add"));
  },
};

/** Gives a time as whole Unix seconds. */
const timestamp: HostCallable = {
  budget: { steps: 300, inputBytes: 1000 },
  call: ([value, ...args], named) => {
    const given = { args, named };
    return Math.floor(
      readTime(value, readText(given, 1, "zone", "utc"), readFormat(given, 0), "timestamp").toSeconds(),
    );
  },
};

/** Filters over times. */
export const TIME_FILTERS: Readonly<Record<string, HostCallable>> = {
  parse_date: parseDate,
  format_date: formatDate,
  date_add: dateAdd,
  timestamp,
};

/** Functions that tell the time. */
export const TIME_FUNCTIONS: Readonly<Record<string, HostCallable>> = { now };
