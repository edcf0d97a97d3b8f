import { describe, expect, test } from "vitest";
import { compileHostRules, matchesHost } from "./host-rules.ts";

describe("matchesHost", () => {
  test.each([
    [["api.example.com"], "https://api.example.com/x", true],
    [["API.example.com."], "https://api.example.com./x", true],
    [["api.example.com"], "https://evil.com/api.example.com", false],
    [["*.example.com"], "https://a.b.example.com", true],
    [["*.example.com"], "https://example.com", false],
    [["*.example.com"], "https://badexample.com", false],
    [["*.example.com"], "https://example.com.evil.com", false],
    [["api.example.com:8443"], "https://api.example.com:8443", true],
    [["api.example.com:8443"], "https://api.example.com", false],
    [["*"], "https://anything.at.all", true],
    [[], "https://api.example.com", false],
  ])("%j and %s: %s", (hosts, url, expected) => {
    expect(matchesHost(compileHostRules(hosts), new URL(url))).toBe(expected);
  });
});
