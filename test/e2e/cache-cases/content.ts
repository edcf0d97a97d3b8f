import { brief, type Expectation, ended, type Fields, fresh, listCases, type Step } from "./cache-case.ts";

/** A header field, two values that it may have, and how a cache must treat it. */
type Row = readonly [
  name: string,
  first: string,
  second: string,
  rule: "update" | "keep" | "choice" | "drop",
  here?: { readonly store?: string; readonly update?: string; readonly length?: true },
];

const ours = "It would speak for our host to the browser, so it is not passed on.";
const decoded = "Codings are undone before an answer is kept.";
const bodyField = "It tells how to read the body, which is the kept one.";
const otherTag = "RFC 9111 section 4.3.4: a 304 with another strong tag speaks of another answer, which is fetched.";

const rows: readonly Row[] = [
  ["Test-Header", "one", "two", "update"],
  ["X-Test-Header", "one", "two", "update"],
  ["Content-Foo", "one", "two", "update"],
  ["X-Content-Foo", "one", "two", "update"],
  ["Cache-Control", "max-age=1", "max-age=3600", "update"],
  ["Connection", "one", "two", "drop"],
  ["Content-Encoding", "identity", "identity", "choice", { store: decoded, update: decoded }],
  ["Content-Length", "5", "10", "keep", { length: true }],
  ["Content-Location", "/foo", "/bar", "choice"],
  ["Content-MD5", "rL0Y20zC+Fzt72VPzMSk2A==", "N7UdGUp1E+RbVvZSTy1R8g==", "choice"],
  ["Content-Range", "one", "two", "choice", { update: bodyField }],
  ["Content-Security-Policy", "default-src 'self'", "default-src 'self' cdn.example.com", "choice"],
  ["Content-Type", "text/plain", "text/plain;charset=utf-8", "choice", { update: bodyField }],
  ["Clear-Site-Data", "cache", "cookies", "choice", { store: ours, update: ours }],
  ["ETag", '"abcdef"', '"ghijkl"', "choice", { update: otherTag }],
  ["Expires", "Fri, 01 Jan 2038 01:01:01 GMT", "Mon, 11 Jan 2038 11:11:11 GMT", "choice"],
  ["Keep-Alive", "one", "two", "drop"],
  ["Proxy-Authenticate", "one", "two", "drop"],
  ["Proxy-Authentication-Info", "one", "two", "drop"],
  ["Proxy-Authorization", "one", "two", "drop"],
  ["Proxy-Connection", "one", "two", "drop"],
  ["Public-Key-Pins", "one", "two", "choice", { store: ours, update: ours }],
  ["Set-Cookie", "a=b", "a=c", "choice", { store: ours, update: ours }],
  ["Set-Cookie2", "a=b", "a=c", "choice"],
  ["TE", "one", "two", "drop"],
  ["Upgrade", "one", "two", "drop"],
  ["X-Frame-Options", "deny", "sameorigin", "choice"],
  ["X-XSS-Protection", "1", "1; mode=block", "choice"],
];

function storing([name, , value, rule, here]: Row): readonly Step[] {
  const own: Fields = name === "Cache-Control" ? [] : [["Cache-Control", "max-age=3600"]];
  const expect = rule === "drop" ? { missing: [name] } : { headers: [[name, value]] as Fields };
  const body = here?.length ? { body: "0123456789" } : {};
  return [
    { answer: { headers: [["Date", 0], [name, value], ...own], ...body }, wait: 3 },
    { expect: { from: "kept", ...expect } },
  ];
}

function updating([name, first, second, rule, here]: Row): readonly Step[] {
  const fields = (value: string): Fields => [
    ["Date", 0],
    [name, value],
    ...(name === "Cache-Control" ? [] : ([["Cache-Control", "max-age=2"]] as const)),
    ...(name === "ETag" ? [] : ([["ETag", '"tag"']] as const)),
  ];
  const body = here?.length ? { body: "01234" } : {};
  const expect: Expectation = { headers: [[name, rule === "keep" ? first : second]] };
  return [
    { answer: { headers: fields(first), ...body }, wait: 3 },
    { answer: { headers: fields(second), ...body }, expect: { from: "etag", ...expect } },
    { expect: { from: "kept", ...expect } },
  ];
}

