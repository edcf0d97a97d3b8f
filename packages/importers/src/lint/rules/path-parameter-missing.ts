import type { SourceRule } from "../lint-rule.ts";

/** Every variable of a path is a declared parameter. */
export const pathParameterMissing: SourceRule = {
  id: "path-parameter-missing",
  severity: "warning",
  certification: "error",
  summary: "Every variable of a path is a declared parameter.",
  reason: "An undeclared one is asked for as a text.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a/{b}": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    },
    pointers: ["/paths/~1a~1{b}/get"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { path, pointer, parameters } of source.operations) {
      const declared = new Set(
        parameters
          .filter(({ parameter }) => parameter.in === "path")
          .map(({ parameter }) => String(parameter.name).trim().toLowerCase()),
      );
      for (const [, name = ""] of path.matchAll(/\{([^{}]+)\}/g)) {
        if (
          !declared.has(
            name
              .replaceAll(/^[+#./;?&]|[*+]$/g, "")
              .trim()
              .toLowerCase(),
          ) &&
          !declared.has(name.toLowerCase())
        )
          yield { pointer, message: `{${name}} is not declared` };
      }
    }
  },
};
