import { atOnce, type Fields, listCases, type Step, twice } from "./cache-case.ts";

const cc = (value: string, ...more: Fields): Fields => [["Cache-Control", value], ...more];

const notBrowser = "Rules for a browser's own cache; this one is shared.";

/** Freshness by Cache-Control. */
export const freshnessCases = listCases("cc-freshness", [
  ["choice", "nothing said and no validator: not reused", twice([], "anew")],
  ["optimal", "max-age", twice(cc("max-age=3600"), "kept")],
  ["required", "max-age that has ended", twice(cc("max-age=2"), "anew")],
  ["required", "max-age=0", twice(cc("max-age=0"), "anew")],
  ["optimal", "max-age of 31 bits", twice(cc("max-age=2147483647"), "kept")],
  ["optimal", "max-age of one more", twice(cc("max-age=2147483648"), "kept")],
  ["optimal", "max-age of two more", twice(cc("max-age=2147483649"), "kept")],
  ["optimal", "max-age beyond 32 bits", twice(cc("max-age=99999999999"), "kept")],
  ["required", "Age above max-age", twice(cc("max-age=3600", ["Date", 0], ["Age", "7200"]), "anew")],
  ["choice", "a Date further back than max-age", twice(cc("max-age=3600", ["Date", -7200]), "anew")],
  [
    "optimal",
    "max-age over an Expires that is past",
    twice(cc("max-age=3600", ["Expires", -7200], ["Date", 0]), "kept"),
  ],
  [
    "optimal",
    "max-age over an Expires that is no date",
    twice(cc("max-age=3600", ["Expires", "0"], ["Date", 0]), "kept"),
  ],
  ["required", "max-age=0 over a future Expires", twice(cc("max-age=0", ["Expires", 3600], ["Date", 0]), "anew")],
  ["optimal", "max-age beside an unknown directive", twice(cc("foobar, max-age=3600"), "kept")],
  ["optimal", "max-age in any case of letters", twice(cc("MaX-aGe=3600"), "kept")],
  ["required", "negative max-age", twice(cc("max-age=-3600"), "anew")],
  ["required", "a private cache ignores s-maxage", twice(cc("s-maxage=3600, max-age=1"), "anew"), notBrowser],
  [
    "required",
    "a private cache ignores s-maxage in a field of its own",
    twice(cc("s-maxage=3600", ["Cache-Control", "max-age=1"]), "anew"),
    notBrowser,
  ],
  ["optimal", "s-maxage", twice(cc("s-maxage=3600"), "kept")],
  ["required", "a short s-maxage over max-age", twice(cc("max-age=3600, s-maxage=1"), "anew")],
  ["required", "the same in the other order", twice(cc("s-maxage=1, max-age=3600"), "anew")],
  ["required", "the same in two fields", twice(cc("max-age=3600", ["Cache-Control", "s-maxage=1"]), "anew")],
  ["optimal", "a long s-maxage over max-age", twice(cc("max-age=1, s-maxage=3600"), "kept")],
  [
    "optimal",
    "s-maxage over max-age=0 and a past Expires",
    twice(cc("max-age=0, s-maxage=3600", ["Expires", -10]), "kept"),
  ],
]);

const firstCounts = "RFC 9111 section 4.2.1: the first of a repeated directive counts, or the answer is stale.";
const noNumber = "RFC 9111 section 4.2.1 encourages to take invalid freshness for stale.";

