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
    [
      Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND", hostname: "nohost.invalid" }),
      /^The name nohost\.invalid to listen on has no address \(ENOTFOUND\)\.\nSet JUNCTOR_HOST/,
    ],
    [
      Object.assign(new Error("listen"), { code: "EADDRNOTAVAIL", address: "192.0.2.1", port: 4000 }),
      /^192\.0\.2\.1 is no address of this machine \(EADDRNOTAVAIL\)\.\nSet JUNCTOR_HOST/,
    ],
    [
      Object.assign(new Error("open"), { code: "EACCES", path: "/data/key", syscall: "open" }),
      /^\/data\/key cannot be used: open failed with EACCES\.\nCheck the settings/,
    ],
    [new TypeError("x is undefined"), /^TypeError: x is undefined\n\s+at /],
    ["boom", /^boom$/],
  ];
  for (const [error, text] of cases) {
    it(String(text), () => expect(describeStartFailure(error)).toMatch(text));
  }
});
