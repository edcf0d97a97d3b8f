import { atOnce, brief, ended, type Fields, fresh, listCases, type Step, twice } from "./cache-case.ts";

const browser = "Rules for a reload in a browser; this cache is shared.";
const long: Fields = [
  ["Expires", 10_000],
  ["Date", 0],
];

/** Response directives other than freshness. */
export const responseCases = listCases("cc-response", [
  ["required", "private is not kept for everybody", atOnce([["Cache-Control", "private, max-age=3600"]], "anew")],
  [
    "optimal",
    "private is kept in a private cache",
    atOnce([["Cache-Control", "private, max-age=3600"]], "kept"),
    browser,
  ],
  ["required", "no-store", atOnce([["Cache-Control", "no-store"]], "anew")],
  ["required", "no-store in any case of letters", atOnce([["Cache-Control", "No-StOrE"]], "anew")],
  ["required", "no-store over freshness", atOnce([["Cache-Control", "max-age=10000, no-store"], ...long], "anew")],
  ...["no-store", "no-store, max-age=0"].map(
    (later) =>
      [
        "choice",
        `what is kept is used though the upstream would now say ${later}`,
        [
          { answer: { headers: [["Cache-Control", "max-age=10000"], ...long, ["A", "1"]] }, wait: 3 },
          {
            answer: {
              headers: [
                ["Cache-Control", later],
                ["Date", 0],
                ["A", "2"],
              ],
            },
            wait: 3,
          },
          { expect: { from: "kept", headers: [["A", "1"]] } },
        ] as readonly Step[],
      ] as const,
  ),
  ["required", "no-cache over freshness", atOnce([["Cache-Control", "max-age=10000, no-cache"], ...long], "anew")],
  ["required", "no-cache in any case", atOnce([["Cache-Control", "max-age=10000, No-CaChE"], ...long], "anew")],
  [
    "optimal",
    "no-cache is kept and confirmed",
    atOnce(
      [
        ["Cache-Control", "no-cache"],
        ["ETag", '"abcd"'],
      ],
      "etag",
    ),
  ],
  [
    "optimal",
    "no-cache is confirmed though fresh",
    atOnce([["Cache-Control", "max-age=10000, no-cache"], ...long, ["ETag", '"abcd"']], "etag"),
  ],
  [
    "choice",
    "no-cache that names a field keeps the rest",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", 'no-cache="a"'],
            ["A", "1"],
            ["B", "2"],
            ["Cache-Control", "max-age=3600"],
            ["Date", 0],
          ],
        },
        wait: 3,
      },
      { expect: { from: "kept", headers: [["B", "2"]], missing: ["A"] } },
    ],
  ],
  [
    "choice",
    "no-cache that names several",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", 'no-cache="a, b"'],
            ["A", "1"],
            ["B", "2"],
            ["C", "3"],
            ["Cache-Control", "max-age=3600"],
            ["Date", 0],
          ],
        },
        wait: 3,
      },
      { expect: { from: "kept", headers: [["C", "3"]], missing: ["A", "B"] } },
    ],
  ],
  [
    "optimal",
    "must-revalidate while fresh",
    atOnce(
      [
        ["Cache-Control", "max-age=10000, must-revalidate"],
        ["ETag", '"abcd"'],
      ],
      "kept",
    ),
  ],
  [
    "required",
    "must-revalidate once ended",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=4, must-revalidate"],
            ["ETag", '"abcd"'],
          ],
        },
      },
      { answer: { headers: [["ETag", '"abcd"']] }, expect: { from: "kept" }, wait: 5 },
      { expect: { from: "etag" } },
    ],
  ],
  [
    "optimal",
    "immutable on a reload",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=10000, immutable"],
            ["ETag", '"abcd"'],
          ],
        },
        wait: 3,
      },
      { ask: { headers: [["Cache-Control", "max-age=0"]] }, expect: { from: "kept" } },
    ],
    browser,
  ],
  [
    "required",
    "immutable once ended",
    twice(
      [
        ["Cache-Control", "max-age=2, immutable"],
        ["ETag", '"abcd"'],
      ],
      "etag",
    ),
  ],
]);

