import { fitsType } from "../../schemas/repair-keywords.ts";
import type { SourceRule } from "../lint-rule.ts";

/** The values of an enum are of its own type. */
export const enumType: SourceRule = {
  id: "enum-type",
  severity: "advice",
  certification: "warning",
  summary: "The values of an enum are of its own type.",
  reason: "None of them could ever be sent.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "string", enum: [1, 2] } },
    },
    pointers: ["/definitions/A/enum"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: { A: { type: "string", enum: ["1"] } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (
        Array.isArray(schema.enum) &&
        typeof schema.type === "string" &&
        schema.enum.some((value) => value !== null && !fitsType(value, schema.type))
      )
        yield { pointer: `${pointer}/enum`, message: `A value is not of type ${schema.type}` };
    }
  },
};
