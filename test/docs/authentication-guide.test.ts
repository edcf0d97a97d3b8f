import { readFileSync } from "node:fs";
import { lintText } from "@junctor/core";
import { describe, expect, it } from "vitest";

/** Every method shown in the guide is put into a definition and must be one that the server would take. */
const guide = readFileSync(new URL("../../docs/guides/authentication.md", import.meta.url), "utf8");
const methods = [...guide.matchAll(/```json\n([\s\S]*?)```/g)]
  .map(([, text = ""]) => JSON.parse(text) as { readonly type?: string; readonly grant?: string })
  .filter(({ type }) => type !== undefined);

function definitionWith(method: object): object {
  const text = JSON.stringify(method);
  const names = new Set([...text.matchAll(/connection\.(\w+)/g)].map(([, name = ""]) => name));
  const properties = Object.fromEntries(
    [...names].map((name) => [name, { type: "string", title: name, writeOnly: name !== "tenant" }]),
  );
  return {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "guide",
    title: "Guide",
    version: "1.0.0",
    baseUrl: "https://api.example",
    hosts: ["*.books.example"],
    connection: { parameters: { type: "object", properties }, auth: [method] },
    actions: { read: { title: "Read", request: { path: "/things" } } },
  };
}

describe("the methods of the guide", () => {
  it("are all there", () => {
    expect(new Set(methods.map(({ type }) => type))).toEqual(
      new Set(["apiKey", "basic", "bearer", "digest", "jwt", "hmac", "awsSigV4", "oauth1", "oauth2", "session"]),
    );
  });
  it.each(methods.map((method, index) => [`${index + 1}: ${method.type} ${method.grant ?? ""}`, method] as const))(
    "%s is accepted",
    (_title, method) => {
      const report = lintText(JSON.stringify(definitionWith(method)));
      expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );
});
