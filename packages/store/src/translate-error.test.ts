import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { classifyFailure, type FailureKind, translateError } from "./translate-error.ts";

const withCode = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });

const table: readonly [what: string, error: unknown, kind: FailureKind, code: string, retryable: boolean][] = [
  ["serialization failure", withCode("40001"), "contended", "STORE_UNAVAILABLE", true],
  ["deadlock", withCode("40P01"), "contended", "STORE_UNAVAILABLE", true],
  ["connection refused", withCode("ECONNREFUSED"), "unreachable", "STORE_UNAVAILABLE", true],
  [
    "refused at every address",
    new AggregateError([withCode("ECONNREFUSED", "::1"), withCode("ECONNREFUSED")]),
    "unreachable",
    "STORE_UNAVAILABLE",
    true,
  ],
  ["starting up", withCode("57P03"), "unreachable", "STORE_UNAVAILABLE", true],
  ["too many connections", withCode("53300"), "unreachable", "STORE_UNAVAILABLE", true],
  ["wrong password", withCode("28P01"), "unreachable", "STORE_UNAVAILABLE", true],
  ["read-only after a failover", withCode("25006"), "unreachable", "STORE_UNAVAILABLE", true],
  [
    "no free connection in time",
    new Error("timeout exceeded when trying to connect"),
    "unreachable",
    "STORE_UNAVAILABLE",
    true,
  ],
  ["store closed", new Error("driver has already been destroyed"), "unreachable", "STORE_UNAVAILABLE", true],
  ["connection reset", withCode("ECONNRESET"), "lost", "STORE_UNAVAILABLE", true],
  ["backend terminated", withCode("57P01"), "lost", "STORE_UNAVAILABLE", true],
  ["connection failure", withCode("08006"), "lost", "STORE_UNAVAILABLE", true],
  ["ended under a statement", new Error("Connection terminated unexpectedly"), "lost", "STORE_UNAVAILABLE", true],
  ["silent peer", new Error("Query read timeout"), "lost", "STORE_UNAVAILABLE", true],
  ["statement timeout", withCode("57014"), "timeout", "STORE_UNAVAILABLE", true],
  ["duplicate", withCode("23505"), "duplicate", "CONFLICT", false],
  ["missing parent", withCode("23503"), "missing", "CONFLICT", false],
  ["NUL in text", withCode("22021"), "text", "REQUEST_INVALID", false],
  ["a bug of ours", withCode("42601", "syntax error"), "other", "INTERNAL", false],
  ["something that is not an error", "boom", "other", "INTERNAL", false],
];

describe("an error of the driver", () => {
  it.each(table)("%s", (_what, error, kind, code, retryable) => {
    expect(classifyFailure(error)).toBe(kind);
    expect(translateError(error)).toMatchObject({ code, retryable, cause: error });
  });

  it("that is one of ours passes as it is", () => {
    const own = new ConnectorError("VERSION_PUBLISHED", "x");
    expect(translateError(own)).toBe(own);
  });
});
