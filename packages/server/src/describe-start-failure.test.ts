import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { ConfigError } from "./config.ts";
import { describeStartFailure } from "./describe-start-failure.ts";

describe("describeStartFailure", () => {
  const cases: readonly [error: unknown, text: RegExp][] = [
    [new ConfigError("JUNCTOR_PORT", "must be a number."), /^Setting JUNCTOR_PORT: must be a number\.$/],
    [new ConnectorError("KEY_UNAVAILABLE", "No key.", { hint: "Make one." }), /^No key\.\nMake one\.$/],
    [
      Object.assign(new Error("listen"), { code: "EADDRINUSE", port: 4000, address: "127.0.0.1" }),
      /^Port 4000 at 127\.0\.0\.1 is in use\.\n.*another port/,
    ],
    [Object.assign(new Error("listen"), { code: "EACCES", port: 80 }), /^Port 80 needs more rights/],
    [new TypeError("x is undefined"), /^TypeError: x is undefined\n\s+at /],
    ["boom", /^boom$/],
  ];
  for (const [error, text] of cases) {
    it(String(text), () => expect(describeStartFailure(error)).toMatch(text));
  }
});