/** How Cache-Control is read. */
export const directiveCases = listCases("cc-parse", [
  ["choice", "max-age twice, the first longer", twice(cc("max-age=1800, max-age=1"), "kept")],
  ["choice", "the same in two fields", twice(cc("max-age=1800", ["Cache-Control", "max-age=1"]), "kept")],
  ["choice", "max-age twice, the second longer", twice(cc("max-age=1, max-age=1800"), "kept"), firstCounts],
  ["choice", "that in two fields", twice(cc("max-age=1", ["Cache-Control", "max-age=1800"]), "kept"), firstCounts],
  ["choice", "a quoted number", twice(cc('max-age="3600"'), "kept")],
  ["required", "max-age in another's quotes, before", twice(cc('extension="max-age=3600", max-age=1'), "anew")],
  ["required", "max-age in another's quotes, after", twice(cc('max-age=1, extension="max-age=3600"'), "anew")],
  ["choice", "a space before the equals sign", twice(cc("max-age =3600"), "anew")],
  ["choice", "a space after it", twice(cc("max-age= 3600"), "anew")],
  ["required", "leading zeros", twice(cc("max-age=003600"), "kept")],
  ["required", "single quotes are none", twice(cc("max-age='3600'"), "anew")],
  ["choice", "3600.0", twice(cc("max-age=3600.0"), "kept"), noNumber],
  ["choice", "3600.5", twice(cc("max-age=3600.5"), "kept"), noNumber],
  ["choice", "a letter before", twice(cc("max-age=a3600"), "kept"), noNumber],
  ["choice", "a letter after", twice(cc("max-age=3600a"), "kept"), noNumber],
]);

const aged = (...ages: readonly string[]): Fields =>
  cc("max-age=3600", ["Date", 0], ...ages.map((age) => ["Age", age] as const));

/** How Age is read. */
export const ageCases = listCases("age-parse", [
  ["required", "no number", twice(aged("abc"), "kept")],
  ["required", "negative", twice(aged("-7200"), "kept")],
  ["required", "a decimal", twice(aged("7200.0"), "kept")],
  ["required", "31 bits", twice(aged("2147483647"), "anew")],
  ["required", "one more", twice(aged("2147483648"), "anew")],
  ["required", "two more", twice(aged("2147483649"), "anew")],
  ["required", "old, then zero, in one field", twice(aged("7200, 0"), "anew")],
  ["required", "zero, then old, in one field", twice(aged("0, 7200"), "kept")],
  ["required", "old, then zero, in two fields", twice(aged("7200", "0"), "anew")],
  ["required", "zero, then old, in two fields", twice(aged("0", "7200"), "kept")],
  ["required", "zero twice in one field", twice(aged("0, 0"), "kept")],
  ["required", "zero twice in two fields", twice(aged("0", "0"), "kept")],
  ["required", "not yet old, twice", twice(cc("max-age=10000", ["Date", 0], ["Age", "3600"], ["Age", "3600"]), "kept")],
  ["choice", "a parameter of letters", twice(aged("7200;foo=bar"), "anew")],
  ["choice", "a parameter of digits", twice(aged("7200;foo=111"), "anew")],
]);

/** Freshness by Expires. */
export const expiresCases = listCases("expires-freshness", [
  [
    "optimal",
    "in the future",
    twice(
      [
        ["Expires", 2_592_000],
        ["Date", 0],
      ],
      "kept",
    ),
  ],
  [
    "required",
    "in the past",
    twice(
      [
        ["Expires", -2_592_000],
        ["Date", 0],
      ],
      "anew",
    ),
  ],
  [
    "required",
    "now",
    atOnce(
      [
        ["Expires", 0],
        ["Date", 0],
      ],
      "anew",
    ),
  ],
  [
    "required",
    "before a Date that is itself ahead",
    twice(
      [
        ["Expires", 300],
        ["Date", 400],
      ],
      "anew",
    ),
  ],
  [
    "required",
    "0",
    twice(
      [
        ["Expires", "0"],
        ["Date", 0],
      ],
      "anew",
    ),
  ],
  [
    "optimal",
    "beside a Date that is none",
    atOnce(
      [
        ["Date", "foo"],
        ["Expires", 10],
      ],
      "kept",
    ),
  ],
  [
    "required",
    "Age above it, the Date late",
    atOnce(
      [
        ["Date", -10],
        ["Expires", 10],
        ["Age", "25"],
      ],
      "anew",
    ),
  ],
  [
    "required",
    "Age above it, the Date ahead",
    atOnce(
      [
        ["Date", 10],
        ["Expires", 20],
        ["Age", "15"],
      ],
      "anew",
    ),
  ],
]);

