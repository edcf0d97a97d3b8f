import {
  type ConnectionSource,
  type OpenConnection,
  processClock,
  type RateLimitStore,
  type SettingRecord,
} from "@junctor/core";
import { beforeEach, describe, expect, it } from "vitest";
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
  return createCallGate({ settings, rateLimits, connections: knownConnections(), clock: processClock });
}

type Owner = OpenConnection["record"]["owner"];
const shared: Owner = { kind: "workspace" };
const ofUser = (userId: string): Owner => ({ kind: "user", userId });
/** Every connection of the connector `a`: id, name, owner. */
const everyConnection: readonly [id: string, name: string, owner: Owner][] = [
  ["c-1", "main", shared],
  ["c-2", "admin", shared],
  ["c-3", "mine", ofUser("u1")],
  ["c-4", "mine", ofUser("u2")],
  ["c-5", "theirs", ofUser("u2")],
];
let lookedFor: string[];
beforeEach(() => {
  lookedFor = [];
});

/** Finds as the engine's source does; a second look is warm. */
function knownConnections(): Pick<ConnectionSource, "peek" | "load"> {
  const warm = new Map<string, OpenConnection | null>();
  const keyOf = (...parts: readonly (string | undefined)[]) => parts.join("\n");
  return {
    peek: (...parts) => warm.get(keyOf(...parts)),
    async load(workspaceId, connector, reference, userId) {
      lookedFor.push(reference);
      const usable = everyConnection.filter(([, , owner]) => owner.kind === "workspace" || owner.userId === userId);
      const own = usable.find(([, name, owner]) => name === reference && owner.kind === "user");
      const found = own ?? usable.find(([id, name]) => name === reference || id === reference);
      const open = found && ({ record: { id: found[0], name: found[1], owner: found[2] } } as OpenConnection);
      warm.set(keyOf(workspaceId, connector, reference, userId), open ?? null);
      return open ?? null;
    },
  };
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

describe("the connection that a call names", () => {
  const everybody = { callers: ["service", "user", "anonymous"] } as const;
  const policy = (connections?: readonly string[]) =>
    record({ connector: "*", action: "*", allow: { ...everybody, ...(connections && { connections }) } });
  const service = question().caller;
  const user: GateQuestion["caller"] = {
    kind: "user",
    id: "u1",
    scopes: [],
    user: { id: "u1", roles: [], groups: [], claims: {} },
  };
  const table: readonly [
    what: string,
    caller: GateQuestion["caller"],
    listed: readonly string[] | undefined,
    connection: string | undefined,
    admitted: boolean,
    looks: readonly string[],
  ][] = [
    ["a service key names any", service, undefined, "admin", true, []],
    ["a service key names a listed one", service, ["main"], "main", true, []],
    ["a service key names another one", service, ["main"], "admin", false, ["admin"]],
    ["a service key names a listed one by its id", service, ["main"], "c-1", true, ["c-1"]],
    ["a service key names another one by its id", service, ["main"], "c-2", false, ["c-2"]],
    ["an anonymous caller names one", anonymous, undefined, "main", false, []],
    ["an anonymous caller names a listed one", anonymous, ["main"], "main", true, []],
    ["an anonymous caller names another one", anonymous, ["main"], "admin", false, ["admin"]],
    ["an anonymous caller names any, where all are admitted", anonymous, ["*"], "admin", true, []],
    ["an anonymous caller names one that there is not", anonymous, ["main"], "nothing", false, ["nothing"]],
    ["an anonymous caller names a user's by its id", anonymous, ["main"], "c-3", false, ["c-3"]],
    ["an anonymous caller names none", anonymous, undefined, undefined, true, []],
    ["a caller for whom one is listed names none", service, ["main"], undefined, true, []],
    ["a user names the workspace's", user, undefined, "main", false, ["main"]],
    ["a user names their own", user, undefined, "mine", true, ["mine"]],
    ["a user names their own by its id", user, undefined, "c-3", true, ["c-3"]],
    ["a user names somebody else's", user, undefined, "theirs", false, ["theirs"]],
    ["a user names somebody else's by its id", user, ["mine"], "c-4", false, ["c-4"]],
    ["a user names a listed one", user, ["main"], "main", true, []],
    ["a user names their own beside listed ones", user, ["main"], "mine", true, ["mine"]],
  ];
  it.each(table)("%s", async (_what, caller, listed, connection, admitted, looks) => {
    const gate = setUp([policy(listed)]);
    const ask = async () => gate.check(question({ caller, connection }));
    for (const temperature of ["cold", "warm"]) {
      const refusal = await ask().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (admitted) expect(refusal, temperature).toBeUndefined();
      else
        expect(refusal, temperature).toMatchObject({ code: "FORBIDDEN", hint: expect.stringContaining("connections") });
    }
    expect(lookedFor).toEqual(looks);
  });
  it("is not looked for once the caller made too many calls", async () => {
    const gate = setUp([limited]);
    const guess = async (connection: string) => gate.check(question({ caller: anonymous, connection }));
    await expect(guess("a")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(guess("b")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(guess("c")).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    expect(lookedFor).toEqual([]);
  });
});
