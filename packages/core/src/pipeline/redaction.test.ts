import { describe, expect, test } from "vitest";
import { Redaction } from "./redaction.ts";

const SECRET = 'k"9/tøken+1234';

const redactionOf = (...values: readonly string[]): Redaction => {
  const redaction = new Redaction();
  for (const value of values) redaction.add(value);
  return redaction;
};

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("Redaction", () => {
  test.each([
    ["in clear", `token=${SECRET};`],
    ["escaped for JSON", JSON.stringify({ token: SECRET })],
    ["escaped for JSON, with escaped slashes", JSON.stringify({ token: SECRET }).replaceAll("/", "\\/")],
    ["escaped as .NET does it", String.raw`{"t":"k\u00229/t\u00F8ken\u002B1234"}`],
    ["escaped as Python does it", String.raw`{"t":"k\"9/t\u00f8ken+1234"}`],
    ["escaped as PHP does it", String.raw`{"t":"k\"9\/t\u00f8ken+1234"}`],
    ["escaped in part", String.raw`{"t":"k\u00229\/t\u00f8ken+\u0031234"}`],
    ["escaped for XML", "<t>k&quot;9/t&#xF8;ken&#43;1234</t>"],
    ["percent-encoded", `?token=${encodeURIComponent(SECRET)}`],
    ["percent-encoded in lower case", `?t=${encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())}`],
    ["in base64, first alignment", base64(`${SECRET}:x`)],
    ["in base64, second alignment", base64(`a${SECRET}:x`)],
    ["in base64, third alignment", base64(`ab${SECRET}:x`)],
    ["in base64url", Buffer.from(`user:${SECRET}`).toString("base64url")],
  ])("finds a secret %s", (_form, text) => {
    const redaction = redactionOf(SECRET);
    expect(redaction.occursIn(text)).toBe(true);
    const cleaned = redaction.clean(text);
    expect(cleaned).toContain("[redacted]");
    expect(redaction.occursIn(cleaned)).toBe(false);
  });

  test.each([
    [
      "JSON",
      String.raw`{"a":"\u00fc\/","t":"<k\u00229\/t\u00f8ken+1234>","b":"\n"}`,
      String.raw`{"a":"\u00fc\/","t":"<[redacted]>","b":"\n"}`,
    ],
    ["XML", "<a>&lt;</a><t>k&#34;9/tøken&#x2b;1234</t>&amp;", "<a>&lt;</a><t>[redacted]</t>&amp;"],
  ])("leaves what stands around it in %s as it is written", (_form, text, expected) => {
    expect(redactionOf(SECRET).clean(text)).toBe(expected);
  });

  test("finds base64 whose slashes are escaped", () => {
    const redaction = redactionOf("???>>>ok???>>>");
    const text = String.raw`{"t":"Pz8\/Pj4+b2s\/Pz8+Pj4="}`;
    expect(redaction.occursIn(text)).toBe(true);
    expect(redaction.clean(text)).not.toContain("b2s");
  });

  test("replaces it in texts and keys of JSON, and as a number", () => {
    const redaction = redactionOf("sesame-open", "1234567890");
    expect(redaction.cleanJson({ "x sesame-open": ["sesame-open", 1234567890, 1, null] })).toEqual({
      "x [redacted]": ["[redacted]", "[redacted]", 1, null],
    });
  });

  test("leaves an integer that no number holds as it is", () => {
    const { rawJSON } = JSON as unknown as { rawJSON(text: string): never };
    const redaction = redactionOf("12345678901234567890");
    const value = { id: rawJSON("98765432109876543210"), token: rawJSON("12345678901234567890") };
    expect(JSON.stringify(redaction.cleanJson(value))).toBe('{"id":98765432109876543210,"token":"[redacted]"}');
  });

  test("of two secrets, of which one holds the other, nothing is left", () => {
    expect(redactionOf("abcdefgh", "abcdefgh-ijkl").clean("abcdefgh-ijkl")).toBe("[redacted]");
  });

  test("short values are left alone: they would match by chance", () => {
    const redaction = redactionOf("short");
    expect(redaction.empty).toBe(true);
    expect(redaction.clean("a short text")).toBe("a short text");
  });
});

describe("what was looked for before", () => {
  const base = ["base-secret"];
  const over = (secrets: readonly string[], ...added: readonly string[]): Redaction => {
    const redaction = new Redaction(secrets);
    for (const value of added) redaction.add(value);
    return redaction;
  };
  test.each([
    ["the same, with nothing added", over(base), over(base), true],
    ["the same added", over(base, "added-one"), over(base, "added-one"), true],
    ["more was looked for", over(base), over(base, "added-one"), true],
    ["less was looked for", over(base, "added-one"), over(base), false],
    ["another was looked for", over(base, "added-one"), over(base, "added-two"), false],
    ["secrets of another connection", over(base), over(["base-secret", "another-secret"]), false],
  ])("%s", (_, mine, before, covered) => {
    expect(mine.isCoveredBy(before)).toBe(covered);
  });

  test("a copy does not know what is added later", () => {
    const redaction = over(base, "added-one");
    const copy = redaction.copy();
    redaction.add("added-two");
    expect(redaction.isCoveredBy(copy)).toBe(false);
    expect(over(base, "added-one").isCoveredBy(copy)).toBe(true);
  });
});
