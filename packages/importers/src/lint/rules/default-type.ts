import { fitsType, readAs } from "../../schemas/repair-keywords.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A default is of its own type. */
export const defaultType: SourceRule = {
  id: "default-type",
  severity: "advice",
  certification: "warning",
  summary: "A default is of its own type.",
  reason: "A default that does not fit is not filled in.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "integer", default: "ten" } },
    },
    pointers: ["/definitions/A/default"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: { A: { type: "integer", default: 10 } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (
        schema.default !== undefined &&
        schema.default !== null &&
        typeof schema.type === "string" &&
        !fitsType(schema.default, schema.type)
      ) {
        const read = readAs(schema.default, schema.type);
        yield {
          pointer: `${pointer}/default`,
          message: `The default is not of type ${schema.type}`,
          ...(read === undefined ? {} : { fix: { kind: "set" as const, pointer: `${pointer}/default`, value: read } }),
        };
      }
    }
  },
};
