import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "./open-api.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { schemas } from "./schemas.ts";

const document = openApiDocument({ version: "1.2.3", serverUrl: "/junctor" });
const all = Object.values<Route>(routes);

describe("openApiDocument", () => {
  it("describes every route once, under its path and method", () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation.operationId}`),
    );
    expect(described.sort()).toEqual(all.map((route) => `${route.method} ${route.path} ${route.id}`).sort());
  });

  it("declares each parameter of a path, and no other", () => {
    const odd = all.filter((route) => {
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      return (
        inPath.sort().join() !==
        Object.keys(route.parameters ?? {})
          .sort()
          .join()
      );
    });
    expect(odd.map((route) => route.id)).toEqual([]);
  });

  it("names only schemas that exist", () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      (match) => match[1],
    );
    expect(references.filter((name) => name === undefined || !(name in schemas))).toEqual([]);
  });

  it("holds schemas that a strict JSON Schema 2020-12 validator accepts", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, formats: { "date-time": true, uri: true } });
    ajv.addKeyword("components");
    ajv.addSchema({ $id: "https://junctor.test/api", components: document.components }, "https://junctor.test/api");
    for (const name of Object.keys(schemas)) {
      expect(ajv.compile({ $ref: `https://junctor.test/api#/components/schemas/${name}` }), name).toBeTypeOf(
        "function",
      );
    }
  });

  it("asks for a key on every route that is not public, and says which scope", () => {
    const execute = document.paths["/v1/connectors/{name}/actions/{action}/execute"]?.post;
    expect(execute).toMatchObject({ security: expect.arrayContaining([{ key: [] }]), "x-scope": "execute" });
    expect(document.paths["/healthz"]?.get).toMatchObject({ security: [] });
  });

  it("lists the statuses of a passed-on upstream error on execute", () => {
    const responses = document.paths["/v1/connectors/{name}/actions/{action}/execute"]?.post?.responses;
    expect(Object.keys(responses as object)).toEqual(
      expect.arrayContaining(["404", "409", "410", "422", "429", "502", "504"]),
    );
  });
});
