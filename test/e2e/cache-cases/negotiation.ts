import { brief, type Expectation, type Fields, fresh, listCases, type Step } from "./cache-case.ts";

const varying = (...names: readonly string[]): Fields => [
  ["Cache-Control", "max-age=5000"],
  ["Last-Modified", -3_000],
  ["Date", 0],
  ...names.map((name) => ["Vary", name] as const),
];

/** A first request with some fields, and a second with others. */
const select = (
  vary: string,
  first: Fields,
  second: Fields,
  from: Expectation["from"],
  more: Fields = [],
): readonly Step[] => [
  // The upstream's Vary goes out as it came: a service's answer does not vary by origin.
  { ask: { headers: first }, answer: { headers: [...varying(vary), ...more] }, expect: { headers: [["Vary", vary]] } },
  { ask: { headers: second }, expect: { from } },
];

const foo: Fields = [["Foo", "1"]];
const two: Fields = [...foo, ["Bar", "abc"]];
const three: Fields = [...two, ["Baz", "789"]];
const language = (value: string): Fields => [["Accept-Language", value]];

/** Selection by Vary. */
export const varyCases = listCases("vary", [
  ["optimal", "the same value", select("Foo", foo, foo, "kept")],
  ["required", "another value", select("Foo", foo, [["Foo", "2"]], "anew")],
  ["required", "absent at first", select("Foo", [], foo, "anew")],
  ["required", "absent now", select("Foo", foo, [], "anew")],
  [
    "optimal",
    "two variants beside each other",
    [
      { ask: { headers: foo }, answer: { headers: varying("Foo"), body: "first" } },
      {
        ask: { headers: [["Foo", "2"]] },
        answer: { headers: varying("Foo"), body: "second" },
        expect: { from: "anew" },
      },
      { ask: { headers: foo }, expect: { from: "kept", text: "first" } },
    ],
  ],
  [
    "optimal",
    "a field that Vary does not name and the connector does not send",
    select("Foo", [...foo, ["Other", "2"]], [...foo, ["Other", "3"]], "kept"),
  ],
  [
    "optimal",
    "a field that Vary does not name and the connector sends",
    select("Foo", [...foo, ["Bar", "2"]], [...foo, ["Bar", "3"]], "kept"),
    "The key is made of everything that shaped the request: few upstreams name in Vary what their answers depend on.",
  ],
  ["optimal", "two fields, the same", select("Foo, Bar", two, two, "kept")],
  [
    "required",
    "two fields, one differs",
    select(
      "Foo, Bar",
      two,
      [
        ["Foo", "2"],
        ["Bar", "abc"],
      ],
      "anew",
    ),
  ],
  ["required", "two fields, both absent now", select("Foo, Bar", two, [], "anew")],
  ["optimal", "three fields, the same", select("Foo, Bar, Baz", three, three, "kept")],
  [
    "required",
    "three fields, one differs",
    select(
      "Foo, Bar, Baz",
      three,
      [
        ["Foo", "2"],
        ["Bar", "abc"],
        ["Baz", "789"],
      ],
      "anew",
    ),
  ],
  [
    "required",
    "three fields in another order, one differs",
    select(
      "Foo, Bar, Baz",
      three,
      [
        ["Foo", "1"],
        ["Baz", "789"],
        ["Bar", "abcde"],
      ],
      "anew",
    ),
  ],
  [
    "optimal",
    "three fields, one absent both times",
    select(
      "Foo, Bar, Baz",
      [
        ["Foo", "1"],
        ["Baz", "789"],
      ],
      [
        ["Foo", "1"],
        ["Baz", "789"],
      ],
      "kept",
    ),
  ],
  ["required", "a star", select("*", three, three, "anew")],
  [
    "optimal",
    "one field or two of the name",
    select(
      "Foo",
      [["Foo", "1, 2"]],
      [
        ["Foo", "1"],
        ["Foo", "2"],
      ],
      "kept",
    ),
  ],
  ["optimal", "languages in another order", select("Accept-Language", language("en, de"), language("de, en"), "kept")],
  ["optimal", "languages in capitals", select("Accept-Language", language("en, de"), language("eN, De"), "kept")],
  [
    "optimal",
    "languages with more space",
    select("Accept-Language", language("en, de"), language(" en ,   de"), "kept"),
  ],
  [
    "optimal",
    "the language that the caller prefers of those kept",
    select("Accept-Language", language("en, de"), language("fr;q=0.5, de;q=1.0"), "kept", [["Content-Language", "de"]]),
    "Which languages the upstream has, and how it would choose, is not known here.",
  ],
  [
    "optimal",
    "space in a list of an unknown field",
    select("Foo", [["Foo", "1,2"]], [["Foo", " 1, 2 "]], "kept"),
    "An unknown field may be text in which a space counts; a search for one must not get the answer to the other.",
  ],
]);

