import type { SourceRule } from "../lint-rule.ts";

/** The host is a host name. */
export const hostInvalid: SourceRule = {
  id: "host-invalid",
  severity: "warning",
  certification: "error",
  summary: "The host is a host name.",
  reason: "No request can be sent there.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      host: "The hostname of the API",
    },
    pointers: ["/host"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    host: "api.example.com",
  },
  *check(source) {
    const host = source.document.host;
    if (typeof host === "string" && !/^(?:[a-z]+:\/\/)?[A-Za-z0-9.\-_{}[\]:@']+(?::\d+)?\/?$/.test(host.trim()))
      yield { pointer: "/host", message: `${JSON.stringify(host)} is no host name` };
  },
};
