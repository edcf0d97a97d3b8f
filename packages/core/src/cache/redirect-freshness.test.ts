import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HttpHeaders } from "../ports/http.ts";
import { narrowFreshness } from "./redirect-freshness.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const http = (seconds: number): string => new Date(now + seconds * 1_000).toUTCString();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(now);
});
afterEach(() => {
  vi.useRealTimers();
});

const cc = (value: string): HttpHeaders => ({ "cache-control": value });
const year = "max-age=31536000, immutable";

/** Redirects on the way, what the last answer says, and what the answer says then. */
type Row = readonly [
  name: string,
  redirects: readonly (readonly [status: number, headers: HttpHeaders])[],
  last: HttpHeaders,
  expected: HttpHeaders,
];

const rows: readonly Row[] = [
  ["a 302 that states nothing", [[302, {}]], cc(year), cc("max-age=0")],
  ["a 303 that states nothing", [[303, {}]], cc(year), cc("max-age=0")],
  ["a 307 that states nothing", [[307, {}]], cc(year), cc("max-age=0")],
  ["a 301 that states nothing", [[301, {}]], cc(year), cc(year)],
  ["a 308 that states nothing", [[308, {}]], cc(year), cc(year)],
  ["a 308 before an answer that states nothing", [[308, {}]], { etag: "x" }, { etag: "x" }],
  ["a 301 that ends", [[301, cc("max-age=10")]], cc(year), cc("max-age=10")],
  ["a 302 that ends earlier", [[302, cc("max-age=10")]], cc("public, max-age=60"), cc("public, max-age=10")],
  ["a 302 that ends later", [[302, cc("max-age=100")]], cc("max-age=60"), cc("max-age=60")],
  [
    "the shortest of two",
    [
      [302, cc("max-age=20")],
      [307, cc("max-age=10")],
    ],
    cc(year),
    cc("max-age=10"),
  ],
  [
    "one of two that states nothing",
    [
      [301, {}],
      [302, {}],
    ],
    cc(year),
    cc("max-age=0"),
  ],
  ["an Age on the way", [[302, { ...cc("max-age=60"), age: "50" }]], cc(year), cc("max-age=10")],
  ["a Date on the way", [[302, { ...cc("max-age=60"), date: http(-50) }]], cc(year), cc("max-age=10")],
  [
    "the answer's own Age counts from its own start",
    [[302, cc("max-age=10")]],
    { ...cc(year), age: "5" },
    { ...cc("max-age=15"), age: "5" },
  ],
  ["Expires on the way", [[302, { expires: http(10), date: http(0) }]], cc(year), cc("max-age=10")],
  ["Expires that is no date", [[301, { expires: "0" }]], cc(year), cc("max-age=0")],
  [
    "Expires of the answer",
    [[302, cc("max-age=10")]],
    { expires: http(60), date: http(0) },
    { date: http(0), ...cc("max-age=10") },
  ],
  [
    "an answer that states nothing is not guessed at",
    [[302, cc("max-age=10")]],
    { "last-modified": http(-1_000) },
    { "last-modified": http(-1_000), ...cc("max-age=0") },
  ],
  [
    "s-maxage on the way",
    [[302, cc("max-age=5, s-maxage=10")]],
    cc("max-age=60"),
    cc("proxy-revalidate, max-age=5, s-maxage=10"),
  ],
  [
    "s-maxage of the answer",
    [[302, cc("max-age=10")]],
    cc("max-age=5, s-maxage=60"),
    cc("proxy-revalidate, max-age=5, s-maxage=10"),
  ],
  [
    "s-maxage of the answer, too long",
    [[302, cc("max-age=10")]],
    cc("s-maxage=60"),
    cc("proxy-revalidate, max-age=0, s-maxage=10"),
  ],
  [
    "s-maxage of the answer that is its caller's too",
    [[302, cc("max-age=10")]],
    cc("max-age=60, s-maxage=60"),
    cc("proxy-revalidate, max-age=10"),
  ],
  [
    "what is stale may not be used longer",
    [[302, {}]],
    cc("max-age=5, stale-while-revalidate=60, stale-if-error=60"),
    cc("max-age=0"),
  ],
  ["no-store on the way", [[302, cc("no-store")]], cc("max-age=60, must-understand"), cc("no-store, max-age=0")],
  ["no-store of a permanent one", [[301, cc("no-store")]], cc("max-age=60"), cc("max-age=60, no-store")],
  ["private on the way", [[301, cc('private="x", max-age=10')]], cc("max-age=60"), cc("private, max-age=10")],
  ["no-cache on the way", [[301, cc("no-cache")]], cc('no-cache="a, b", max-age=60'), cc("no-cache, max-age=60")],
  ["Pragma on the way", [[301, { pragma: "no-cache" }]], cc("max-age=60"), cc("max-age=60, no-cache")],
  [
    "must-revalidate on the way",
    [[301, cc("must-revalidate, max-age=10")]],
    cc("max-age=60"),
    cc("must-revalidate, max-age=10"),
  ],
  [
    "fields that the answer names stay in quotes",
    [[301, {}]],
    cc('no-cache="a, b", max-age=60'),
    cc('no-cache="a, b", max-age=60'),
  ],
  ["a cookie on the way", [[301, { "set-cookie": "a=1" }]], cc("max-age=60"), cc("max-age=0")],
  [
    "a cookie on the way that is for many",
    [[301, { "set-cookie": "a=1", ...cc("public, max-age=10") }]],
    cc("max-age=60"),
    cc("max-age=10"),
  ],
  [
    "Vary of all",
    [
      [301, { vary: "Foo" }],
      [301, { vary: "*" }],
    ],
    { ...cc("max-age=60"), vary: "Bar" },
    { ...cc("max-age=60"), vary: "Bar, Foo, *" },
  ],
];

describe("what an answer says of its freshness after redirects", () => {
  it.each(rows)("%s", (_name, redirects, last, expected) => {
    expect(
      narrowFreshness(
        last,
        redirects.map(([status, headers]) => ({ status, headers })),
      ),
    ).toEqual(expected);
  });
});
