import { describe, expect, test } from "vitest";
import { readClockSkew, readJwtEnd, readLifetime, readMoment } from "./token-expiry.ts";

describe("lifetime: what servers write", () => {
  test.each([
    ["seconds as number", 3600, 3_600_000],
    ["seconds as text", "3600", 3_600_000],
    ["fractions", "1.5", 1_500],
    ["hours", "1h", 3_600_000],
    ["minutes with a blank", "90 min", 5_400_000],
    ["days", "30 days", 2_592_000_000],
    ["milliseconds", "500ms", 500],
    ["ISO duration", "PT1H", 3_600_000],
    ["already over", -1, -1_000],
    ["nonsense", "soon", undefined],
    ["an unknown unit", "3 moons", undefined],
    ["null", null, undefined],
    ["not finite", Number.NaN, undefined],
  ])("%s", (_title, value, expected) => expect(readLifetime(value)).toBe(expected));
});

describe("moment: what servers write", () => {
  const at = Date.parse("2026-05-01T12:00:00Z");
  test.each([
    ["epoch seconds", at / 1_000],
    ["epoch milliseconds", at],
    ["epoch seconds as text", String(at / 1_000)],
    ["ISO with zone", "2026-05-01T14:00:00+02:00"],
    ["ISO without zone is UTC", "2026-05-01T12:00:00"],
    ["a blank instead of T", "2026-05-01 12:00:00"],
    ["HTTP date", "Fri, 01 May 2026 12:00:00 GMT"],
    ["/Date(…)/", `/Date(${at})/`],
  ])("%s", (_title, value) => expect(readMoment(value)).toBe(at));
  test.each([["tomorrow"], [null], [{}]])("%s is no moment", (value) => expect(readMoment(value)).toBeUndefined());
});

describe("the end of a JWT, and the clock of the server", () => {
  const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
  test("exp is read", () => expect(readJwtEnd(jwt({ exp: 100 }))).toBe(100_000));
  test.each([["opaque"], ["a.b.c"], [jwt({})], [jwt(null)]])("%s has none", (token) => {
    expect(readJwtEnd(token)).toBeUndefined();
  });
  test.each([
    ["an hour ahead", "Fri, 01 May 2026 13:00:00 GMT", 3_600_000],
    ["a second off is not skew", "Fri, 01 May 2026 12:00:01 GMT", 0],
    ["no header", undefined, 0],
    ["nonsense", "now", 0],
  ])("%s", (_title, header, expected) => {
    expect(readClockSkew(header, Date.parse("2026-05-01T12:00:00Z"))).toBe(expected);
  });
});
