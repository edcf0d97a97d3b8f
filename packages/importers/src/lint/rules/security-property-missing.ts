import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A security scheme has what its type needs. */
export const securityPropertyMissing: SourceRule = {
  id: "security-property-missing",
  severity: "warning",
  certification: "error",
  summary: "A security scheme has what its type needs.",
  reason: "It cannot be carried out.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      securityDefinitions: { key: { type: "apiKey", in: "header" } },
    },
    pointers: ["/securityDefinitions/key"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    securityDefinitions: { key: { type: "apiKey", in: "header", name: "X" } },
  },
  *check(source) {
    const isSwagger = source.version === "2.0";
    const base = isSwagger ? "/securityDefinitions" : "/components/securitySchemes";
    const schemes = isSwagger
      ? source.document.securityDefinitions
      : asObject(source.document.components).securitySchemes;
    for (const [name, value] of Object.entries(asObject(schemes))) {
      const scheme = asObject(source.follow(value));
      const needed = scheme.type === "apiKey" ? ["in", "name"] : scheme.type === "http" ? ["scheme"] : [];
      for (const member of needed)
        if (typeof scheme[member] !== "string" || scheme[member] === "")
          yield { pointer: `${base}/${escapeToken(name)}`, message: `The scheme has no ${member}` };
    }
  },
};
