import { type RouteId, routes } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { createRequestValidators } from "./request-validator.ts";

const validatorOf = createRequestValidators();

function refusalOf(run: () => unknown): ConnectorError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("a request's body", () => {
  const refused: readonly [route: RouteId, body: unknown, pointer: string, message: string, hint?: string][] = [
    ["executeAction", { inputs: {} }, "/inputs", "is not known here", 'Did you mean "input"?'],
    [
      "executeAction",
      { verbose: true },
      "/verbose",
      "is not known here",
      "Known are: input, connection, version, page, trace.",
    ],
    ["executeAction", { connection: 5 }, "/connection", "must be string, not number"],
    ["executeAction", [], "", "must be object, not array"],
    ["executeAction", { page: { all: "yes" } }, "/page/all", "must be boolean, not string"],
    ["createConnection", { connector: "books" }, "/name", "is required", 'Add the member "name".'],
    [
      "createConnection",
      { connector: "Books!", name: "x" },
      "/connector",
      'must match pattern "^[a-z0-9]+(-[a-z0-9]+)*$"',
    ],
    ["createKey", { name: "k", kind: "public" }, "/kind", "must be one of service, publishable"],
    ["createKey", { name: "k", expiresAt: "tomorrow" }, "/expiresAt", 'must match format "date-time"'],
    ["putSecret", { value: "", hosts: [] }, "/value", "must NOT have fewer than 1 characters"],
    [
      "putSecret",
      { value: "v", hosts: ["https://x"] },
      "/hosts/0",
      expect.stringContaining("must match pattern") as string,
    ],
  ];
  for (const [route, body, pointer, message, hint] of refused) {
    it(`${route} ${JSON.stringify(body)}: ${pointer || "the whole"} ${String(message)}`, () => {
      const error = refusalOf(() => validatorOf(routes[route]).body(body));
      expect(error.code).toBe("REQUEST_INVALID");
      expect(error.details[0]).toEqual({ pointer, message, ...(hint === undefined ? {} : { hint }) });
    });
  }

  it("may be absent only where the route says so", () => {
    expect(() => validatorOf(routes.executeAction).body(undefined)).not.toThrow();
    expect(refusalOf(() => validatorOf(routes.createKey).body(undefined)).hint).toMatch(/Send a JSON body/);
  });

  it("never has its values quoted", () => {
    const error = refusalOf(() =>
      validatorOf(routes.putSecret).body({ value: ["s3cr3t-value"], hosts: "s3cr3t-value" }),
    );
    expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain("s3cr3t");
  });
});

describe("a request's query", () => {
  it("is turned into numbers and booleans, with defaults", () => {
    expect(validatorOf(routes.listExecutions).query({ limit: "7" })).toEqual({ limit: 7 });
    expect(validatorOf(routes.listExecutions).query({})).toEqual({ limit: 50 });
    expect(validatorOf(routes.saveConnector).query({ publish: "true" })).toEqual({ publish: true });
  });

  const refused: readonly [query: Record<string, string>, pointer: string][] = [
    [{ limit: "0" }, "/query/limit"],
    [{ limit: "many" }, "/query/limit"],
    [{ limits: "5" }, "/query/limits"],
    [{ outcome: "maybe" }, "/query/outcome"],
  ];
  for (const [query, pointer] of refused) {
    it(`refuses ${JSON.stringify(query)}`, () => {
      const error = refusalOf(() => validatorOf(routes.listExecutions).query(query));
      expect(error.details[0]?.pointer).toBe(pointer);
    });
  }
});
