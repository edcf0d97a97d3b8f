import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { readPointer } from "../definition/json-pointer.ts";
import { validateDefinition } from "../definition/validate-definition.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { checkVersionStep, versionStep } from "./check-version-step.ts";
import { diffDefinitions } from "./diff-definitions.ts";

const base: ConnectorDefinition = {
  name: "books",
  title: "Books",
  version: "1.2.3",
  baseUrl: { production: { baseUrl: "https://api.books.example" }, sandbox: { baseUrl: "https://s.books.example" } },
  hosts: ["files.books.example"],
  connection: {
    parameters: {
      type: "object",
      required: ["user"],
      properties: { user: { type: "string" }, region: { type: "string", enum: ["eu", "us"] } },
    },
    auth: [
      { type: "bearer", token: "{{ secret('t') }}" },
      {
        type: "oauth2",
        grant: "authorizationCode",
        authorizationUrl: "https://b.example/a",
        tokenUrl: "https://b.example/t",
        scopes: ["read", "write"],
      },
    ],
    test: { action: "me" },
  },
  defaults: { timeout: "PT10S", errors: [{ when: "{{ response.status == 402 }}", code: "UNPAID" }] },
  $defs: {
    Money: { type: "object", properties: { amount: { type: "number" }, currency: { type: "string" } } },
    Tree: {
      type: "object",
      properties: { name: { type: "string" }, parts: { type: "array", items: { $ref: "#/$defs/Tree" } } },
    },
  },
  actions: {
    me: { hidden: true, request: { path: "/me" } },
    order: {
      title: "Order",
      input: {
        type: "object",
        required: ["isbn"],
        properties: {
          isbn: { type: "string", minLength: 10 },
          quantity: { type: "integer", minimum: 1, maximum: 10, default: 1 },
          gift: { enum: ["none", "paper", "box"] },
          to: { type: "object", properties: { city: { type: "string" } } },
          price: { $ref: "#/$defs/Money" },
        },
      },
      output: {
        type: "object",
        required: ["id"],
        properties: {
          id: { type: "integer" },
          state: { enum: ["open", "sent"] },
          note: { type: "string" },
          price: { $ref: "#/$defs/Money" },
          tree: { $ref: "#/$defs/Tree" },
        },
      },
      request: { method: "POST", path: "/orders", body: { isbn: "{{ input.isbn }}" } },
      errors: [{ when: "{{ response.status == 409 }}", code: "OUT_OF_STOCK", message: "Sold out" }],
      retry: { attempts: 2 },
    },
    all: { steps: [{ id: "a", request: { path: "/a" }, errors: [{ when: "{{ true }}", code: "STEP_FAILED_A" }] }] },
  },
  triggers: {
    sent: {
      dedupe: "{{ item.id }}",
      input: { type: "object", properties: { region: { type: "string" } } },
      output: { type: "object", properties: { id: { type: "integer" } } },
      poll: { request: { path: "/orders" }, items: "{{ response.body }}" },
    },
  },
};

