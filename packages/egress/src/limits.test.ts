import { expect, test } from "vitest";
import { describeUrl, EgressError, withDetails } from "./errors.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";

test("limits that aren't given have their defaults", () => {
  expect(resolveLimits({ connectMs: 5 })).toEqual({ ...DEFAULT_LIMITS, connectMs: 5 });
});

test.each([[0], [-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY]])("a limit of %d is refused", (value) => {
  expect(() => resolveLimits({ totalMs: value })).toThrow("totalMs must be a positive whole number");
});

test.each([
  ["https://me:pw@api.example.com:8443/a/b?token=1#x", "https://api.example.com:8443/a/b"],
  ["not a url", "(not a URL)"],
])("%s is described as %s", (url, description) => {
  expect(describeUrl(url)).toBe(description);
});

test("an error keeps what it knows when details are added", () => {
  const inner = new EgressError("EGRESS_DNS_FAILED", "no", { hostname: "a.example", hint: "h", cause: "c" });
  const outer = withDetails(inner, { url: "https://b.example/", hostname: "b.example", sent: true });
  expect(outer).toMatchObject({ url: "https://b.example/", hostname: "a.example", hint: "h", cause: "c", sent: true });
});