/** Which fields are kept with an answer. */
export const headersCases = listCases("headers", [
  [
    "required",
    "none that Connection names",
    [
      {
        answer: { headers: [...fresh, ["Connection", "a, b"], ["A", "1"], ["B", "2"], ["C", "3"]] },
        wait: 3,
      },
      { expect: { from: "kept", headers: [["C", "3"]], missing: ["A", "B"] } },
    ],
  ],
  ...rows.map(
    (row) => ["required", `${row[3] === "drop" ? "not " : ""}${row[0]}`, storing(row), row[4]?.store] as const,
  ),
]);

/** Which fields a confirmation renews. */
export const updateCases = listCases("update304", [
  [
    "required",
    "what it does not bring stays",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=2"],
            ["Last-Modified", -80_000],
            ["Date", 0],
            ["Test-Header", "one"],
          ],
        },
        wait: 3,
      },
      { answer: { headers: [["Date", 0]] }, expect: { from: "date", headers: [["Test-Header", "one"]] } },
    ],
  ],
  ...rows
    .filter(([, , , rule]) => rule !== "drop")
    .map(
      (row) =>
        [
          row[3] === "choice" ? "choice" : "required",
          `${row[0]}${row[3] === "keep" ? " stays" : ""}`,
          updating(row),
          row[4]?.update,
        ] as const,
    ),
]);

const statuses = [200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599];
const bodyOf = (status: number) => (status === 204 ? { body: "" } : {});

/** Which statuses are kept when their freshness is stated. */
export const statusCases = listCases("status", [
  ...statuses.map(
    (status) =>
      [
        "optimal",
        `${status}, fresh`,
        [
          { answer: { status, headers: fresh, ...bodyOf(status) }, wait: 3 },
          { answer: { status, ...bodyOf(status) }, expect: { from: "kept" } },
        ],
      ] as const,
  ),
  ...statuses.map(
    (status) =>
      [
        "required",
        `${status}, ended`,
        [
          { answer: { status, headers: ended, ...bodyOf(status) } },
          { answer: bodyOf(status), expect: { from: "anew" } },
        ],
      ] as const,
  ),
  [
    "required",
    "must-understand with a status that is not",
    [
      { answer: { status: 599, headers: [["Cache-Control", "max-age=3600, no-store, must-understand"]] } },
      { expect: { from: "anew" } },
    ],
  ],
  [
    "optimal",
    "must-understand with a status that is",
    [
      { answer: { headers: [["Cache-Control", "max-age=3600, no-store, must-understand"]] } },
      { expect: { from: "kept" } },
    ],
  ],
]);

const noParts = "Partial answers are passed on, not kept and not put together.";
const partOf = (range: string, text: string, expect: Expectation = {}): readonly Step[] => [
  {
    answer: {
      headers: [
        ["Cache-Control", "max-age=3600"],
        ["A", "1"],
      ],
      body: "0123456789A",
    },
  },
  { ask: { headers: [["Range", range]] }, expect: { from: "kept", status: 206, text, ...expect } },
];
const partThen = (range: string, text: string): readonly Step[] => [
  {
    ask: { headers: [["Range", "bytes=-5"]] },
    answer: {
      status: 206,
      headers: [
        ["Cache-Control", "max-age=3600"],
        ["Content-Range", "bytes 5-9/10"],
      ],
      body: "56789",
    },
    expect: { sent: [["Range", "bytes=-5"]] },
  },
  { ask: { headers: [["Range", range]] }, expect: { from: "kept", status: 206, text } },
];

