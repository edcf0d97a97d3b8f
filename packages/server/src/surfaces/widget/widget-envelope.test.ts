import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { toConnectorError } from "../../http/to-problem.ts";
import { toWidgetFailure } from "./widget-envelope.ts";

describe("the documented error contract", () => {
  const table: readonly [
    situation: string,
    error: ConnectorError,
    compatible: number,
    strict: number,
    scope: string | undefined,
    timedOut?: boolean,
  ][] = [
    ["an unknown permalink", new ConnectorError("CONNECTOR_UNKNOWN", "x"), 404, 404, undefined],
    [
      "the request template fails",
      new ConnectorError("TEMPLATE_FAILED", "x", { stage: "render" }),
      422,
      422,
      "Configuration (template rendering)",
    ],
    [
      "the response template fails",
      new ConnectorError("TEMPLATE_FAILED", "x", { stage: "transform" }),
      422,
      422,
      "Configuration (response template rendering)",
    ],
    ["JWT signing fails", new ConnectorError("SIGNING_FAILED", "x"), 422, 422, "Authentication (JWT signing)"],
    [
      "no answer in time",
      new ConnectorError("UPSTREAM_TIMEOUT", "x"),
      502,
      504,
      "Downstream (network/external service)",
      true,
    ],
    [
      "connection refused or no DNS",
      new ConnectorError("UPSTREAM_UNREACHABLE", "x"),
      502,
      502,
      "Downstream (network/external service)",
    ],
    ...(["UPSTREAM_TOO_LARGE", "UPSTREAM_INVALID", "UPSTREAM_REDIRECT_REFUSED", "UPSTREAM_TLS_FAILED"] as const).map(
      (code): [string, ConnectorError, number, number, string] => [
        `an answer that cannot be used (${code})`,
        new ConnectorError(code, "x"),
        502,
        502,
        "Downstream (network/external service)",
      ],
    ),
    ["a private address", new ConnectorError("EGRESS_REFUSED", "x"), 502, 403, "Downstream (network/external service)"],
    ["an upstream error in a step", new ConnectorError("UPSTREAM_STATUS", "x"), 502, 502, "Downstream (HTTP error)"],
    ["a missing secret", new ConnectorError("SECRET_UNKNOWN", "x"), 422, 422, "Configuration (template rendering)"],
    ["a failure of ours", toConnectorError(new Error("boom")), 500, 500, "Unexpected error"],
    ["an anonymous caller where the user is read", new ConnectorError("USER_REQUIRED", "x"), 401, 401, undefined],
  ];
  it.each(table)("%s", (_situation, error, compatible, strict, scope, timedOut = false) => {
    const old = toWidgetFailure(error, "r", { compatible: true });
    expect(old).toMatchObject({
      status: compatible,
      timedOut,
      body: { success: false, request_id: "r", errors: { code: error.code } },
    });
    expect(old.body.errors.scope).toBe(scope);
    expect(toWidgetFailure(error, "r", { compatible: false }).status).toBe(strict);
  });
  it("names the step of a composite", () => {
    const failure = toWidgetFailure(new ConnectorError("UPSTREAM_TIMEOUT", "x"), "r", {
      compatible: true,
      step: { name: "find", index: 2 },
    });
    expect(failure.body.errors.scope).toBe("Composite step 'find' (index 2): Downstream (network/external service)");
  });
  const told: readonly [what: string, error: ConnectorError, detail: string][] = [
    [
      "no words of a failing upstream",
      new ConnectorError("UPSTREAM_STATUS", "The upstream answered 500: Ada's order"),
      "The upstream answered 500.",
    ],
    [
      "no words of a failing upstream of a step",
      new ConnectorError("UPSTREAM_STATUS", 'Step "find" (index 2): The upstream answered 500: Ada\'s order'),
      'Step "find" (index 2): The upstream answered 500.',
    ],
    [
      "no words of an upstream that refuses a credential",
      new ConnectorError("AUTHENTICATION_FAILED", "The upstream answered 401: ada@a.example is locked"),
      "The upstream answered 401.",
    ],
    [
      "no words of a token server",
      new ConnectorError("TOKEN_REQUEST_FAILED", "id.example answered with status 400: invalid_grant: Ada left."),
      "The token endpoint did not give a usable answer.",
    ],
    [
      "nothing of the state of a connection",
      new ConnectorError("CONNECTION_UNUSABLE", "The connection ada@a.example needs authorization: Ada left."),
      "The connection cannot be used until somebody acts.",
    ],
    [
      "no addresses",
      new ConnectorError("EGRESS_REFUSED", "db.inside resolves to 10.0.0.5."),
      "The outbound policy refuses this address.",
    ],
    [
      "no addresses where the connector's rule names the failure only",
      new ConnectorError("EGRESS_REFUSED", "db.inside resolves to 10.0.0.5.", { connectorCode: "DOWN" }),
      "The outbound policy refuses this address.",
    ],
    [
      "what the connector's rule wrote, whatever it is",
      new ConnectorError("UPSTREAM_STATUS", "The upstream answered 409: taken", { isWritten: true }),
      "The upstream answered 409: taken",
    ],
    [
      "what is wrong with the input",
      new ConnectorError("INPUT_INVALID", "The input is not valid: /x is no number."),
      "The input is not valid: /x is no number.",
    ],
  ];
  it.each(told)("tells %s", (_what, error, detail) => {
    for (const compatible of [true, false])
      expect(toWidgetFailure(error, "r", { compatible }).body.errors.detail).toBe(detail);
  });
  it("says nothing of what failed inside", () => {
    expect(
      JSON.stringify(toWidgetFailure(toConnectorError(new Error("secret path")), "r", { compatible: true })),
    ).not.toContain("secret path");
  });
});
