import type { SourceRule } from "../lint-rule.ts";

/** The base path begins with a slash. */
export const basePathInvalid: SourceRule = {
  id: "base-path-invalid",
  severity: "advice",
  certification: "error",
  summary: "The base path begins with a slash.",
  reason: "It is appended to the host.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      basePath: "v1",
    },
    pointers: ["/basePath"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    basePath: "/v1",
  },
  *check(source) {
    const path = source.document.basePath;
    if (typeof path === "string" && path !== "" && !path.startsWith("/"))
      yield {
        pointer: "/basePath",
        message: "The base path does not begin with a slash",
        fix: { kind: "set", pointer: "/basePath", value: `/${path}` },
      };
  },
};
