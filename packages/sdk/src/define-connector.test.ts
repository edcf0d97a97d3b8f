import { describe, expect, it } from "vitest";
import { actionKind, defineAction, defineAuthMethod, defineConnector, defineDefinition } from "./define-connector.ts";
import type { StandardJsonSchema } from "./standard-schema.ts";

/** Stands for an object of any schema library that follows Standard JSON Schema. */
const librarySchema = <Input, Output = Input>(
  input: Record<string, unknown>,
  output: Record<string, unknown> = input,
): StandardJsonSchema<Input, Output> => ({
  "~standard": {
    version: 1,
    vendor: "test",
    jsonSchema: {
      input: () => ({ $schema: "https://json-schema.org/draft/2020-12/schema", ...input }),
      output: () => ({ $schema: "https://json-schema.org/draft/2020-12/schema", ...output }),
    },
  },
});

describe("defineConnector", () => {
  it("leaves a document without code as it is", () => {
    const document = {
      name: "weather",
      title: "Weather",
      version: "1.0.0",
      baseUrl: "https://api.weather.example",
      actions: { now: { request: { path: "/now" } } },
    };
    expect(defineConnector(document)).toEqual({ definition: document, functions: {} });
  });

  it("lists a function under its action's name and leaves the name in the document", () => {
    const run = () => ({ approved: true });
    const { definition, functions } = defineConnector({
      name: "n",
      title: "N",
      version: "1.0.0",
      actions: { approve: { title: "Approve", run } },
    });
    expect(definition.actions?.approve).toEqual({ title: "Approve", run: "approve" });
    expect(functions).toEqual({ approve: run });
  });

  it("keeps functions that are named as text", () => {
    const sign = () => "x";
    const { definition, functions } = defineConnector({
      name: "n",
      title: "N",
      version: "1.0.0",
      functions: { sign },
      connection: { auth: [{ type: "code", run: "sign" }] },
      actions: { go: { request: { path: "/" } } },
    });
    expect(definition).not.toHaveProperty("functions");
    expect(functions).toEqual({ sign });
  });

  it("refuses two functions of one name", () => {
    const define = () =>
      defineConnector({
        name: "n",
        title: "N",
        version: "1.0.0",
        functions: { go: () => 1 },
        actions: { go: { run: () => 2 } },
      });
    expect(define).toThrow("Two functions are called go");
  });

  it("turns library schemas into JSON Schema: what input accepts, what output yields", () => {
    const schema = librarySchema<{ at: string }, { at: Date }>(
      { type: "object", properties: { at: { type: "string" } } },
      { type: "object", properties: { at: { type: "string", format: "date-time" } } },
    );
    const action = defineAction({
      input: schema,
      output: schema,
      run: ({ input }) => ({ at: input.at.toISOString() }),
    });
    const { definition } = defineConnector({ name: "n", title: "N", version: "1.0.0", actions: { go: action } });
    expect(definition.actions?.go).toMatchObject({
      input: { type: "object", properties: { at: { type: "string" } } },
      output: { type: "object", properties: { at: { type: "string", format: "date-time" } } },
    });
    expect(definition.actions?.go?.input).not.toHaveProperty("$schema");
  });

  it("names a poll's function after its trigger", () => {
    const poll = () => [];
    const { definition, functions } = defineConnector({
      name: "n",
      title: "N",
      version: "1.0.0",
      triggers: { changed: { poll: { run: poll, interval: "PT1M" } } },
    });
    expect(definition.triggers?.changed).toEqual({ poll: { run: "changed", interval: "PT1M" } });
    expect(functions).toEqual({ changed: poll });
  });
});

describe("the types", () => {
  it("know no misspelt key, take x- members, and tell kinds of actions apart", () => {
    // @ts-expect-error: a key that the format does not know
    defineDefinition({ name: "n", title: "N", version: "1.0.0", baseURL: "https://n.example", actions: {} });
    // @ts-expect-error: an auth method without its token
    defineAuthMethod({ type: "bearer" });
    const both = { request: { path: "/" }, steps: [] };
    // @ts-expect-error: a request and steps at once
    defineDefinition({ name: "n", title: "N", version: "1.0.0", actions: { both } });
    const definition = defineDefinition({
      name: "n",
      title: "N",
      version: "1.0.0",
      "x-mine": 1,
      actions: { a: { run: "a" } },
    });
    expect(definition["x-mine"]).toBe(1);
  });
});

describe("actionKind", () => {
  it.each([
    ["declarative", { request: { path: "/" } }],
    ["composite", { steps: [{ id: "a", request: { path: "/" } }] }],
    ["code", { run: "go" }],
  ] as const)("says %s", (kind, action) => {
    expect(actionKind(action)).toBe(kind);
  });
});
