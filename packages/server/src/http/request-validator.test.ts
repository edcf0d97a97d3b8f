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

const issuer = (key: object) => ({ issuer: "i", audience: "a", algorithms: ["RS256"], key });

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
      "must be lower-case letters, digits and single hyphens between them; at most 255 characters",
      'Write it like "my-connector".',
    ],
    [
      "createConnection",
      { connector: "books", name: "-x" },
      "/name",
      "must be letters, digits, dots, hyphens and underscores, a letter or digit first; at most 100 characters",
      'Write it like "crm.main".',
    ],
    ["createConnection", { connector: "books", name: "x".repeat(101) }, "/name", "must have at most 100 characters"],
    [
      "createConnection",
      { connector: "books", name: "x", owner: { kind: "zz" } },
      "/owner/kind",
      "must be one of workspace, user",
    ],
    [
      "createConnection",
      { connector: "books", name: "x", owner: { kind: "usr", userId: "u" } },
      "/owner/kind",
      "must be one of workspace, user",
      'Did you mean "user"?',
    ],
    [
      "createConnection",
      { connector: "books", name: "x", owner: { kind: "user" } },
      "/owner/userId",
      "is required",
      'Add the member "userId".',
    ],
    [
      "createConnection",
      { connector: "books", name: "x", owner: {} },
      "/owner/kind",
      "is required",
      "Name one of workspace, user.",
    ],
    ["createConnection", { connector: "books", name: "x", owner: 5 }, "/owner", "must be object, not number"],
    ["putIssuer", issuer({ kind: "zzz" }), "/key/kind", "must be one of secret, publicKey, jwks"],
    ["putIssuer", issuer({ kind: "jwks" }), "/key/url", "is required", 'Add the member "url".'],
    [
      "putIssuer",
      issuer({ kind: "secret", secret: "s", pem: "p" }),
      "/key/pem",
      "is not known here",
      "Known are: kind, secret.",
    ],
    ["createKey", { name: "k", kind: "public" }, "/kind", "must be one of service, publishable"],
    [
      "createKey",
      { name: "k", expiresAt: "tomorrow" },
      "/expiresAt",
      "must be a point in time with its offset (RFC 3339)",
      'Write it like "2030-01-31T12:00:00Z".',
    ],
    ["putSecret", { value: "", hosts: [] }, "/value", "must not be empty"],
    [
      "putSecret",
      { value: "v", hosts: ["https://x"] },
      "/hosts/0",
      "must be a host, without scheme and path; at most 255 characters",
      'Write it like "api.example.com", "*.example.com" or "api.example.com:8443".',
    ],
  ];
  for (const [route, body, pointer, message, hint] of refused) {
    it(`${route} ${JSON.stringify(body)}: ${pointer || "the whole"} ${String(message)}`, () => {
      const error = refusalOf(() => validatorOf(routes[route]).body(body));
      expect(error.code).toBe("REQUEST_INVALID");
      expect(error.details[0]).toEqual({ pointer, message, ...(hint === undefined ? {} : { hint }) });
      if (pointer !== "/name" || message !== "is required") expect(error.details).toHaveLength(1);
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
