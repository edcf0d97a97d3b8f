import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asObject, type Obj } from "../json-value.ts";

const content = "x-ms-notification-content";
const payload = { type: "object", properties: { id: { type: "string" } } };
const payloadRef = { $ref: "#/definitions/P" };
const created = { 201: { description: "Subscribed" } };
const urlBody = { type: "object", properties: { url: { type: "string", "x-ms-notification-url": true } } };
const bodyParameter = (schema: unknown, more: Obj = {}): Obj => ({ name: "body", in: "body", schema, ...more });

const document = (paths: Obj): Obj => ({
  swagger: "2.0",
  info: { title: "T", version: "1" },
  host: "api.example.com",
  paths,
  definitions: { P: payload, List: { type: "array", items: payloadRef } },
});

/** A connector with one operation that subscribes, changed at the operation and at the path. */
const hook = (operation: Obj = {}, item: Obj = {}, path = "/hooks"): Obj =>
  document({
    [path]: {
      ...item,
      post: {
        operationId: "OnX",
        "x-ms-trigger": "single",
        parameters: [bodyParameter(urlBody)],
        responses: created,
        ...operation,
      },
    },
  });

/** A connector with one operation that is polled. */
const poll = (schema: unknown, operation: Obj = {}): Obj =>
  document({
    "/items": {
      get: {
        operationId: "OnItem",
        "x-ms-trigger": "batch",
        parameters: [
          { name: "since", in: "query", type: "string" },
          { name: "kind", in: "query", type: "string" },
        ],
        responses: { 200: { description: "OK", ...(schema === undefined ? {} : { schema }) } },
        ...operation,
      },
    },
  });

function importOf(definition: Obj, properties?: Obj) {
  const file = (path: string, value: unknown) => ({ path, bytes: new TextEncoder().encode(JSON.stringify(value)) });
  const result = importDocument([
    file("apiDefinition.swagger.json", definition),
    ...(properties === undefined ? [] : [file("apiProperties.json", { properties })]),
  ]);
  expect(result.lint.filter((finding) => finding.about === "definition" && finding.severity === "error")).toEqual([]);
  const trigger = asObject(Object.values(asObject(result.definition?.triggers))[0]);
  return {
    result,
    trigger,
    subscribe: asObject(asObject(asObject(trigger.webhook).subscribe).request),
    poll: asObject(trigger.poll),
    codes: [...result.losses, ...result.repairs].map(({ code }) => code),
  };
}

describe("the payload of a webhook", () => {
  it.each<[string, Obj, string[]]>([
    ["on the path", hook({}, { [content]: { schema: payloadRef } }), []],
    ["on the path, without schema in between", hook({}, { [content]: payloadRef }), ["notification-content"]],
    ["on the operation", hook({ [content]: { schema: payloadRef } }), ["notification-content"]],
    ["on the operation, without schema in between", hook({ [content]: payloadRef }), ["notification-content"]],
    [
      "on the body parameter",
      hook({ parameters: [bodyParameter(urlBody, { [content]: { schema: payloadRef } })] }),
      ["notification-content"],
    ],
    [
      "in the schema of the body",
      hook({ parameters: [bodyParameter({ ...urlBody, [content]: { schema: payloadRef } })] }),
      ["notification-content"],
    ],
    [
      "on the response",
      hook({ responses: { 201: { description: "Subscribed", [content]: { schema: payloadRef } } } }),
      ["notification-content"],
    ],
    ["misspelt", hook({}, { "x-ms-notification-conent": { schema: payloadRef } }), ["extension-name"]],
  ])("%s", (_, definition, codes) => {
    const found = importOf(definition);
    expect(found.trigger.output).toEqual({ $ref: "#/$defs/P" });
    expect(found.codes).toEqual(codes);
  });
});