/** Parts of answers. */
export const partialCases = listCases("partial", [
  ["optimal", "a part is kept and used again", partThen("bytes=-5", "56789"), noParts],
  ["optimal", "a part of what is kept whole: from and to", partOf("bytes=0-1", "01")],
  ["optimal", "a part of what is kept whole: from", partOf("bytes=1-", "123456789A")],
  ["optimal", "a part of what is kept whole: the last bytes", partOf("bytes=-1", "A")],
  ["optimal", "a part of a kept part: from and to", partThen("bytes=6-8", "678"), noParts],
  ["optimal", "a part of a kept part: from", partThen("bytes=6-", "6789"), noParts],
  ["optimal", "a part of a kept part: the last bytes", partThen("bytes=-1", "9"), noParts],
  [
    "optimal",
    "what is missing of a part is fetched",
    [
      {
        ask: { headers: [["Range", "bytes=0-4"]] },
        answer: {
          status: 206,
          headers: [
            ["Cache-Control", "max-age=3600"],
            ["Content-Range", "bytes 0-4/10"],
          ],
          body: "01234",
        },
      },
      { expect: { sent: [["Range", "bytes=5-"]] } },
    ],
    noParts,
  ],
  ["required", "a part says which it is", partOf("bytes=0-1", "01", { headers: [["Content-Range", "bytes 0-1/11"]] })],
  ["required", "a part has the kept fields", partOf("bytes=0-1", "01", { headers: [["A", "1"]] })],
]);

/** Methods. */
export const methodCases = listCases("method", [
  [
    "optimal",
    "what POST answers with its own Content-Location serves GET",
    [
      {
        ask: { method: "POST" },
        answer: {
          headers: [
            ["Expires", 2_592_000],
            ["Content-Location", ""],
            ["Date", 0],
          ],
        },
        wait: 3,
      },
      { expect: { from: "kept" } },
    ],
    "A write is an action of its own; what it answers is kept for no other action.",
  ],
]);

const elsewhere = (method: "POST" | "PUT" | "DELETE", target: string): readonly Step[] => [
  { ask: { target }, answer: { headers: fresh } },
  {
    ask: { method },
    answer: {
      headers: [
        ["Location", "one"],
        ["Content-Location", "other"],
      ],
    },
  },
  { ask: { target }, expect: { from: "anew" } },
];

/** What a write makes untrue. */
export const invalidationCases = listCases(
  "invalidation",
  (["POST", "PUT", "DELETE"] as const).flatMap((method) => [
    [
      "required",
      `${method} drops what is kept of its URL`,
      [{ answer: { headers: fresh }, wait: 3 }, { ask: { method } }, { expect: { from: "anew" } }],
    ] as const,
    [
      "optimal",
      `${method} that fails drops nothing`,
      [
        { answer: { headers: fresh }, wait: 3 },
        { ask: { method }, answer: { status: 500 } },
        { expect: { from: "kept" } },
      ],
    ] as const,
    ["choice", `${method} drops what is kept of its Location`, elsewhere(method, "one")] as const,
    ["choice", `${method} drops what is kept of its Content-Location`, elsewhere(method, "other")] as const,
  ]),
);

const aftermath = (interim: 102 | 103, expect: Expectation): readonly Step[] => [
  {
    answer: {
      interim,
      headers: [
        ["Cache-Control", "max-age=100000"],
        ["Date", 0],
      ],
    },
    expect,
    wait: 3,
  },
  { expect: { from: "kept" } },
];
const noInterim = "A call has one answer; what comes before it is read and dropped.";

/** Interim answers. */
export const interimCases = listCases("interim", [
  ["optimal", "the answer after a 102 is kept", aftermath(102, {})],
  ["optimal", "the answer after a 103 is kept", aftermath(103, {})],
  ["optimal", "the 102 is passed on", aftermath(102, { interim: 102 }), noInterim],
  ["optimal", "the 103 is passed on", aftermath(103, { interim: 103 }), noInterim],
]);

