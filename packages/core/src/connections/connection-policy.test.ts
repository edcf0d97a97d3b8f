import { describe, expect, test } from "vitest";
import type { Caller } from "../execute/call.ts";
import { type ConnectionAct, mayAct } from "./connection-policy.ts";

const person = (id: string): Caller => ({
  kind: "user",
  id,
  user: { id, roles: [], groups: [], claims: {} },
  scopes: [],
});
const key = (...scopes: string[]): Caller => ({ kind: "service", id: "k", scopes });
const workspace = { owner: { kind: "workspace" } } as const;
const adas = { owner: { kind: "user", userId: "ada" } } as const;

const may = (act: ConnectionAct, record: typeof workspace | typeof adas, caller: Caller) =>
  mayAct(act, record, caller, (scope) => caller.scopes.includes(scope));

describe("who may do what with a connection", () => {
  test.each([
    ["anybody who may call uses the workspace's", "use", workspace, person("bob"), true],
    ["a reader sees the workspace's", "see", workspace, key("connections:read"), true],
    ["a key without the scope does not", "see", workspace, key("execute"), false],
    ["a writer edits the workspace's", "edit", workspace, key("connections:write"), true],
    ["a reader does not", "edit", workspace, key("connections:read"), false],
    ["a user uses her own", "use", adas, person("ada"), true],
    ["another user does not", "use", adas, person("bob"), false],
    ["no key uses a user's connection", "use", adas, key("connections:write", "execute"), false],
    ["a user edits her own", "edit", adas, person("ada"), true],
    ["an administrator does not edit it", "edit", adas, key("connections:write"), false],
    ["an administrator may remove it", "delete", adas, key("connections:write"), true],
    ["an administrator may see that it exists", "see", adas, key("connections:read"), true],
    ["another user does not see it", "see", adas, person("bob"), false],
  ] as const)("%s", (_title, act, record, caller, expected) => {
    expect(may(act, record, caller)).toBe(expected);
  });
});
