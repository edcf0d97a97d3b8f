import { describe, expect, it } from "vitest";
import type { Caller } from "../execute/call.ts";
import { decidePolicy, type Policy } from "./policy.ts";

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