const named = (...lines: readonly string[]): readonly Step[] => [
  {
    ask: {
      headers: [
        ["Foo", "1"],
        ["Baz", "789"],
      ],
    },
    answer: { headers: [...varying(), ...lines.map((line) => ["Vary", line] as const)] },
  },
  {
    ask: {
      headers: [
        ["Foo", "1"],
        ["Baz", "789"],
      ],
    },
    expect: { from: "anew" },
  },
];

/** How Vary is read. */
export const varyParseCases = listCases("vary-parse", [
  ["required", "a star", named("*")],
  ["required", "two stars", named("*, *")],
  ["required", "two stars in two fields", named("*", "*")],
  ["required", "nothing and a star", named(", *")],
  ["required", "nothing and a star in two fields", named("", "*")],
  ["required", "a star before a name", named("*, Foo")],
  ["required", "a star after a name", named("Foo, *")],
]);

const holding = (etag: string, condition: string, expect: Expectation = {}): readonly Step[] => [
  { answer: { headers: [...fresh, ["ETag", etag]] }, wait: 3 },
  { ask: { headers: [["If-None-Match", condition]] }, expect: { from: "kept", status: 304, ...expect } },
];
const confirmed = (etag: string, sent = etag): readonly Step[] => [
  { answer: { headers: [...brief, ["ETag", etag]] }, wait: 3 },
  { expect: { from: "etag", sent: [["If-None-Match", sent]] } },
];
const notForwarded =
  "What the connector does not declare is not sent. The answer is fetched whole, for everybody, and the caller's condition is met here.";
const malformed = "Two tags that are malformed are equal if they are the same text; this is not.";

