import type { SourceRule } from "../lint-rule.ts";

/** Every path parameter has its place in the path. */
export const pathParameterNotInTemplate: SourceRule = {
  id: "path-parameter-not-in-template",
  severity: "warning",
  certification: "error",
  summary: "Every path parameter has its place in the path.",
  reason: "Its value would be asked for and go nowhere.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [{ name: "b", in: "path", required: true, type: "string" }],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/0"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { path, parameters } of source.operations) {
      const variables = new Set(
        [...path.matchAll(/\{([^{}]+)\}/g)].map((match) =>
          (match[1] ?? "")
            .replaceAll(/^[+#./;?&]|[*+]$/g, "")
            .trim()
            .toLowerCase(),
        ),
      );
      for (const { parameter, pointer } of parameters) {
        const name = String(parameter.name).trim().toLowerCase();
        if (parameter.in === "path" && !variables.has(name) && !variables.has(name.replaceAll(/[*+]$/g, "")))
          yield { pointer, message: `The path has no {${String(parameter.name)}}` };
      }
    }
  },
};
