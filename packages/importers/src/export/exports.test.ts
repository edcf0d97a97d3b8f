import type { JsonObject } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { readCorpus } from "../../scripts/read-corpus.ts";
import { importDocument } from "../import-document.ts";
import { asList, asObject } from "../json-value.ts";
import { exportElementTemplate } from "./export-element-template.ts";
import { exportJsonSchemas } from "./export-json-schemas.ts";
import { exportOpenApi } from "./export-openapi.ts";
import { exportPowerPlatform } from "./export-power-platform.ts";

const corpus = readCorpus();
const definitionOf = (name: string): JsonObject => importDocument(corpus[name] ?? []).definition ?? {};
const file = (path: string, value: unknown) => ({ path, bytes: new TextEncoder().encode(JSON.stringify(value)) });

/** A definition that OpenAPI alone cannot say. */
const handmade: JsonObject = {
  name: "books",
  title: "Bookshop",
  version: "1.2.3",
  baseUrl: "https://{{ connection.site }}.books.example/v1",
  connection: {
    parameters: {
      type: "object",
      required: ["site", "token"],
      properties: { site: { type: "string" }, token: { type: "string", writeOnly: true } },
    },
    auth: [{ type: "apiKey", in: "header", name: "Authorization", value: "Token {{ connection.token }}" }],
  },
  actions: {
    createOrder: {
      title: "Create order",
      idempotencyKey: "{{ call.id }}",
      input: {
        type: "object",
        required: ["isbn"],
        properties: {
          isbn: { type: "string" },
          gift: { type: "boolean", default: false },
          kind: { enum: ["paper", "file"] },
          lines: { type: "array", items: { $ref: "#/$defs/Line" } },
        },
      },
      request: { method: "POST", path: "/orders", body: { book: "{{ input.isbn }}" } },
      response: { body: { id: "{{ response.body.order.id }}" } },
      errors: [{ when: "{{ response.status == 409 }}", code: "OUT_OF_STOCK" }],
    },
    all: {
      steps: [
        { id: "a", request: { path: "/a" } },
        { id: "b", request: { path: "/b/{{ steps.a.body.id }}" } },
      ],
    },
  },
  triggers: {
    paid: {
      webhook: { subscribe: { request: { method: "POST", path: "/hooks", body: { url: "{{ webhook.url }}" } } } },
    },
  },
  $defs: { Line: { type: "object", properties: { next: { $ref: "#/$defs/Line" } } }, Unused: { type: "string" } },
};

describe("OpenAPI", () => {
  it("brings a hand-made definition back whole", () => {
    const { document } = exportOpenApi(handmade);
    expect(importDocument([file("openapi.json", document)]).definition).toEqual(handmade);
  });
  it("holds nothing of ours when it is to be plain", () => {
    expect(JSON.stringify(exportOpenApi(handmade, { plain: true }).document)).not.toContain("x-junctor");
  });
  it("says what an author wrote as paths, parameters and schemes", () => {
    const { document } = exportOpenApi(handmade);
    expect(document).toMatchObject({
      openapi: "3.1.0",
      servers: [{ url: "https://{site}.books.example/v1" }],
      paths: {
        "/orders": {
          post: {
            operationId: "createOrder",
            requestBody: {
              required: true,
              content: {
                "application/json": {
                  schema: { type: "object", required: ["book"], properties: { book: { type: "string" } } },
                },
              },
            },
          },
        },
      },
      components: { securitySchemes: { apiKey: { type: "apiKey", in: "header", name: "Authorization" } } },
    });
  });
});

describe("Power Platform", () => {
  it("gives back operations, extensions and properties of an imported pair", () => {
    const { definition, properties, losses } = exportPowerPlatform(definitionOf("power-platform-webhook"));
    expect(losses).toEqual([]);
    const again = importDocument([
      file("apiDefinition.swagger.json", definition),
      file("apiProperties.json", properties),
    ]);
    expect(again.ok).toBe(true);
    expect(again.triggers).toEqual({ webhook: 1, polling: 1 });
    expect(again.operations).toMatchObject({ source: 4, imported: 4 });
    expect(again.stats.policies).toEqual({ found: 3, applied: 3 });
    expect(again.stats.dynamicLinks).toEqual({ found: 1, resolved: 1 });
  });
  it("writes host and prefix of a hand-made definition as policies, and says what it cannot", () => {
    const { properties, losses } = exportPowerPlatform(handmade);
    const policies = asList(asObject(asObject(properties).properties).policyTemplateInstances).map(
      (policy) => asObject(policy).templateId,
    );
    expect(policies).toEqual(["dynamichosturl", "setheader"]);
    expect(losses.map((loss) => `${loss.code} ${loss.pointer}`).sort()).toEqual(
      [
        "export-errors /actions/createOrder/errors",
        "export-idempotencyKey /actions/createOrder/idempotencyKey",
        "export-schema-types /paths/~1orders/post/requestBody/properties/kind",
        "export-steps /actions/all/steps",
        "export-trigger /triggers/paid",
      ].filter((line) => !line.startsWith("export-schema")),
    );
  });
});

describe("Camunda element template", () => {
  const { template } = exportElementTemplate(handmade);
  const properties = asList(asObject(template).properties).map(asObject);
  it("offers the actions and puts each field behind its action", () => {
    expect(template).toMatchObject({
      id: "dev.junctor.books",
      version: 1_002_003,
      appliesTo: ["bpmn:Task"],
      elementType: { value: "bpmn:ServiceTask" },
    });
    expect(properties.find((property) => property.id === "action")).toMatchObject({
      type: "Dropdown",
      value: "createOrder",
      binding: { type: "zeebe:input", name: "action" },
    });
    expect(properties.find((property) => property.id === "createOrder_isbn")).toMatchObject({
      type: "String",
      feel: "optional",
      constraints: { notEmpty: true },
      condition: { property: "action", equals: "createOrder" },
    });
  });
  it("types fields as the schema does", () => {
    const kinds = Object.fromEntries(
      properties
        .filter((property) => String(property.id).startsWith("createOrder_"))
        .map((property) => [property.id, `${property.type} ${property.feel ?? ""}`.trim()]),
    );
    expect(kinds).toEqual({
      createOrder_isbn: "String optional",
      createOrder_gift: "Boolean static",
      createOrder_kind: "Dropdown",
      createOrder_lines: "Text required",
    });
  });
  it("has every id once, each condition on an earlier property, and no credential", () => {
    const ids = properties.flatMap((property) => (property.id === undefined ? [] : [String(property.id)]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, property] of properties.entries()) {
      const condition = asObject(property.condition).property;
      if (condition !== undefined)
        expect(properties.slice(0, index).some((earlier) => earlier.id === condition)).toBe(true);
    }
    expect(JSON.stringify(template)).not.toMatch(/token/i);
  });
});

describe("JSON Schemas of actions", () => {
  it("hold the shared schemas that they refer to, and no others", () => {
    const { createOrder, all } = exportJsonSchemas(handmade);
    expect(createOrder?.input).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Create order: input",
      required: ["isbn"],
    });
    expect(Object.keys(asObject(asObject(createOrder?.input).$defs))).toEqual(["Line"]);
    expect(all).toMatchObject({ output: null, input: { additionalProperties: false } });
  });
});