const asked = (
  kept: Fields,
  directive: string,
  from: "kept" | "anew" | "etag" | "date",
  wait?: number,
): readonly Step[] => [
  { answer: { headers: kept }, ...(wait !== undefined && { wait }) },
  { ask: { headers: [["Cache-Control", directive]] }, expect: { from } },
];
const hour: Fields = [["Cache-Control", "max-age=3600"]];

/** What a caller asks for. */
export const requestCases = listCases("cc-request", [
  ["choice", "max-age=0", asked(fresh, "max-age=0", "anew", 3)],
  ["choice", "max-age=1", asked(fresh, "max-age=1", "anew", 3)],
  ["choice", "max-age below Age", asked([...hour, ["Age", "1800"]], "max-age=600", "anew")],
  ["choice", "max-stale", asked([["Cache-Control", "max-age=1"]], "max-stale=1000", "kept", 3)],
  [
    "choice",
    "max-stale with an Age",
    asked(
      [
        ["Cache-Control", "max-age=1500"],
        ["Age", "2000"],
      ],
      "max-stale=1000",
      "kept",
    ),
  ],
  ["choice", "min-fresh", asked([["Cache-Control", "max-age=1500"]], "min-fresh=2000", "anew")],
  [
    "choice",
    "min-fresh with an Age",
    asked(
      [
        ["Cache-Control", "max-age=1500"],
        ["Age", "1000"],
      ],
      "min-fresh=1000",
      "anew",
    ),
  ],
  ["choice", "no-cache", asked(hour, "no-cache", "anew")],
  [
    "choice",
    "no-cache confirms by date",
    asked([...hour, ["Last-Modified", -10_000], ["Date", 0]], "no-cache", "date"),
  ],
  ["choice", "no-cache confirms by entity tag", asked([...hour, ["ETag", '"abc"']], "no-cache", "etag")],
  ["choice", "no-store", asked(hour, "no-store", "anew")],
  [
    "choice",
    "only-if-cached with nothing kept",
    [{ ask: { headers: [["Cache-Control", "only-if-cached"]] }, expect: { status: 504 } }],
  ],
]);

const pragma = (kept: Fields, value?: string): readonly Step[] => [
  { answer: { headers: kept } },
  {
    ...(value !== undefined && {
      ask: {
        headers: [
          ["Pragma", value],
          ["Cache-Control", "foo"],
        ],
      },
    }),
    expect: { from: "kept" },
  },
];

/** Pragma, in requests and answers. */
export const pragmaCases = listCases("pragma", [
  ["choice", "no-cache in a request that has Cache-Control", pragma(hour, "no-cache")],
  ["choice", "something else in a request", pragma(hour, "foo")],
  ["choice", "no-cache in a fresh answer", pragma([...hour, ["Pragma", "no-cache"]])],
  [
    "choice",
    "no-cache in an answer without freshness",
    pragma([
      ["Last-Modified", -10_000],
      ["Pragma", "no-cache"],
    ]),
    "An upstream of that age says by it what it can; nothing is guessed against it.",
  ],
  ["choice", "something else in an answer", pragma([...hour, ["Pragma", "foo"]])],
]);

const signed = (directives: string, from: "kept" | "anew", again = true): readonly Step[] => [
  {
    ask: { signed: true },
    answer: {
      headers: [
        ["Cache-Control", directives],
        ["Date", 0],
      ],
    },
    expect: { sent: [["Authorization", "FOO"]] },
    wait: 3,
  },
  { ...(again && { ask: { signed: true } }), expect: { from } },
];

/** Answers to requests with a credential. */
export const authorizationCases = listCases("authorization", [
  ["required", "not for those without it", signed("max-age=3600", "anew", false)],
  ["optimal", "public", signed("max-age=3600, public", "kept")],
  ["optimal", "must-revalidate", signed("max-age=3600, must-revalidate", "kept")],
  ["optimal", "s-maxage", signed("s-maxage=3600", "kept")],
]);

