import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import { dynamicLinks } from "../dynamic-links.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A dynamic link passes parameters that its operation has. */
export const dynamicParameterMissing: SourceRule = {
  id: "dynamic-parameter-missing",
  severity: "advice",
  certification: "error",
  summary: "A dynamic link passes parameters that its operation has.",
  reason: "The value is not passed.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [
              {
                name: "b",
                in: "query",
                type: "string",
                "x-ms-dynamic-values": { operationId: "a", parameters: { nope: 1 }, "value-path": "id" },
              },
            ],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/0/x-ms-dynamic-values/parameters/nope"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { key, link, pointer } of dynamicLinks(source)) {
      const target = source.operations.find(({ operation }) => operation.operationId === link.operationId);
      if (target === undefined || target.operation.requestBody !== undefined) continue;
      const names = new Set(target.parameters.map(({ parameter }) => String(parameter.name).toLowerCase()));
      const hasBody = target.parameters.some(({ parameter }) => parameter.in === "body");
      for (const name of Object.keys(asObject(link.parameters))) {
        if (!hasBody && !names.has(name.toLowerCase()))
          yield {
            pointer: `${pointer}/${key}/parameters/${escapeToken(name)}`,
            message: `${String(link.operationId)} has no parameter ${JSON.stringify(name)}`,
          };
      }
    }
  },
};
