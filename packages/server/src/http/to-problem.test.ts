import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { toConnectorError, toProblem } from "./to-problem.ts";

const framework = (code: string) => Object.assign(new Error("internal wording"), { code });

describe("toConnectorError", () => {
  const cases: readonly [what: string, error: unknown, code: string, status: number][] = [
    ["an error of the catalogue stays what it is", new ConnectorError("FORBIDDEN", "No."), "FORBIDDEN", 403],
    ["a body over the limit", framework("FST_ERR_CTP_BODY_TOO_LARGE"), "REQUEST_TOO_LARGE", 413],
    ["an unknown media type", framework("FST_ERR_CTP_INVALID_MEDIA_TYPE"), "MEDIA_TYPE_UNSUPPORTED", 415],
    ["an unreadable URL", framework("FST_ERR_BAD_URL"), "REQUEST_INVALID", 400],
    ["a fault", new TypeError("x is undefined"), "INTERNAL", 500],
    ["something that is not an error", "boom", "INTERNAL", 500],
    ["another library's code", framework("ECONNRESET"), "INTERNAL", 500],
  ];
  for (const [what, error, code, status] of cases) {
    it(`${what} → ${code}`, () => {
      expect(toConnectorError(error)).toMatchObject({ code, status });
    });
  }

  it("a fault's own words stay inside", () => {
    const secret = new Error("password=hunter2");
    expect(JSON.stringify(toProblem(toConnectorError(secret), "r"))).not.toContain("hunter2");
    expect(toConnectorError(secret).cause).toBe(secret);
  });
});

describe("toProblem", () => {
  it("has the catalogue's title and only the members that say something", () => {
    expect(toProblem(new ConnectorError("ROUTE_NOT_FOUND", "There is no path /x."), "req-1")).toEqual({
      type: "urn:junctor:error:ROUTE_NOT_FOUND",
      title: "There is no such path",
      status: 404,
      detail: "There is no path /x.",
      code: "ROUTE_NOT_FOUND",
      stage: "request",
      retryable: false,
      requestId: "req-1",
    });
  });

  it("carries what an upstream and a connector said", () => {
    const error = new ConnectorError("UPSTREAM_STATUS", "The shop answered 409.", {
      status: 409,
      upstreamStatus: 409,
      connectorCode: "OUT_OF_STOCK",
      retryAfter: 3,
      hint: "Order less.",
    });
    expect(toProblem(error, "r")).toMatchObject({
      status: 409,
      upstreamStatus: 409,
      connectorCode: "OUT_OF_STOCK",
      retryAfter: 3,
      hint: "Order less.",
    });
  });
});