/** Sets values by pointer; `undefined` removes. */
const changed = (change: Readonly<Record<string, unknown>>): ConnectorDefinition => {
  const document = structuredClone(base) as unknown as Record<string, unknown>;
  for (const [pointer, value] of Object.entries(change)) {
    const path = [...readPointer(pointer)];
    const last = path.pop() ?? "";
    let parent = document;
    for (const segment of path) {
      parent[segment] ??= {};
      parent = parent[segment] as Record<string, unknown>;
    }
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return document as unknown as ConnectorDefinition;
};

const input = "/actions/order/input";
const output = "/actions/order/output";
const oauth = {
  type: "oauth2",
  grant: "authorizationCode",
  authorizationUrl: "https://b.example/a",
  tokenUrl: "https://b.example/t",
};

const mutations: readonly (readonly [title: string, change: Record<string, unknown>, expected: readonly string[]])[] = [
  ["nothing", {}, []],
  ["the version itself", { "/version": "9.0.0" }, []],
  ["$schema", { "/$schema": "https://junctor.dev/schema/connector/v1.json" }, []],
  // Connector
  ["renaming the connector", { "/name": "bookshop" }, ["breaking /name"]],
  [
    "title, keywords and links",
    { "/title": "B", "/keywords": ["k"], "/links": {} },
    ["cosmetic /title", "cosmetic /keywords", "cosmetic /links"],
  ],
  ["an x- member", { "/x-owner": "me" }, ["cosmetic /x-owner"]],
  ["the base URL", { "/baseUrl/production/baseUrl": "https://v2.books.example" }, ["behavioural /baseUrl"]],
  ["hosts", { "/hosts": ["*.books.example"] }, ["behavioural /hosts"]],
  ["defaults", { "/defaults/timeout": "PT5S" }, ["behavioural /defaults/timeout"]],
  ["removing a default error code", { "/defaults/errors": [] }, ["breaking /defaults/errors"]],
  // Connection
  [
    "removing a connection parameter",
    { "/connection/parameters/properties/region": undefined },
    ["breaking /connection/parameters/properties/region"],
  ],
  [
    "an optional connection parameter",
    { "/connection/parameters/properties/lang": {} },
    ["additive /connection/parameters/properties/lang"],
  ],
  [
    "a required connection parameter",
    { "/connection/parameters/properties/key": { type: "string" }, "/connection/parameters/required": ["user", "key"] },
    ["breaking /connection/parameters/properties/key"],
  ],
  [
    "requiring a known parameter",
    { "/connection/parameters/required": ["user", "region"] },
    ["breaking /connection/parameters/required"],
  ],
  [
    "a narrower parameter",
    { "/connection/parameters/properties/region/enum": ["eu"] },
    ["breaking /connection/parameters/properties/region/enum"],
  ],
  ["removing an auth method", { "/connection/auth": [base.connection?.auth?.[0]] }, ["breaking /connection/auth/1"]],
  ["a further auth method", { "/connection/auth/2": { type: "none" } }, ["additive /connection/auth/2"]],
  ["another order of auth methods", { "/connection/auth": base.connection?.auth?.toReversed() }, []],
  [
    "another grant",
    { "/connection/auth/1": { ...oauth, scopes: ["read", "write"], grant: "deviceCode" } },
    ["breaking /connection/auth/1/grant"],
  ],
  ["wider scopes", { "/connection/auth/1/scopes": ["read", "write", "admin"] }, ["breaking /connection/auth/1/scopes"]],
  ["fewer scopes", { "/connection/auth/1/scopes": ["read"] }, ["behavioural /connection/auth/1/scopes"]],
  [
    "another token URL",
    { "/connection/auth/1/tokenUrl": "https://b.example/token" },
    ["behavioural /connection/auth/1/tokenUrl"],
  ],
  ["the test of a connection", { "/connection/test": undefined }, ["behavioural /connection/test"]],
  // Actions
  ["removing an action", { "/actions/order": undefined }, ["breaking /actions/order"]],
  [
    "renaming an action",
    { "/actions/order": undefined, "/actions/orderBook": base.actions?.order },
    ["breaking /actions/order", "additive /actions/orderBook"],
  ],
  ["a new action", { "/actions/ping": { request: { path: "/" } } }, ["additive /actions/ping"]],
  ["hiding an action", { "/actions/order/hidden": true }, ["breaking /actions/order/hidden"]],
  ["showing an action", { "/actions/me/hidden": false }, ["additive /actions/me/hidden"]],
  [
    "deprecating an action",
    { "/actions/order/deprecated": { since: "1.3.0" } },
    ["cosmetic /actions/order/deprecated"],
  ],
  ["the request", { "/actions/order/request/path": "/v2/orders" }, ["behavioural /actions/order/request"]],
  ["retry", { "/actions/order/retry": { attempts: 3 } }, ["behavioural /actions/order/retry"]],
  ["cache", { "/actions/order/cache": {} }, ["behavioural /actions/order/cache"]],
  [
    "the response",
    { "/actions/order/response": { body: "{{ response.body.order }}" } },
    ["behavioural /actions/order/response"],
  ],
  ["cases", { "/actions/order/cases": [{ input: {} }] }, ["cosmetic /actions/order/cases"]],
  ["removing an error code", { "/actions/order/errors": undefined }, ["breaking /actions/order/errors"]],
  [
    "renaming an error code",
    { "/actions/order/errors/0/code": "SOLD_OUT" },
    ["breaking /actions/order/errors", "additive /actions/order/errors"],
  ],
  [
    "a new error code",
    { "/actions/order/errors/1": { when: "{{ response.status == 410 }}", code: "GONE" } },
    ["additive /actions/order/errors"],
  ],
  [
    "the condition of an error",
    { "/actions/order/errors/0/when": "{{ response.status == 410 }}" },
    ["behavioural /actions/order/errors"],
  ],
  ["the message of an error", { "/actions/order/errors/0/message": "None left" }, ["cosmetic /actions/order/errors"]],
  ["an error code of a step", { "/actions/all/steps/0/errors": [] }, ["breaking /actions/all/errors"]],
  ["a step's request", { "/actions/all/steps/0/request/path": "/b" }, ["behavioural /actions/all/steps"]],
  // Input
  ["an optional input", { [`${input}/properties/lang`]: { type: "string" } }, [`additive ${input}/properties/lang`]],
  [
    "a required input",
    { [`${input}/properties/lang`]: {}, [`${input}/required`]: ["isbn", "lang"] },
    [`breaking ${input}/properties/lang`],
  ],
  [
    "a required input with a default",
    { [`${input}/properties/lang`]: { default: "en" }, [`${input}/required`]: ["isbn", "lang"] },
    [`additive ${input}/properties/lang`],
  ],
  ["removing an input", { [`${input}/properties/gift`]: undefined }, [`breaking ${input}/properties/gift`]],
  [
    "removing the input altogether",
    { [input]: undefined },
    [
      `breaking ${input}/properties/isbn`,
      `breaking ${input}/properties/quantity`,
      `breaking ${input}/properties/gift`,
      `breaking ${input}/properties/to`,
      `breaking ${input}/properties/price`,
      `additive ${input}/type`,
    ],
  ],
  ["making an input optional", { [`${input}/required`]: [] }, [`additive ${input}/required`]],
  [
    "an input of another type",
    { [`${input}/properties/isbn/type`]: "integer" },
    [`breaking ${input}/properties/isbn/type`],
  ],
  [
    "an input that takes a further type",
    { [`${input}/properties/isbn/type`]: ["string", "integer"] },
    [`additive ${input}/properties/isbn/type`],
  ],
  [
    "integer to number in an input",
    { [`${input}/properties/quantity/type`]: "number" },
    [`additive ${input}/properties/quantity/type`],
  ],
  [
    "a longer minimum length",
    { [`${input}/properties/isbn/minLength`]: 13 },
    [`breaking ${input}/properties/isbn/minLength`],
  ],
  [
    "a higher maximum",
    { [`${input}/properties/quantity/maximum`]: 20 },
    [`additive ${input}/properties/quantity/maximum`],
  ],
  [
    "a lower maximum",
    { [`${input}/properties/quantity/maximum`]: 5 },
    [`breaking ${input}/properties/quantity/maximum`],
  ],
  [
    "no minimum any more",
    { [`${input}/properties/quantity/minimum`]: undefined },
    [`additive ${input}/properties/quantity/minimum`],
  ],
  ["a pattern", { [`${input}/properties/isbn/pattern`]: "^\\d+$" }, [`breaking ${input}/properties/isbn/pattern`]],
  [
    "fewer choices",
    { [`${input}/properties/gift/enum`]: ["none", "paper"] },
    [`breaking ${input}/properties/gift/enum`],
  ],
  [
    "more choices",
    { [`${input}/properties/gift/enum`]: ["none", "paper", "box", "bag"] },
    [`additive ${input}/properties/gift/enum`],
  ],
  [
    "the same choices with labels",
    {
      [`${input}/properties/gift`]: { oneOf: [{ const: "none", title: "None" }, { const: "paper" }, { const: "box" }] },
    },
    [],
  ],
  [
    "another default",
    { [`${input}/properties/quantity/default`]: 2 },
    [`behavioural ${input}/properties/quantity/default`],
  ],
  [
    "closing a nested object",
    { [`${input}/properties/to/additionalProperties`]: false },
    [`breaking ${input}/properties/to/additionalProperties`],
  ],
  ["opening the input", { [`${input}/additionalProperties`]: true }, [`additive ${input}/additionalProperties`]],
  [
    "a description of an input",
    { [`${input}/properties/isbn/description`]: "ISBN" },
    [`cosmetic ${input}/properties/isbn/description`],
  ],
  [
    "a file instead of text",
    { [`${input}/properties/isbn/format`]: "binary" },
    [`breaking ${input}/properties/isbn/format`],
  ],
  [
    "a condition on inputs",
    { [`${input}/dependentRequired`]: { gift: ["to"] } },
    [`breaking ${input}/dependentRequired`],
  ],
  ["a further demand on inputs", { [`${input}/allOf`]: [{ required: ["gift"] }] }, [`breaking ${input}/allOf/0`]],
  // Shared schemas, through references
  [
    "narrowing a shared schema",
    { "/$defs/Money/properties/currency/enum": ["EUR"] },
    [
      `breaking ${input}/properties/price/properties/currency/enum`,
      `breaking ${output}/properties/price/properties/currency/enum`,
    ],
  ],
  ["writing a shared schema out", { [`${output}/properties/price`]: base.$defs?.Money }, []],
  [
    "a recursive shared schema",
    { "/$defs/Tree/properties/name/type": "integer" },
    [`breaking ${output}/properties/tree/properties/name/type`],
  ],
  ["an unused shared schema", { "/$defs/Spare": {} }, []],
  // Output
  ["a new output field", { [`${output}/properties/when`]: { type: "string" } }, [`additive ${output}/properties/when`]],
  ["removing an output field", { [`${output}/properties/note`]: undefined }, [`breaking ${output}/properties/note`]],
  [
    "retyping an output field",
    { [`${output}/properties/id/type`]: "string" },
    [`breaking ${output}/properties/id/type`],
  ],
  [
    "an output field that may be null",
    { [`${output}/properties/note/type`]: ["string", "null"] },
    [`breaking ${output}/properties/note/type`],
  ],
  [
    "narrowing an output field",
    { [`${output}/properties/state/enum`]: ["open"] },
    [`breaking ${output}/properties/state/enum`],
  ],
  ["an output field that may be absent", { [`${output}/required`]: [] }, [`breaking ${output}/required`]],
  ["a further promise of the output", { [`${output}/required`]: ["id", "state"] }, [`additive ${output}/required`]],
  ["closing the output", { [`${output}/additionalProperties`]: false }, [`breaking ${output}/additionalProperties`]],
  ["no output schema any more", { [output]: undefined }, [`breaking ${output}`]],
  ["an output schema where none was", { "/actions/me/output": { type: "object" } }, ["additive /actions/me/output"]],
  [
    "a closed output schema where none was",
    { "/actions/me/output": { type: "object", additionalProperties: false } },
    ["breaking /actions/me/output"],
  ],
  // Triggers
  ["removing a trigger", { "/triggers/sent": undefined }, ["breaking /triggers/sent"]],
  ["dedupe", { "/triggers/sent/dedupe": "{{ item.id }}@{{ item.at }}" }, ["breaking /triggers/sent/dedupe"]],
  [
    "removing an event field",
    { "/triggers/sent/output/properties/id": undefined },
    ["breaking /triggers/sent/output/properties/id"],
  ],
  [
    "a required input of a trigger",
    { "/triggers/sent/input/required": ["region"] },
    ["breaking /triggers/sent/input/required"],
  ],
  ["the interval of a poll", { "/triggers/sent/poll/interval": "PT1M" }, ["behavioural /triggers/sent/poll"]],
];

describe("diffDefinitions", () => {
  it.each(mutations)("%s", (_title, change, expected) => {
    const after = changed(change);
    expect(validateDefinition(after)).toEqual([]);
    expect(diffDefinitions(base, after).changes.map(({ kind, pointer }) => `${kind} ${pointer}`)).toEqual(expected);
  });

  it.each([
    ["no step without a change", {}, null],
    ["a patch for words", { "/title": "B" }, "patch"],
    ["a patch for additions", { "/actions/ping": { request: { path: "/" } } }, "patch"],
    ["a minor step for behaviour", { "/title": "B", "/hosts": [] }, "minor"],
    ["a major step for breaking changes", { "/hosts": [], "/actions/order": undefined }, "major"],
  ] as const)("asks for %s", (_title, change, step) => {
    expect(diffDefinitions(base, changed(change)).step).toBe(step);
  });

  it("compares the short form by what it becomes", () => {
    const { changes } = diffDefinitions(
      { name: "a", url: "https://a.example/x" },
      { name: "a", url: "https://a.example/y" },
    );
    expect(changes).toEqual([{ kind: "behavioural", pointer: "/actions/execute/request", message: "request changed" }]);
  });
});

describe("checkVersionStep", () => {
  it.each([
    ["1.2.4", {}, undefined],
    ["1.2.4", { "/title": "B" }, undefined],
    ["1.2.4", { "/hosts": [] }, "1.3.0"],
    ["1.3.0", { "/hosts": [] }, undefined],
    ["1.3.0", { "/actions/order": undefined }, "2.0.0"],
    ["2.0.0", { "/actions/order": undefined }, undefined],
    ["1.2.3", { "/title": "B" }, "1.2.4"],
    ["1.0.0", {}, "1.2.4"],
    ["1.2.3-rc.1", {}, "1.2.4"],
    ["99999999999999999999.0.0", {}, "1.2.4"],
  ])("to %s with %j", (version, change, suggestion) => {
    const after = changed({ ...change, "/version": version });
    if (suggestion === undefined) expect(checkVersionStep(base, after).changes).toBeInstanceOf(Array);
    else {
      expect(() => checkVersionStep(base, after)).toThrow(
        expect.objectContaining({
          code: "VERSION_STEP_TOO_SMALL",
          hint: expect.stringContaining(suggestion) as string,
        }) as ConnectorError,
      );
    }
  });

  it("gives each change that asks for more as a detail", () => {
    try {
      checkVersionStep(
        base,
        changed({ "/version": "1.3.0", "/actions/order": undefined, "/hosts": [], "/title": "B" }),
      );
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConnectorError);
      expect((error as ConnectorError).details).toEqual([
        {
          pointer: "/actions/order",
          message: 'Action "order" was removed',
          hint: "This is breaking and needs a major step",
        },
      ]);
    }
  });
});

describe("versionStep", () => {
  it.each([
    ["1.0.0", "1.0.1", "patch"],
    ["1.0.0", "1.1.0", "minor"],
    ["1.9.9", "2.0.0", "major"],
    ["1.0.0", "1.0.0", null],
    ["1.1.0", "1.0.9", null],
    ["1.0.0-beta", "1.0.0", "patch"],
    ["99999999999999999999.0.0", "1.0.0", null],
    ["1.0.0", "9007199254740993.0.0", null],
    ["1.0.0-01", "1.0.0", null],
  ])("from %s to %s is %s", (before, after, step) => {
    expect(versionStep(before, after)).toBe(step);
  });
});
