import { dynamicLinks } from "../dynamic-links.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A dynamic link names an operation of the document. */
export const dynamicOperationMissing: SourceRule = {
  id: "dynamic-operation-missing",
  severity: "warning",
  certification: "error",
  summary: "A dynamic link names an operation of the document.",
  reason: "There are no choices to offer.",
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
                "x-ms-dynamic-values": { operationId: "Gone", "value-path": "id" },
              },
            ],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/0/x-ms-dynamic-values"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const ids = new Set(source.operations.map(({ operation }) => String(operation.operationId)));
    for (const { key, link, pointer } of dynamicLinks(source)) {
      if (typeof link.operationId === "string" && !ids.has(link.operationId))
        yield { pointer: `${pointer}/${key}`, message: `There is no operation ${JSON.stringify(link.operationId)}` };
    }
  },
};