const month: Fields = [
  ["Expires", 2_592_000],
  ["Date", 0],
];
const after = (headers: Fields, expect: Expectation): readonly Step[] => [
  { answer: { headers }, wait: 3 },
  { expect: { from: "kept", ...expect } },
];

/** Everything else. */
export const otherCases = listCases("other", [
  ["required", "Age on what is kept", after(fresh, { above: ["Age", 2] })],
  [
    "choice",
    "Age on an answer that took long",
    [
      {
        answer: {
          headers: [
            ["Cache-Control", "max-age=3600"],
            ["Date", -5],
          ],
        },
        expect: { above: ["Age", 0] },
      },
    ],
    "A new answer is passed on as it came; its time on the way counts once it is kept.",
  ],
  ["required", "Age goes on where Expires counts", after([...month, ["Age", "30"]], { above: ["Age", 32] })],
  ["required", "Age goes on where max-age counts", after([...fresh, ["Age", "30"]], { above: ["Age", 32] })],
  ["required", "Date stays", after(fresh, { same: ["Date"] })],
  ["required", "Date stays beside Expires", after(month, { same: ["Date"] })],
  ["choice", "Expires stays", after(month, { same: ["Expires"] })],
  [
    "required",
    "another query is another answer",
    [
      { ask: { query: "test=1" }, answer: { headers: fresh }, wait: 3 },
      { ask: { query: "test=2" }, expect: { from: "anew" } },
    ],
  ],
  [
    "optimal",
    "the same query is the same answer",
    [
      { ask: { query: "test=1" }, answer: { headers: fresh }, wait: 3 },
      { ask: { query: "test=1" }, expect: { from: "kept" } },
    ],
  ],
  [
    "choice",
    "an attachment without freshness",
    after(
      [
        ["Last-Modified", -100_000],
        ["Date", 0],
        ["Content-Disposition", "attachment; filename=a.txt"],
      ],
      {},
    ),
  ],
  ["choice", "a fresh attachment", after([...fresh, ["Content-Disposition", "attachment; filename=a.txt"]], {})],
  [
    "optimal",
    "an answer that sets a cookie",
    after([...fresh, ["Set-Cookie", "a=b"]], {}),
    "It was made for one caller, unless it says public, immutable or s-maxage.",
  ],
  [
    "optimal",
    "a caller with a cookie",
    [
      { answer: { headers: fresh }, wait: 3 },
      { ask: { headers: [["Cookie", "a=b"]] }, expect: { from: "kept" } },
    ],
  ],
]);

const getOnly = "The connector's method is what goes out: HEAD is answered here from what GET answers.";
const head = (headers: Fields, expect: Expectation, status = 200): readonly Step[] => [
  { answer: { headers: brief }, wait: 3 },
  { ask: { method: "HEAD" }, answer: { status, headers } },
  { expect: { from: "kept", ...expect } },
];

/** What HEAD says of what is kept for GET. */
export const headCases = listCases("update-head", [
  [
    "choice",
    "HEAD is answered once what is kept has ended",
    [
      { answer: { headers: brief }, wait: 3 },
      { ask: { method: "HEAD" }, expect: { from: "anew", text: "" } },
    ],
  ],
  [
    "choice",
    "fields that it does not bring stay",
    [
      { answer: { headers: brief }, wait: 3 },
      { ask: { method: "HEAD" }, expect: { headers: [["Shape", "round"]] } },
    ],
    getOnly,
  ],
  ["choice", "it renews freshness", head([["Cache-Control", "max-age=1000"]], {})],
  [
    "choice",
    "it renews fields",
    head(
      [
        ["Shape", "square"],
        ["Cache-Control", "max-age=1000"],
      ],
      { headers: [["Shape", "square"]] },
    ),
  ],
  [
    "choice",
    "it renews fields when it is gone",
    head(
      [
        ["Shape", "square"],
        ["Cache-Control", "max-age=1000"],
      ],
      { headers: [["Shape", "square"]], status: 410 },
      410,
    ),
  ],
]);
