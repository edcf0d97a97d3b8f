import { createHmac } from "node:crypto";
import { type ApiKeyRecord, createUserTokenVerifier, type HttpPort, type SettingRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import type { KeyHolder, KeyRing } from "../keys/key-ring.ts";
import { type CallerEvidence, createCallerIdentifier, createReaderFinder } from "./identify-caller.ts";
import { createSettingRing } from "./setting-ring.ts";

const secret = "0123456789abcdef0123456789abcdef";
const page = "https://page.example";
const serviceKey = `jk_${"s".repeat(43)}`;
const readingKey = `jk_${"r".repeat(43)}`;
const publishableKey = `jp_${"p".repeat(43)}`;

const holder = (
  kind: "service" | "publishable",
  workspaceId: string,
  origins: readonly string[] = [],
  scopes: readonly string[] = ["execute"],
): KeyHolder => ({
  key: { id: kind, kind, workspaceId, origins, scopes } as unknown as ApiKeyRecord,
  workspace: { id: workspaceId, name: workspaceId },
  caller: { kind: "service", id: kind, scopes: ["execute"] },
  endsAt: Number.POSITIVE_INFINITY,
});
const holders = new Map([
  [serviceKey, holder("service", "w1")],
  [readingKey, holder("service", "w1", [], ["executions:read"])],
  [publishableKey, holder("publishable", "w1", [page])],
]);
const keys: KeyRing = { peek: () => undefined, load: async (key) => holders.get(key), invalidate: () => {} };

const setting = (workspaceId: string, kind: string, name: string, value: object): SettingRecord =>
  ({ workspaceId, kind, name, value, updatedAt: "" }) as SettingRecord;
const issuer = (workspaceId: string, iss: string, name = "app", subjectPrefix?: string) =>
  setting(workspaceId, "issuer", name, {
    issuer: iss,
    audience: "junctor",
    algorithms: ["HS256"],
    key: { kind: "secret", secret: name === "short" ? "short" : "app" },
    ...(subjectPrefix !== undefined && { subjectPrefix }),
  });
const bySub = { issuer: "https://two-ids.example", algorithms: ["HS256"], key: { kind: "secret", secret: "app" } };
const records = [
  issuer("w1", "https://app.example"),
  // Somebody names w1's issuer with a key of his own; w1 and its users must not notice.
  issuer("w3", "https://app.example"),
  issuer("w2", "https://other.example"),
  issuer("w1", "https://both.example", "both", "both:"),
  issuer("w2", "https://both.example", "both", "both:"),
  issuer("w1", "https://short.example", "short", "short:"),
  // Written before it was refused: nothing tells their users apart.
  issuer("w4", "https://one.example", "one"),
  issuer("w4", "https://two.example", "two"),
  setting("w5", "issuer", "by-sub", { ...bySub, audience: "web" }),
  setting("w5", "issuer", "by-mail", { ...bySub, audience: "mobile", claims: { id: "/email" } }),
  setting("w6", "issuer", "keyless", {
    ...bySub,
    issuer: "https://keyless.example",
    audience: "junctor",
    key: { kind: "jwks", url: "https://admin:hunter2@inside.example/keys?token=hunter2" },
    algorithms: ["RS256"],
  }),
  setting("w1", "cors", "origins", { origins: ["https://app.example"] }),
];

let faults: (readonly [workspaceId: string, issuer: string, message: string])[] = [];
const identify = createCallerIdentifier({
  keys,
  settings: createSettingRing({ listEverywhere: async (kind) => records.filter((record) => record.kind === kind) }),
  tokens: createUserTokenVerifier({ http: {} as HttpPort, clock: { now: () => Date.now() } }),
  readSecret: async (workspaceId, name) =>
    name === "short" ? "abc" : workspaceId === "w3" ? "another-secret-of-more-than-32-bytes" : secret,
  readWorkspace: async (id) => ({ id, name: id }),
  reportFault: (workspaceId, name, { message }) => faults.push([workspaceId, name, message]),
});

function token(iss: string, aud: string | string[] = "junctor", key = secret, sub = "u1"): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const content = `${encode({ alg: "HS256" })}.${encode({ iss, aud, sub, iat: now, exp: now + 60 })}`;
  return `Bearer ${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}

const evidence = (more: Partial<CallerEvidence>): CallerEvidence => ({
  authorization: undefined,
  key: undefined,
  origin: undefined,
  fetchSite: undefined,
  ...more,
});

describe("whose page may read a refusal", () => {
  const find = createReaderFinder({
    keys,
    settings: createSettingRing({ listEverywhere: async (kind) => records.filter((record) => record.kind === kind) }),
  });
  const app = "https://app.example";
  const ended = token(app);
  const table: readonly [what: string, given: Partial<CallerEvidence>, reader: string | undefined][] = [
    ["a page of the key, whatever its token", { key: publishableKey, origin: page, authorization: "Bearer x" }, page],
    [
      "a page of the key as it is sent without a token",
      { authorization: `Bearer ${publishableKey}`, origin: page },
      page,
    ],
    ["another page", { key: publishableKey, origin: "https://evil.example" }, undefined],
    ["a page with a service key", { key: serviceKey, origin: page }, undefined],
    ["a page with a key that there is not", { key: `jp_${"x".repeat(43)}`, origin: page }, undefined],
    ["a page of the workspace whose issuer the token names", { origin: app, authorization: ended }, app],
    ["another page with such a token", { origin: page, authorization: ended }, undefined],
    ["a page with a token of nobody", { origin: app, authorization: token("https://evil.example") }, undefined],
    ["a page with nothing", { origin: app }, undefined],
    ["no page", { key: publishableKey }, undefined],
  ];
  it.each(table)("%s", async (_what, given, reader) => {
    expect(await find(evidence(given))).toBe(reader);
  });
  it("asks warm keys alone where there is no room to ask the database", async () => {
    expect(await find(evidence({ key: publishableKey, origin: page }), { onlyWarm: true })).toBeUndefined();
  });
});

describe("who is calling", () => {
  const known: readonly [what: string, given: Partial<CallerEvidence>, expected: object][] = [
    [
      "a service key",
      { authorization: `Bearer ${serviceKey}` },
      { workspace: { id: "w1" }, caller: { kind: "service" }, trusted: true },
    ],
    ["a service key beside it", { key: serviceKey }, { caller: { kind: "service" } }],
    [
      "a publishable key from its page",
      { authorization: `Bearer ${publishableKey}`, origin: page },
      { caller: { kind: "anonymous", id: null }, origin: page, trusted: false },
    ],
    [
      "a publishable key on our own origin",
      { key: publishableKey, fetchSite: "same-origin" },
      { caller: { kind: "anonymous" }, origin: undefined },
    ],
    [
      "a publishable key and a user",
      { key: publishableKey, origin: page, authorization: token("https://app.example") },
      { workspace: { id: "w1" }, caller: { kind: "user", id: "u1" }, trusted: false },
    ],
    [
      "a service key for a user",
      { key: serviceKey, authorization: token("https://app.example") },
      { caller: { kind: "user", id: "u1" }, trusted: true },
    ],
    [
      "a user token of a backend",
      { authorization: token("https://other.example") },
      { workspace: { id: "w2" }, caller: { kind: "user" } },
    ],
    [
      "a user token of a listed page",
      { authorization: token("https://app.example"), origin: "https://app.example" },
      { workspace: { id: "w1" }, origin: "https://app.example" },
    ],
    [
      "one of several audiences",
      { authorization: token("https://other.example", ["x", "junctor"]) },
      { workspace: { id: "w2" } },
    ],
    [
      "an issuer of two workspaces, with a key",
      { key: publishableKey, origin: page, authorization: token("https://both.example") },
      { workspace: { id: "w1" } },
    ],
    [
      "a user of an issuer with a prefix, whose id for templates is without it",
      { key: publishableKey, origin: page, authorization: token("https://both.example") },
      { caller: { id: "both:u1", user: { id: "u1" } } },
    ],
    [
      "a visitor behind a proxy that asks for a password",
      { key: publishableKey, origin: page, authorization: "Basic eA==" },
      { caller: { kind: "anonymous" } },
    ],
  ];
  it.each(known)("%s", async (_what, given, expected) => {
    expect(await identify(evidence(given))).toMatchObject(expected);
  });

  const refused: readonly [what: string, given: Partial<CallerEvidence>, code: string][] = [
    ["nothing", {}, "UNAUTHENTICATED"],
    ["an unknown key", { authorization: `Bearer jk_${"x".repeat(43)}` }, "UNAUTHENTICATED"],
    [
      "an unknown key beside a good token",
      { key: `jp_${"x".repeat(43)}`, authorization: token("https://app.example") },
      "UNAUTHENTICATED",
    ],
    ["a service key without the scope execute", { key: readingKey }, "FORBIDDEN"],
    [
      "a service key without the scope execute, for a user",
      { key: readingKey, authorization: token("https://app.example") },
      "FORBIDDEN",
    ],
    ["Basic authentication", { authorization: "Basic eA==" }, "UNAUTHENTICATED"],
    ["a publishable key from another page", { key: publishableKey, origin: "https://evil.example" }, "ORIGIN_REFUSED"],
    [
      "a publishable key from a page whose origin begins alike",
      { key: publishableKey, origin: `${page}.evil.example` },
      "ORIGIN_REFUSED",
    ],
    ["a publishable key from nowhere", { key: publishableKey }, "ORIGIN_REFUSED"],
    [
      "a publishable key from a page of another site",
      { key: publishableKey, fetchSite: "cross-site" },
      "ORIGIN_REFUSED",
    ],
    [
      "a publishable key and a user from another page",
      { key: publishableKey, origin: "https://evil.example", authorization: token("https://app.example") },
      "ORIGIN_REFUSED",
    ],
    [
      "a user token of an unlisted page",
      { authorization: token("https://app.example"), origin: "https://evil.example" },
      "ORIGIN_REFUSED",
    ],
    ["an issuer that nobody trusts", { authorization: token("https://evil.example") }, "USER_TOKEN_INVALID"],
    [
      "an issuer that only another workspace trusts",
      { key: publishableKey, origin: page, authorization: token("https://other.example") },
      "USER_TOKEN_INVALID",
    ],
    [
      "an issuer of two workspaces, without a key",
      { authorization: token("https://both.example") },
      "USER_TOKEN_INVALID",
    ],
    ["another audience", { authorization: token("https://app.example", "other") }, "USER_TOKEN_INVALID"],
    [
      "a forged signature",
      { authorization: token("https://app.example", "junctor", "x".repeat(32)) },
      "USER_TOKEN_INVALID",
    ],
    ["a token that is no JSON", { authorization: "Bearer a.b.c" }, "USER_TOKEN_INVALID"],
    ...["Bearer x", "Bearer undefined", "Bearer ", "bearer a.b", "Bearer <html>"].map(
      (authorization): [string, Partial<CallerEvidence>, string] => [
        `a key beside "${authorization}", which means a user and names none,`,
        { key: publishableKey, origin: page, authorization },
        "USER_TOKEN_INVALID",
      ],
    ),
    [
      "a publishable key from another page, with a token that has no say in it,",
      { key: publishableKey, origin: "https://evil.example", authorization: "Bearer a.b.c" },
      "ORIGIN_REFUSED",
    ],
    [
      "a user whose id is that of another issuer's user",
      { authorization: token("https://app.example", "junctor", secret, "both:u1") },
      "USER_TOKEN_INVALID",
    ],
    [
      "a user of one of two issuers that nothing tells apart",
      { authorization: token("https://one.example") },
      "USER_TOKEN_INVALID",
    ],
    [
      "a user of one of two records that read the id from different claims",
      { authorization: token("https://two-ids.example", "web") },
      "USER_TOKEN_INVALID",
    ],
    [
      "a user of an issuer whose secret can be guessed",
      { authorization: token("https://short.example", "junctor", "abc") },
      "USER_TOKEN_INVALID",
    ],
  ];
  it.each(refused)("%s is refused", async (_what, given, code) => {
    await expect(identify(evidence(given))).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});

describe("what an outsider is told of an issuer", () => {
  const neutral = /^The user token could not be verified\.$/;
  const both = (key: string, origin?: string) => ({ key, ...(origin !== undefined && { origin }) });
  const table: readonly [
    what: string,
    given: Partial<CallerEvidence>,
    message: RegExp,
    reported: readonly (readonly [string, RegExp])[],
  ][] = [
    [
      "with a secret that is too short",
      { authorization: token("https://short.example", "junctor", "abc") },
      neutral,
      [["w1", /too short for HS256/]],
    ],
    [
      "with a secret that is too short, with a page's key",
      { ...both(publishableKey, page), authorization: token("https://short.example", "junctor", "abc") },
      neutral,
      [["w1", /too short for HS256/]],
    ],
    [
      "with a secret that is too short, with a service key",
      { ...both(serviceKey), authorization: token("https://short.example", "junctor", "abc") },
      /too short for HS256/,
      [["w1", /too short for HS256/]],
    ],
    [
      "whose key set cannot be read: not even the log has what its address may hold",
      { authorization: token("https://keyless.example") },
      neutral,
      [["w6", /^The key set https:\/\/inside.example\/keys could not be read/]],
    ],
    [
      "whose users cannot be told from another's",
      { authorization: token("https://one.example") },
      neutral,
      [["w4", /issuer "two"/]],
    ],
    [
      "that several workspaces trust, of a forged token",
      { authorization: token("https://both.example", "junctor", "x".repeat(32)) },
      neutral,
      [],
    ],
    [
      "of the key's workspace, of a forged token",
      { ...both(publishableKey, page), authorization: token("https://both.example", "junctor", "x".repeat(32)) },
      /signature/,
      [],
    ],
  ];
  it.each(table)("%s", async (_what, given, message, reported) => {
    faults = [];
    await expect(identify(evidence(given))).rejects.toMatchObject({ message: expect.stringMatching(message) });
    expect(faults.map(([workspaceId, , text]) => [workspaceId, text])).toEqual(
      reported.map(([workspaceId, text]) => [workspaceId, expect.stringMatching(text)]),
    );
  });
});
