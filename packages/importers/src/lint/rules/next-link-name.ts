import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A pageable operation names a next link that is known. */
export const nextLinkName: SourceRule = {
  id: "next-link-name",
  severity: "advice",
  certification: "warning",
  summary: "A pageable operation names a next link that is known.",
  reason: "Readers look for nextLink or @odata.nextLink.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            "x-ms-pageable": { nextLinkName: "more" },
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/x-ms-pageable"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer } of source.operations) {
      const name = asObject(operation["x-ms-pageable"]).nextLinkName;
      if (name !== undefined && name !== "nextLink" && name !== "@odata.nextLink")
        yield { pointer: `${pointer}/x-ms-pageable`, message: `${JSON.stringify(name)} is not a known name` };
    }
  },
};
