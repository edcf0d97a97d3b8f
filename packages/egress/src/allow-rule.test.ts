import { describe, expect, test } from "vitest";
import { parseAllowRule } from "./allow-rule.ts";
import { resolvePolicy } from "./policy.ts";

describe("a rule", () => {
  test.each([
    ["books.internal", { kind: "host", name: "books.internal", ports: undefined }],
    [" Books.Internal ", { kind: "host", name: "books.internal", ports: undefined }],
    ["redis", { kind: "host", name: "redis", ports: undefined }],
    ["books.internal:8080", { kind: "host", name: "books.internal", ports: [[8080, 8080]] }],
    ["books.internal:*", { kind: "host", name: "books.internal", ports: "any" }],
    ["*.corp.example", { kind: "suffix", name: ".corp.example", ports: undefined }],
    [
      "*.corp.example:443,8000-8099",
      {
        kind: "suffix",
        name: ".corp.example",
        ports: [
          [443, 443],
          [8000, 8099],
        ],
      },
    ],
    ["bücher.example", { kind: "host", name: "xn--bcher-kva.example", ports: undefined }],
    ["10.0.0.5", { kind: "range", bytes: [10, 0, 0, 5], bits: 32, ports: undefined }],
    ["10.0.0.5:8080", { kind: "range", bytes: [10, 0, 0, 5], bits: 32, ports: [[8080, 8080]] }],
    ["10.0.0.0/8", { kind: "range", bytes: [10, 0, 0, 0], bits: 8, ports: undefined }],
    ["10.0.0.0/8:9000", { kind: "range", bytes: [10, 0, 0, 0], bits: 8, ports: [[9000, 9000]] }],
    [
      "[::1]:8080",
      { kind: "range", bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], bits: 128, ports: [[8080, 8080]] },
    ],
  ])("%s", (text, rule) => {
    expect(parseAllowRule(text)).toEqual(rule);
  });

  test.each([
    ["", "is not an egress rule"],
    ["*", "is not an egress rule"],
    ["a.*.example", "is not an egress rule"],
    ["https://api.example.com", "is not an egress rule"],
    ["api.example.com/path", "is not a CIDR range"],
    ["user@api.example.com", "is not an egress rule"],
    ["api.example.com.", "is not an egress rule"],
    ["api.example.com:0", "no valid port list"],
    ["api.example.com:70000", "no valid port list"],
    ["api.example.com:9000-8000", "no valid port list"],
    ["10.0.0.0/33", "is not a CIDR range"],
    ["10.0.0.0/", "is not a CIDR range"],
    ["10.0.0.5/8", "bits set beyond its prefix"],
    ["fd00::1/8", "bits set beyond its prefix"],
    ["0x7f.1", "is not an egress rule"],
  ])("%j is refused: %s", (text, message) => {
    expect(() => parseAllowRule(text)).toThrow(message);
  });
});

describe("a policy", () => {
  test("has the same id as an equal one and another id than a different one", () => {
    expect(resolvePolicy({ allow: ["a.example"] }).id).toBe(resolvePolicy({ allow: ["a.example"] }).id);
    expect(resolvePolicy({ allow: ["a.example"] }).id).not.toBe(resolvePolicy({ deny: ["a.example"] }).id);
    expect(resolvePolicy().id).not.toBe(resolvePolicy({ allowHttp: true }).id);
  });

  test("refuses a port that isn't one", () => {
    expect(() => resolvePolicy({ ports: ["8000-"] })).toThrow('"8000-" is not a port');
  });
});