describe("where a webhook takes the URL", () => {
  const marked = { type: "string", "x-ms-notification-url": true };
  const item = { [content]: { schema: payload } };
  it.each<[string, Obj, Obj]>([
    ["in the body", hook({}, item), { body: { url: "{{ webhook.url }}" } }],
    ["as the whole body", hook({ parameters: [bodyParameter(marked)] }, item), { body: "{{ webhook.url }}" }],
    [
      "in a header",
      hook({ parameters: [{ name: "X-Url", in: "header", ...marked }] }, item),
      { headers: { "X-Url": "{{ webhook.url }}" } },
    ],
    [
      "in the query",
      hook({ parameters: [{ name: "u", in: "query", ...marked }] }, item),
      { query: { u: "{{ webhook.url }}" } },
    ],
    [
      "in the path",
      hook({ parameters: [{ name: "u", in: "path", required: true, ...marked }] }, item, "/hooks/{u}"),
      { path: "/hooks/{{ webhook.url }}" },
    ],
    [
      "in a part of allOf, as a text",
      hook(
        {
          parameters: [
            bodyParameter({ allOf: [{ properties: { u: { type: "string", "x-ms-notification-url": " True" } } }] }),
          ],
        },
        item,
      ),
      { body: { u: "{{ webhook.url }}" } },
    ],
    [
      "under a misspelt mark",
      hook(
        { parameters: [bodyParameter({ properties: { u: { type: "string", "x-ms-notifcation-url": true } } })] },
        item,
      ),
      { body: { u: "{{ webhook.url }}" } },
    ],
  ])("%s", (_, definition, request) => {
    const found = importOf(definition);
    expect(found.subscribe).toMatchObject(request);
    expect(found.trigger.input).toBeUndefined();
  });
  it("within a list it has no place, and that is said", () => {
    const list = { type: "object", properties: { targets: { type: "array", items: urlBody } } };
    expect(importOf(hook({ parameters: [bodyParameter(list)] }, item)).codes).toEqual(["callback-field-missing"]);
  });
});

describe("what a trigger is", () => {
  it.each(["none", "None", "", false, null])("x-ms-trigger %j is an action", (mark) => {
    const { result } = importOf(hook({ "x-ms-trigger": mark }));
    expect([Object.keys(asObject(result.definition?.actions)), result.definition?.triggers]).toEqual([
      ["OnX"],
      undefined,
    ]);
  });
  it.each(["single", "batch", " Single", "BATCH"])("x-ms-trigger %j is a trigger", (mark) => {
    expect(importOf(hook({ "x-ms-trigger": mark })).result.triggers).toEqual({ webhook: 1, polling: 0 });
  });
  it("a misspelt mark is one all the same", () => {
    expect(importOf(hook({ "x-ms-trigger": undefined, "x-ms-triger": "single" })).result.triggers.webhook).toBe(1);
  });
});

describe("what a polling trigger yields", () => {
  const list = { $ref: "#/definitions/List" };
  it.each<[string, unknown, string, unknown]>([
    ["a list", list, "response.body", { $ref: "#/$defs/P" }],
    ["a list in an object", { properties: { value: list } }, "response.body.value", { $ref: "#/$defs/P" }],
    ["one thing", payloadRef, "[response.body]", { $ref: "#/$defs/P" }],
    ["nothing described", undefined, "[response.body]", undefined],
  ])("%s", (_, schema, items, output) => {
    const found = importOf(poll(schema));
    expect(found.poll.items).toBe(`{{ ${items} }}`);
    expect(found.trigger.output).toEqual(output);
  });

  const policy = (parameters: Obj): Obj => ({
    connectionParameters: {},
    policyTemplateInstances: [
      {
        templateId: "PollingTrigger",
        parameters: {
          "x-ms-apimTemplate-operationName": ["OnItem"],
          ...Object.fromEntries(
            Object.entries(parameters).map(([name, value]) => [`x-ms-apimTemplateParameter.${name}`, value]),
          ),
        },
      },
    ],
  });
  it("a path that leaves the described answer keeps what the list holds", () => {
    const found = importOf(
      poll(list),
      policy({ triggerDataPath: "@triggerBody().rows", triggerConfig: { since: "@triggerBody().rows[0].id" } }),
    );
    expect(found.trigger.output).toEqual({ $ref: "#/$defs/P" });
    expect(found.poll).toMatchObject({ items: "{{ response.body.rows }}", cursor: "{{ response.body.rows[0].id }}" });
  });
  it("a state that is written as an object has its value, and a next link its own query", () => {
    const found = importOf(
      poll({ properties: { value: list } }),
      policy({
        triggerDataPath: "@triggerBody().value",
        triggerConfig: {
          since: { value: "@{triggerBody().value[0].id}" },
          "x-ms-triggerConfig-nextLink": "@triggerBody().next",
        },
      }),
    );
    expect(found.poll).toMatchObject({
      cursor: "{{ response.body.value[0].id }}",
      pagination: { next: "{{ response.body.next }}" },
      request: {
        url: "{{ page.next }}",
        query: {
          since: "{{ cursor if page.next is not defined }}",
          kind: "{{ input.kind if page.next is not defined }}",
        },
      },
    });
  });
});