const until = (...dates: readonly string[]): Fields => [
  ...dates.map((date) => ["Expires", date] as const),
  ["Date", 0] as const,
];

/** How Expires is read. */
export const expiresParseCases = listCases("expires-parse", [
  ["optimal", "at the end of 32 bits", twice(until("Tue, 19 Jan 2038 14:14:08 GMT"), "kept")],
  ["optimal", "centuries ahead", twice(until("Sun, 21 Nov 2286 04:46:39 GMT"), "kept")],
  ["optimal", "the form of RFC 850", twice(until("Thursday, 18-Aug-50 02:01:18 GMT"), "kept")],
  ["optimal", "the form of asctime", twice(until("Thu Aug  8 02:01:18 2050"), "kept")],
  ["optimal", "a weekday in capitals", twice(until("THU, 18 Aug 2050 02:01:18 GMT"), "kept")],
  ["optimal", "a month in capitals", twice(until("Thu, 18 AUG 2050 02:01:18 GMT"), "kept")],
  ["optimal", "a zone in mixed case", twice(until("Thu, 18 Aug 2050 02:01:18 gMT"), "kept")],
  ["required", "UTC for GMT", twice(until("Thu, 18 Aug 2050 02:01:18 UTC"), "anew")],
  ["required", "another zone", twice(until("Thu, 18 Aug 2050 02:01:18 AEST"), "anew")],
  ["required", "a year of two digits", twice(until("Thu, 18 Aug 50 02:01:18 GMT"), "anew")],
  ["required", "no comma", twice(until("Thu 18 Aug 2050 02:01:18 GMT"), "anew")],
  ["required", "several spaces", atOnce(until("Thu, 18  Aug  2050 02:01:18 GMT"), "anew")],
  ["required", "dashes with four digits", atOnce(until("Thu, 18-Aug-2050 02:01:18 GMT"), "anew")],
  ["required", "a time with full stops", atOnce(until("Thu, 18 Aug 2050 02.01.18 GMT"), "anew")],
  ["required", "an hour of one digit", atOnce(until("Thu, 18 Aug 2050 2:01:18 GMT"), "anew")],
  ["required", "two fields", atOnce(until("Thu, 18 Aug 2050 2:01:18 GMT", "Thu, 18 Aug 2050 2:01:19 GMT"), "anew")],
]);

const lifetimes = [5, 10, 30, 60, 300, 600, 1_200, 1_800, 3_600, 43_200, 86_400];
const short = "A tenth of the time since the last change, as RFC 9111 section 4.2.2 suggests, has passed by then.";

const guess = (status: number, from: "kept" | "anew", body: string | undefined, ...more: Fields): readonly Step[] => [
  {
    answer: {
      status,
      headers: [["Last-Modified", -86_400], ["Date", 0], ...more] as Fields,
      ...(body !== undefined && { body }),
    },
  },
  { answer: { status, ...(body !== undefined && { body }) }, expect: { from } },
];

/** Freshness that nobody stated. */
export const heuristicCases = listCases("heuristic-freshness", [
  ...[200, 203, 204, 404, 405, 410, 414, 501].map(
    (status) => ["optimal", `${status} is guessed at`, guess(status, "kept", status === 204 ? "" : undefined)] as const,
  ),
  ...[201, 202, 403, 502, 503, 504, 599].map(
    (status) => ["required", `${status} is not`, guess(status, "anew", undefined)] as const,
  ),
  ["optimal", "599 that says public is", guess(599, "kept", undefined, ["Cache-Control", "public"])],
  ...lifetimes.map(
    (seconds) =>
      [
        "choice",
        `changed ${seconds} seconds ago`,
        twice(
          [
            ["Last-Modified", -seconds],
            ["Date", 0],
          ],
          "kept",
        ),
        seconds <= 30 ? short : undefined,
      ] as const,
  ),
]);
