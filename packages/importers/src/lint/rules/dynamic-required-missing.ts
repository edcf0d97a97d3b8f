import { asObject } from "../../json-value.ts";
import { dynamicLinks } from "../dynamic-links.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A dynamic link passes what its operation requires. */
export const dynamicRequiredMissing: SourceRule = {
  id: "dynamic-required-missing",
  severity: "advice",
  certification: "error",
  summary: "A dynamic link passes what its operation requires.",
  reason: "The lookup would be refused.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [
              { name: "c", in: "query", required: true, type: "string" },
              {
                name: "b",
                in: "query",
                type: "string",
                "x-ms-dynamic-values": { operationId: "a", "value-path": "id" },
              },
            ],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/1/x-ms-dynamic-values"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { key, link, pointer } of dynamicLinks(source)) {
      const target = source.operations.find(({ operation }) => operation.operationId === link.operationId);
      const given = new Set(Object.keys(asObject(link.parameters)).map((name) => name.toLowerCase()));
      for (const { parameter } of target?.parameters ?? []) {
        const isGiven =
          given.has(String(parameter.name).toLowerCase()) ||
          parameter.default !== undefined ||
          asObject(parameter.schema).default !== undefined;
        if (parameter.required === true && parameter.in !== "body" && !isGiven)
          yield {
            pointer: `${pointer}/${key}`,
            message: `${String(link.operationId)} requires ${JSON.stringify(parameter.name)}`,
          };
      }
    }
  },
};
