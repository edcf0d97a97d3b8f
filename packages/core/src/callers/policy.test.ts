import { describe, expect, it } from "vitest";
import type { Caller } from "../execute/call.ts";
import type { ConnectionRecord } from "../ports/records.ts";
import { admitsConnection, decidePolicy, type Policy } from "./policy.ts";

const user = (roles: readonly string[] = [], groups: readonly string[] = []): Caller => ({
  kind: "user",
  id: "u1",
  user: { id: "u1", roles, groups, claims: {} },
  scopes: [],
});
const service: Caller = { kind: "service", id: "k1", scopes: ["execute"] };
const anonymous: Caller = { kind: "anonymous", id: null, scopes: [] };
const policy = (connector: string, action: string, allow: Policy["allow"]): Policy => ({ connector, action, allow });

const anyone = policy("*", "*", { callers: ["service", "user", "anonymous"] });
const noAnonymous = policy("crm", "*", { callers: ["service", "user"] });
const admins = policy("crm", "remove", { callers: ["user"], roles: ["admin", "owner"] });
const support = policy("crm", "note", { callers: ["user"], groups: ["support"], origins: ["https://a.example"] });
const all = [anyone, noAnonymous, admins, support];

describe("who may call crm", () => {
  const table: readonly [
    who: string,
    policies: readonly Policy[],
    caller: Caller,
    action: string,
    origin: string | undefined,
    allowed: boolean,
    reason?: RegExp,
  ][] = [
    ["a service key where no policy names it", [], service, "read", undefined, true],
    ["a user where no policy names it", [], user(), "read", undefined, false, /No policy lets user/],
    [
      "an anonymous caller where no policy names it",
      [],
      anonymous,
      "read",
      undefined,
      false,
      /No policy lets anonymous/,
    ],
    ["an anonymous caller by the policy for everything", [anyone], anonymous, "read", undefined, true],
    [
      "an anonymous caller, because the connector's policy is nearer",
      all,
      anonymous,
      "read",
      undefined,
      false,
      /anonymous/,
    ],
    ["a user by the connector's policy", all, user(), "read", undefined, true],
    ["a user without the role", all, user(["member"]), "remove", undefined, false, /role/],
    ["a user with one of the roles", all, user(["member", "owner"]), "remove", undefined, true],
    ["a service key, because the action's policy is nearer", all, service, "remove", undefined, false, /service/],
    ["a user of the group from the right page", all, user([], ["support"]), "note", "https://a.example", true],
    ["a user of the group from another page", all, user([], ["support"]), "note", "https://b.example", false, /origin/],
    ["a user of the group from no page", all, user([], ["support"]), "note", undefined, true],
    ["a user outside the group", all, user(["admin"]), "note", "https://a.example", false, /group/],
    [
      "an action policy for all connectors over one connector's",
      [policy("*", "read", { callers: ["user"] }), noAnonymous],
      service,
      "read",
      undefined,
      false,
      /service/,
    ],
    [
      "the first of equally near ones",
      [noAnonymous, policy("crm", "*", { callers: ["anonymous"] })],
      anonymous,
      "read",
      undefined,
      false,
    ],
  ];
  it.each(table)("%s", (_who, policies, caller, action, origin, allowed, reason) => {
    const decision = decidePolicy(policies, {
      caller,
      connector: "crm",
      action,
      ...(origin === undefined ? {} : { origin }),
    });
    expect(decision.allowed).toBe(allowed);
    if (!decision.allowed && reason) expect(decision.reason).toMatch(reason);
  });
  it("and how often", () => {
    const limited = { ...anyone, rateLimit: { limit: 5, windowMs: 1_000 } };
    expect(decidePolicy([limited], { caller: service, connector: "a", action: "b" })).toEqual({
      allowed: true,
      rateLimit: limited.rateLimit,
    });
  });
});

describe("which connections a call may name", () => {
  const engine: Caller = { kind: "engine", id: "e1", scopes: [] };
  const agent: Caller = { kind: "agent", id: "a1", scopes: [] };
  const callers = ["service", "user", "anonymous", "engine", "agent"] as const;
  const table: readonly [who: string, caller: Caller, listed: readonly string[] | undefined, expected: unknown][] = [
    ["a service key: any", service, undefined, undefined],
    ["a service key: those that are listed", service, ["main"], ["main"]],
    ["a service key: none", service, [], []],
    ["an engine: any", engine, undefined, undefined],
    ["an agent: none", agent, undefined, []],
    ["a user: none but their own", user(), undefined, []],
    ["a user: those that are listed", user(), ["main"], ["main"]],
    ["an anonymous caller: none", anonymous, undefined, []],
    ["an anonymous caller: those that are listed", anonymous, ["public", "main"], ["public", "main"]],
    ["an anonymous caller: any, where the policy says so", anonymous, ["*"], undefined],
  ];
  it.each(table)("%s", (_what, caller, connections, expected) => {
    const allow = { callers, ...(connections === undefined ? {} : { connections }) };
    const decision = decidePolicy([policy("crm", "*", allow)], { caller, connector: "crm", action: "read" });
    expect(decision.allowed && decision.connections).toEqual(expected);
  });
  it("a service key without a policy: any", () => {
    expect(decidePolicy([], { caller: service, connector: "crm", action: "read" })).toEqual({ allowed: true });
  });

  type Named = Pick<ConnectionRecord, "name" | "owner">;
  const shared = (name: string): Named => ({ name, owner: { kind: "workspace" } });
  const owned = (name: string, userId: string): Named => ({ name, owner: { kind: "user", userId } });
  const judged: readonly [what: string, connection: Named | null, caller: Caller, admitted: boolean][] = [
    ["a listed one", shared("main"), anonymous, true],
    ["one that is not listed", shared("admin"), user(), false],
    ["one whose name begins alike", shared("main2"), user(), false],
    ["one that does not exist", null, user(), false],
    ["the user's own", owned("mine", "u1"), user(), true],
    ["another user's", owned("theirs", "u2"), user(), false],
    ["another user's with a listed name", owned("main", "u2"), user(), false],
    ["a user's, for nobody", owned("main", "u2"), anonymous, false],
    ["a user's, for a key of the same id", owned("main", "k1"), service, false],
  ];
  it.each(judged)("%s", (_what, connection, caller, admitted) => {
    expect(admitsConnection(["main"], caller, connection)).toBe(admitted);
  });
});
