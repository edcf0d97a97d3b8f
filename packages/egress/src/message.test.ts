import { describe, expect, test } from "vitest";
import { findForbiddenHeader, flattenHeaders, readEndToEndHeaders, readHeaders } from "./message.ts";

const raw = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part, "latin1"));

describe("request headers", () => {
  test("come as a record or flat, and leave as a new flat array", () => {
    const flat = ["accept", "a/b", "x-tag", "1", "x-tag", "2"];
    expect(flattenHeaders({ accept: "a/b", "x-tag": ["1", "2"] })).toEqual(flat);
    expect(flattenHeaders(flat)).toEqual(flat);
    expect(flattenHeaders(flat)).not.toBe(flat);
    expect(flattenHeaders(undefined)).toEqual([]);
  });

  test.each([
    [["a"], "a name without a value"],
    [["", "x"], "is not a header name"],
    [["bad name", "x"], "is not a header name"],
    [["a\r\nb", "x"], "is not a header name"],
    [["a:", "x"], "is not a header name"],
    [["a", "x\r\nInjected: 1"], "characters that can't be sent"],
    [["a", "x\u0000"], "characters that can't be sent"],
    [["a", "☃"], "characters that can't be sent"],
    [["Host", "evil.example"], "belongs to the connection"],
    [["connection", "close"], "belongs to the connection"],
    [["Transfer-Encoding", "chunked"], "belongs to the connection"],
    [["upgrade", "h2c"], "belongs to the connection"],
    [["Expect", "100-continue"], "belongs to the connection"],
  ])("%j are refused: %s", (headers, message) => {
    expect(() => flattenHeaders(headers)).toThrow(message);
  });

  test.each([
    [["accept", "a/b", "HOST", "evil.example"], "HOST"],
    [["Connection", "close"], "Connection"],
    [["accept", "host"], undefined],
    [[], undefined],
  ])("of a prepared request %j: forbidden is %s", (headers, found) => {
    expect(findForbiddenHeader(headers)).toBe(found);
  });
});

describe("response headers", () => {
  test("become a record with lower-case names, repeated ones as arrays", () => {
    const headers = readHeaders(
      raw("Content-Type", "a/b", "Set-Cookie", "a=1", "set-cookie", "b=2", "SET-COOKIE", "c=3"),
    );
    expect({ ...headers }).toEqual({ "content-type": "a/b", "set-cookie": ["a=1", "b=2", "c=3"] });
  });

  test("named like parts of a prototype are headers like any other", () => {
    expect(readHeaders(raw("__proto__", "x", "constructor", "y")).constructor).toBe("y");
    expect(Object.getPrototypeOf(readHeaders(raw("__proto__", "x")))).toBeNull();
  });

  test.each([
    [raw("Content-Type", "a/b", "Connection", "keep-alive", "Keep-Alive", "timeout=5"), ["content-type", "a/b"]],
    [raw("Transfer-Encoding", "chunked", "X-A", "1"), ["x-a", "1"]],
    [raw("X-Internal", "1", "Connection", "close, X-Internal", "X-A", "2"), ["x-a", "2"]],
    [raw("Proxy-Authenticate", "Basic", "Upgrade", "h2c", "TE", "x", "Trailer", "y"), []],
    [raw("WWW-Authenticate", "Basic"), ["www-authenticate", "Basic"]],
  ])("are stripped of the hop's own (case %#)", (headers, expected) => {
    expect(readEndToEndHeaders(headers)).toEqual(expected);
  });
});
