import { describe, expect, it } from "vitest";
import { parseHttpDate } from "./http-date.ts";

const moment = Date.UTC(2050, 7, 18, 2, 1, 18);

describe("parseHttpDate", () => {
  it.each([
    ["the preferred form", "Thu, 18 Aug 2050 02:01:18 GMT", moment],
    ["RFC 850", "Thursday, 18-Aug-50 02:01:18 GMT", moment],
    ["asctime", "Thu Aug 18 02:01:18 2050", moment],
    ["asctime with a day of one digit", "Mon Aug  8 02:01:18 2050", Date.UTC(2050, 7, 8, 2, 1, 18)],
    ["letters in any case", "THU, 18 aug 2050 02:01:18 gMT", moment],
    ["RFC 850 of the past century", "Sunday, 06-Nov-94 08:49:37 GMT", Date.UTC(1994, 10, 6, 8, 49, 37)],
    ["a leap day", "Thu, 29 Feb 2024 00:00:00 GMT", Date.UTC(2024, 1, 29)],
  ])("reads %s", (_name, text, expected) => {
    expect(parseHttpDate(text)).toBe(expected);
  });
  it.each([
    undefined,
    "",
    "0",
    "-1",
    "soon",
    "2050-08-18T02:01:18Z",
    "Thu, 18 Aug 2050 02:01:18 UTC",
    "Thu, 18 Aug 2050 02:01:18",
    "Thu, 18 Aug 50 02:01:18 GMT",
    "Thu 18 Aug 2050 02:01:18 GMT",
    "Thu, 18  Aug  2050 02:01:18 GMT",
    "Thu, 18-Aug-2050 02:01:18 GMT",
    "Thu, 18 Aug 2050 2:01:18 GMT",
    "Thu, 18 Aug 2050 02.01.18 GMT",
    "Thu, 31 Feb 2050 02:01:18 GMT",
    "Thu, 18 Aug 2050 02:01:18 GMT, Thu, 18 Aug 2050 02:01:19 GMT",
  ])("takes %j for no date", (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
