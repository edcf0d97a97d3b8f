import { processClock, type RateLimitStore, type SettingRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { createCallGate, type GateQuestion } from "./call-gate.ts";
import { createSettingRing } from "./setting-ring.ts";

const record = (value: object): SettingRecord =>
  ({ workspaceId: "w", kind: "policy", name: "p", value, updatedAt: "" }) as SettingRecord;
const limited = record({
  connector: "*",
  action: "*",
  allow: { callers: ["service", "anonymous"] },
  rateLimit: { limit: 2, windowMs: 60_000 },
});

function setUp(records: readonly SettingRecord[]) {
  const used = new Map<string, number>();
  const rateLimits: RateLimitStore = {
    async lease(key, limit, windowMs, count) {
      const before = used.get(key) ?? 0;
      const granted = Math.min(count, Math.max(0, limit - before));
      used.set(key, before + granted);
      return { granted, resetAt: Date.now() + windowMs };
    },
    observe: async () => {},
  };
  const settings = createSettingRing({ listEverywhere: async (kind) => records.filter((each) => each.kind === kind) });
  return createCallGate({ settings, rateLimits, clock: processClock });
}

const question = (more: Partial<GateQuestion> = {}): GateQuestion => ({
  workspaceId: "w",
  caller: { kind: "service", id: "k", scopes: [] },
  connector: "a",
  action: "b",
  address: "10.0.0.1",
  ...more,
});
const anonymous = { kind: "anonymous", id: null, scopes: [] } as const;

describe("the gate of calls", () => {
  it("lets service keys in where there is no policy, and nobody else", async () => {
    const gate = setUp([]);
    await gate.check(question());
    expect(gate.check(question())).toBeUndefined();
    expect(() => gate.check(question({ caller: anonymous }))).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
  });
  it("counts each caller by itself, anonymous ones by address", async () => {
    const gate = setUp([limited]);
    const ask = async (more: Partial<GateQuestion> = {}) => gate.check(question({ caller: anonymous, ...more }));
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", retryAfter: expect.any(Number) });
    await ask({ address: "10.0.0.2" });
    await gate.check(question());
  });
});
