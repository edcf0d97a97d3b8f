import type { JsonObject } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { readCorpus } from "../scripts/read-corpus.ts";
import { exportOpenApi } from "./export/export-openapi.ts";
import { importDocument } from "./import-document.ts";
import { equalJson } from "./json-value.ts";

/** What each document of the own corpus yields: operations, triggers, auth, codes of losses. */
const expected: Readonly<
  Record<string, readonly [operations: string, triggers: string, auth: string, losses: string]>
> = {
  "aws-query": ["2/2", "0+0", "awsSigV4", ""],
  "camunda-template": ["2/2", "0+0", "bearer", "feel-result"],
  curl: ["1/1", "0+0", "bearer", "curl-cookie"],
  "curl-form": ["1/1", "0+0", "basic", "curl-insecure"],
  "gainsight-code-mode": ["1/1", "0+0", "apiKey", "member-unknown"],
  "gainsight-registry": ["2/3", "0+0", "", ""],
  har: ["2/2", "0+0", "bearer apiKey", "har-cookie"],
  "json-sample": ["1/1", "0+0", "", ""],
  "openapi-3.0-bodies": ["4/4", "0+0", "", ""],
  "openapi-3.0-bundle": ["1/1", "0+0", "", "reference-unresolved"],
  "openapi-3.0-callbacks": ["1/1", "1+0", "", ""],
  "openapi-3.0-parameters": ["2/2", "0+0", "", ""],
  "openapi-3.0-ref-property": ["1/1", "0+0", "", ""],
  "openapi-3.0-security": ["3/3", "0+0", "apiKey oauth2", "security-undefined security-unsupported"],
  "openapi-3.0-sloppy": [
    "1/1",
    "0+0",
    "",
    "path-malformed parameter-duplicate parameter-malformed schema-type reference-unresolved",
  ],
  "openapi-3.1-schemas": ["1/1", "0+0", "", ""],
  "openapi-3.1-webhooks": ["1/1", "1+0", "bearer", ""],
  "postman-2.0": ["2/2", "0+0", "", "postman-auth"],
  "postman-2.1": ["3/3", "0+0", "bearer", "postman-script"],
  "power-platform-multi-auth": ["1/1", "0+0", "basic oauth2", "policy-unheardof"],
  "power-platform-oauth": ["1/1", "0+0", "oauth2", "script"],
  "power-platform-webhook": ["4/4", "1+1", "apiKey", ""],
  "swagger-2.0-classic": ["3/3", "0+0", "apiKey", ""],
  "swagger-2.0-comments": ["1/1", "0+0", "", ""],
  "swagger-2.0-extensions": ["2/2", "1+0", "", ""],
  "swagger-2.0-no-produces": ["1/1", "0+0", "", ""],
};

const corpus = readCorpus();

describe("the own corpus", () => {
  it("has a row for every document", () => {
    expect(Object.keys(corpus).sort()).toEqual(Object.keys(expected).sort());
  });
  it.each(Object.entries(expected))("%s", (name, [operations, triggers, auth, losses]) => {
    const result = importDocument(corpus[name] ?? [], name === "json-sample" ? { format: "json-sample" } : {});
    expect(result.lint.filter((finding) => finding.about === "definition" && finding.severity === "error")).toEqual([]);
    expect(result.ok).toBe(true);
    expect(`${result.operations.imported}/${result.operations.source}`).toBe(operations);
    expect(`${result.triggers.webhook}+${result.triggers.polling}`).toBe(triggers);
    expect(result.auth.join(" ")).toBe(auth);
    expect(result.losses.map((loss) => loss.code).join(" ")).toBe(losses);
  });
  it.each(Object.keys(expected))("%s holds no credential that its source holds", (name) => {
    const result = importDocument(corpus[name] ?? [], name === "json-sample" ? { format: "json-sample" } : {});
    expect(JSON.stringify(result)).not.toMatch(/canary/);
  });
  it.each(Object.keys(expected))("%s comes back whole from its own export", (name) => {
    const result = importDocument(corpus[name] ?? [], name === "json-sample" ? { format: "json-sample" } : {});
    for (const definition of [result.definition as JsonObject, ...result.further]) {
      const { document } = exportOpenApi(definition);
      const again = importDocument([
        { path: "export.json", bytes: new TextEncoder().encode(JSON.stringify(document)) },
      ]);
      expect(equalJson(again.definition, JSON.parse(JSON.stringify(definition)))).toBe(true);
    }
  });
});
