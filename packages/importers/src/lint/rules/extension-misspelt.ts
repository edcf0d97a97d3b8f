import type { SourceRule } from "../lint-rule.ts";
import { misspelt } from "../misspelt-extensions.ts";

/** An extension is spelt right. */
export const extensionMisspelt: SourceRule = {
  id: "extension-misspelt",
  severity: "warning",
  certification: "warning",
  summary: "An extension is spelt right.",
  reason: "A misspelt one is read as what was meant; other readers ignore it.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": { get: { operationId: "a", "x-ms-visibilty": "important", responses: { 200: { description: "OK" } } } },
      },
    },
    pointers: ["/paths/~1a/get/x-ms-visibilty"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer, parameters } of source.operations) {
      for (const place of [
        { object: operation, pointer },
        ...parameters.map(({ parameter, pointer: where }) => ({ object: parameter, pointer: where })),
      ])
        yield* misspelt(place.object, place.pointer);
    }
    for (const { schema, pointer } of source.schemas) yield* misspelt(schema, pointer);
  },
};
