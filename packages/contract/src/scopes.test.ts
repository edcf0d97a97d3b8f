import { describe, expect, it } from "vitest";
import { coversScope, type Scope, scopes } from "./scopes.ts";

describe("coversScope", () => {
  const cases: readonly [granted: readonly string[], wanted: Scope, covered: boolean][] = [
    [["execute"], "execute", true],
    [["execute"], "connectors:read", false],
    [["connectors:write"], "connectors:read", false],
    [["*"], "execute", true],
    [["*"], "keys:write", true],
    [["*"], "admin", false],
    [["admin"], "execute", false],
    [["*", "admin"], "admin", true],
    [[], "execute", false],
  ];
  for (const [granted, wanted, covered] of cases) {
    it(`[${granted.join(", ")}] ${covered ? "covers" : "does not cover"} ${wanted}`, () => {
      expect(coversScope(granted, wanted)).toBe(covered);
    });
  }

  it("an empty grant covers nothing", () => {
    expect(scopes.filter((scope) => coversScope([], scope))).toEqual([]);
  });
});
