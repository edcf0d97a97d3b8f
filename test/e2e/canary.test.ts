import { describe, expect, it } from "vitest";
import { findSecret, makeCanary, prepareSearch } from "./harness/canary.ts";

/** The detector that the whole suite relies on is held to the ways in which a secret could leak. */
describe("the canary detector", () => {
  const secret = makeCanary("probe");
  const leaks: readonly [way: string, text: string][] = [
    ["as it is", `x ${secret} y`],
    ["JSON-escaped", JSON.stringify({ a: secret })],
    ["JSON-escaped twice", JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ["URL-encoded", `?q=${encodeURIComponent(secret)}`],
    ["form-encoded", new URLSearchParams({ q: `${secret} z` }).toString()],
    ["XML-escaped", secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
    ["in hex", Buffer.from(secret).toString("hex").toUpperCase()],
    ["in base64", Buffer.from(`user:${secret}`).toString("base64")],
    ["in base64", `prefix${Buffer.from(`ab${secret}`).toString("base64url")}`],
  ];
  for (const [way, text] of leaks) {
    it(`finds it ${way}`, () => expect(findSecret(prepareSearch(text), secret)).toBe(way));
  }

  it("does not cry wolf", () => {
    const text = `[redacted] ${makeCanary("probe")} ${"QUJD".repeat(20)}`;
    expect(findSecret(prepareSearch(text), secret)).toBeUndefined();
  });
});