/** Entity tags. */
export const etagCases = listCases("conditional-etag", [
  ["optimal", "304 for a strong tag", holding('"abcdef"', '"abcdef"')],
  ["required", "the 304 has the tag", holding('"abcdef"', '"abcdef"', { headers: [["ETag", '"abcdef"']] })],
  [
    "required",
    "the tag before the date",
    [
      {
        answer: { headers: [...fresh.slice(0, 2), ["Date", 0], ["Last-Modified", -5_000], ["ETag", '"abcdef"']] },
        wait: 3,
      },
      {
        ask: {
          headers: [
            ["If-None-Match", '"abcdef"'],
            ["If-Modified-Since", -10_000],
          ],
        },
        expect: { from: "kept", status: 304 },
      },
    ],
  ],
  [
    "choice",
    "a tag beyond ASCII",
    holding('"abcdef\u00fc"', '"abcdef\u00fc"', { headers: [["ETag", '"abcdef\u00fc"']] }),
  ],
  ["choice", "a condition without quotes", holding('"abcdef"', "abcdef")],
  ["choice", "neither with quotes", holding("abcdef", "abcdef")],
  ["choice", "a tag without quotes", holding("abcdef", '"abcdef"')],
  ["optimal", "a weak tag", holding('W/"abcdef"', 'W/"abcdef"')],
  ["choice", "a small letter for weak", holding('w/"abcdef"', 'w/"abcdef"')],
  ["choice", "a backslash for weak", holding('W\\"abcdef"', 'W\\"abcdef"')],
  ["choice", "weak without a slash", holding('W"abcdef"', 'W"abcdef"')],
  ["optimal", "the first of several", holding('"abcdef"', '"abcdef", "1234", "5678"')],
  ["optimal", "one amid several", holding('"abcdef"', '"1234", "abcdef", "5678"')],
  ["optimal", "the last of several", holding('"abcdef"', '"1234", "5678", "abcdef"')],
  [
    "required",
    "a confirmation is asked for with the fields that Vary names",
    [
      {
        ask: { headers: [["Foo", "123"]] },
        answer: {
          headers: [
            ["Expires", 1],
            ["ETag", '"abcdef"'],
            ["Date", 0],
            ["Vary", "Foo"],
          ],
        },
        wait: 3,
      },
      { ask: { headers: [["Foo", "123"]] }, expect: { from: "etag", sent: [["Foo", "123"]] } },
    ],
  ],
  [
    "choice",
    "no confirmation for another variant",
    [
      {
        ask: { headers: [["Foo", "123"]] },
        answer: {
          headers: [
            ["Expires", 10_000],
            ["ETag", '"abcdef"'],
            ["Date", 0],
            ["Vary", "Foo"],
          ],
        },
        wait: 3,
      },
      { ask: { headers: [["Foo", "456"]] }, expect: { from: "anew", notSent: ["If-None-Match"] } },
    ],
  ],
  ["optimal", "a strong tag is asked about", confirmed('"abcdef"')],
  ["optimal", "a weak tag is asked about", confirmed('W/"abcdef"')],
  ["choice", "a tag without quotes is asked about with them", confirmed("abcdef", '"abcdef"'), malformed],
  [
    "choice",
    "a caller's condition is sent on when nothing is kept",
    [{ ask: { headers: [["If-None-Match", '"abcdef"']] }, expect: { sent: [["If-None-Match", '"abcdef"']] } }],
    notForwarded,
  ],
  [
    "choice",
    "and gets its quotes",
    [{ ask: { headers: [["If-None-Match", "abcdef"]] }, expect: { sent: [["If-None-Match", '"abcdef"']] } }],
    notForwarded,
  ],
]);

const since = (kept: Fields, moment: string | number, from: "kept" | "date" = "kept"): readonly Step[] => [
  { answer: { headers: kept }, wait: 3 },
  { ask: { headers: [["If-Modified-Since", moment]] }, expect: { from, status: 304 } },
];
const changed = (cacheControl: string): Fields => [
  ["Cache-Control", cacheControl],
  ["Last-Modified", -3_000],
  ["Date", 0],
];

/** A moment in the form of RFC 850. */
function writeRfc850(seconds: number): string {
  const moment = new Date(Date.now() + seconds * 1_000);
  const weekday = moment.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
  const [, day, month, year = "", time] = moment.toUTCString().split(" ");
  return `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
}

/** Dates of change. */
export const modifiedCases = listCases("conditional-lm", [
  // The date of the last change is that of the first step: some seconds after it the condition is still met.
  ["optimal", "304 for the date itself", since(changed("max-age=100000"), -3_000)],
  ["optimal", "304 for a later date", since(changed("max-age=100000"), -2_000)],
  ["optimal", "304 after a confirmation", since(changed("max-age=2"), -3_000, "date")],
  [
    "optimal",
    "304 for a time before an answer without a date of change",
    since(
      [
        ["Cache-Control", "max-age=10000"],
        ["Date", 0],
      ],
      -3_000,
    ),
    "RFC 9111 section 4.3.2: the answer's own Date counts then, and it is later, so the caller may have something older.",
  ],
  ["optimal", "a condition in the form of RFC 850", since(changed("max-age=10000"), writeRfc850(-2_900))],
]);
