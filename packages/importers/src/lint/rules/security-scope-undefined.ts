import { asList, asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A requirement asks for scopes that its scheme lists. */
export const securityScopeUndefined: SourceRule = {
  id: "security-scope-undefined",
  severity: "advice",
  certification: "warning",
  summary: "A requirement asks for scopes that its scheme lists.",
  reason: "The authorization server may refuse the others.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      securityDefinitions: {
        o: { type: "oauth2", flow: "implicit", authorizationUrl: "https://x.example", scopes: { a: "" } },
      },
      security: [{ o: ["b"] }],
    },
    pointers: ["/security/0/o"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const schemes = asObject(
      source.document.securityDefinitions ?? asObject(source.document.components).securitySchemes,
    );
    for (const [index, requirement] of asList(source.document.security).entries()) {
      for (const [name, scopes] of Object.entries(asObject(requirement))) {
        const scheme = asObject(schemes[name]);
        if (scheme.type !== "oauth2") continue;
        const known = new Set(
          [scheme, ...Object.values(asObject(scheme.flows))].flatMap((flow) =>
            Object.keys(asObject(asObject(flow).scopes)),
          ),
        );
        for (const scope of asList(scopes))
          if (known.size > 0 && !known.has(String(scope)))
            yield {
              pointer: `/security/${index}/${escapeToken(name)}`,
              message: `The scope ${JSON.stringify(scope)} is not listed`,
            };
      }
    }
  },
};