const fails: Step = { answer: { closes: true }, expect: { from: "kept", status: 200 } };
const unasked = "Something stale is served where the answer, the caller or the action's author allows it.";
const warning = "RFC 9111 took the Warning field out.";
const closed = (directives: string): readonly Step[] => [
  { answer: { headers: [["Cache-Control", `max-age=2, ${directives}`]] }, wait: 3 },
  { answer: { closes: true }, expect: { status: 502, missing: ["Step"] } },
];

/** Answers past their freshness. */
export const staleCases = listCases("stale", [
  ["choice", "unasked, for a closed connection", [{ answer: { headers: brief }, wait: 3 }, fails], unasked],
  [
    "choice",
    "unasked, for a 503",
    [
      { answer: { headers: brief }, wait: 3 },
      { answer: { status: 503 }, expect: { from: "kept", status: 200 } },
    ],
    unasked,
  ],
  [
    "optimal",
    "stale-while-revalidate",
    twice(
      [
        ["Cache-Control", "max-age=1, stale-while-revalidate=3600"],
        ["ETag", '"abc"'],
      ],
      "kept",
    ),
  ],
  [
    "required",
    "stale-while-revalidate has an end",
    [
      {
        answer: {
          headers: [["Cache-Control", "max-age=1, stale-while-revalidate=5"]],
        },
        wait: 3,
      },
      {
        answer: { closes: true },
        expect: { from: "kept" },
        wait: 5,
      },
      { expect: { from: "anew" } },
    ],
  ],
  [
    "optimal",
    "stale-while-revalidate fetches behind the answer",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=0, stale-while-revalidate=3600"],
            ["ETag", '"abc"'],
          ],
        },
      },
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=3600"],
            ["ETag", '"def"'],
          ],
        },
        expect: { from: "kept" },
        wait: 3,
      },
      { expect: { from: "kept", headers: [["ETag", '"def"']] } },
    ],
  ],
  [
    "choice",
    "stale-if-error for a closed connection",
    [{ answer: { headers: [["Cache-Control", "max-age=2, stale-if-error=60"]] }, wait: 3 }, fails],
  ],
  [
    "choice",
    "stale-if-error for a 503",
    [
      { answer: { headers: [["Cache-Control", "max-age=2, stale-if-error=60"]] }, wait: 3 },
      { answer: { status: 503 }, expect: { from: "kept", status: 200 } },
    ],
  ],
  [
    "required",
    "stale-if-error has an end",
    [
      { answer: { headers: [["Cache-Control", "max-age=0, stale-if-error=1"]] }, wait: 3 },
      { answer: { status: 500 }, expect: { from: "anew" } },
    ],
  ],
  [
    "choice",
    "stale-if-error of the caller",
    [
      { answer: { headers: [["Cache-Control", "max-age=1"]] }, wait: 3 },
      {
        ask: { headers: [["Cache-Control", "stale-if-error=3600"]] },
        answer: { status: 500 },
        expect: { from: "kept", status: 200 },
      },
    ],
  ],
  [
    "required",
    "stale-if-error of the caller has an end",
    [
      { answer: { headers: [["Cache-Control", "max-age=1"]] }, wait: 3 },
      { ask: { headers: [["Cache-Control", "stale-if-error=1"]] }, answer: { status: 500 }, expect: { from: "anew" } },
    ],
  ],
  ["required", "must-revalidate forbids it", closed("must-revalidate")],
  ["required", "proxy-revalidate forbids it", closed("proxy-revalidate")],
  ["required", "no-cache forbids it", closed("no-cache")],
  ["required", "s-maxage forbids it", closed("s-maxage=2")],
  [
    "choice",
    "Warning on an answer that came stale",
    [{ answer: { headers: ended } }, { ...fails, expect: { ...fails.expect, headers: [["Warning", "110"]] } }],
    warning,
  ],
  [
    "choice",
    "Warning on an answer that became stale",
    [
      { answer: { headers: brief }, wait: 3 },
      { ...fails, expect: { ...fails.expect, headers: [["Warning", "110"]] } },
    ],
    warning,
  ],
]);
