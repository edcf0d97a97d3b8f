import { asList, asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A security requirement names a scheme that is defined. */
export const securityUndefined: SourceRule = {
  id: "security-undefined",
  severity: "warning",
  certification: "warning",
  summary: "A security requirement names a scheme that is defined.",
  reason: "The requirement cannot be met.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      security: [{ key: [] }],
    },
    pointers: ["/security/0/key"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    securityDefinitions: { key: { type: "apiKey", in: "header", name: "X" } },
    security: [{ key: [] }],
  },
  *check(source) {
    const schemes = asObject(
      source.document.securityDefinitions ?? asObject(source.document.components).securitySchemes,
    );
    const places = [
      { list: source.document.security, pointer: "/security" },
      ...source.operations.map(({ operation, pointer }) => ({
        list: operation.security,
        pointer: `${pointer}/security`,
      })),
    ];
    for (const { list, pointer } of places) {
      for (const [index, requirement] of asList(list).entries()) {
        for (const name of Object.keys(asObject(requirement)))
          if (!Object.hasOwn(schemes, name))
            yield {
              pointer: `${pointer}/${index}/${escapeToken(name)}`,
              message: `The scheme ${JSON.stringify(name)} is not defined`,
            };
      }
    }
  },
};
