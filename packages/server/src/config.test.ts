import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, type Environment, resolveConfig } from "./config.ts";
import { settings } from "./config-settings.ts";

describe("resolveConfig", () => {
  it("fills in every default", () => {
    expect(resolveConfig({})).toMatchObject({
      host: "127.0.0.1",
      port: 4000,
      basePath: "",
      publicUrl: undefined,
      trustedProxies: [],
      corsOrigins: [],
      databaseUrl: undefined,
      masterKey: { current: undefined, former: [] },
      egress: { allow: [], deny: [], only: undefined, allowHttp: false },
      limits: { bodyBytes: 1_048_576, concurrency: 4000, workspaceConcurrency: 2000, stopTimeoutMs: 30_000 },
      executionRetentionDays: 30,
      metricsAddress: undefined,
      logLevel: "info",
    });
  });

  const accepted: readonly [Environment, object][] = [
    [{ JUNCTOR_PORT: "0" }, { port: 0 }],
    [{ JUNCTOR_BASE_PATH: "/junctor/" }, { basePath: "/junctor" }],
    [{ JUNCTOR_PUBLIC_URL: "https://api.example/j/" }, { publicUrl: "https://api.example/j" }],
    [{ JUNCTOR_EGRESS_ALLOW: "a.internal, 10.0.0.0/8:8080" }, { egress: { allow: ["a.internal", "10.0.0.0/8:8080"] } }],
    [{ JUNCTOR_EGRESS_ONLY: "api.example" }, { egress: { only: ["api.example"] } }],
    [{ JUNCTOR_METRICS_ADDRESS: ":9464" }, { metricsAddress: { host: "127.0.0.1", port: 9464 } }],
    [{ JUNCTOR_METRICS_ADDRESS: "[::1]:9464" }, { metricsAddress: { host: "::1", port: 9464 } }],
    [{ JUNCTOR_LOG_LEVEL: "" }, { logLevel: "info" }],
    [{ PATH: "/bin", HOME: "/root" }, { port: 4000 }],
  ];
  for (const [environment, expected] of accepted) {
    it(`accepts ${JSON.stringify(environment)}`, () => {
      expect(resolveConfig(environment)).toMatchObject(expected);
    });
  }

  const refused: readonly [Environment, RegExp][] = [
    [{ JUNCTOR_PORT: "99999" }, /^JUNCTOR_PORT: must be a whole number from 0 to 65535, not "99999"/],
    [{ JUNCTOR_PORT: "4000.5" }, /^JUNCTOR_PORT: /],
    [{ JUNCTOR_PORT: " " }, /^JUNCTOR_PORT: /],
    [{ JUNCTOR_BODY_LIMIT: "10" }, /^JUNCTOR_BODY_LIMIT: must be a whole number from 1024/],
    [{ JUNCTOR_BASE_PATH: "junctor" }, /^JUNCTOR_BASE_PATH: must look like/],
    [{ JUNCTOR_BASE_PATH: "/a//b" }, /^JUNCTOR_BASE_PATH: must look like/],
    [{ JUNCTOR_PUBLIC_URL: "ftp://x" }, /^JUNCTOR_PUBLIC_URL: must be an http or https URL/],
    [{ JUNCTOR_EGRESS_ALLOW_HTTP: "yes" }, /^JUNCTOR_EGRESS_ALLOW_HTTP: must be true or false/],
    [{ JUNCTOR_METRICS_ADDRESS: "9464" }, /^JUNCTOR_METRICS_ADDRESS: must look like/],
    [{ JUNCTOR_FIRST_KEY: "jk_short" }, /^JUNCTOR_FIRST_KEY: must be jk_/],
    [{ JUNCTOR_LOG_LEVEL: "loud" }, /^JUNCTOR_LOG_LEVEL: must be one of debug/],
    [{ JUNCTOR_WORKSPACE_CONCURENCY: "5" }, /^JUNCTOR_WORKSPACE_CONCURENCY: there is no such setting/],
    [{ JUNCTOR_PORT_FILE: "x" }, /there is no such setting/],
  ];
  for (const [environment, message] of refused) {
    it(`refuses ${JSON.stringify(environment)}`, () => {
      expect(() => resolveConfig(environment)).toThrow(ConfigError);
      expect(() => resolveConfig(environment)).toThrow(message);
    });
  }

  it("reads a secret setting from a file, without its final line break", () => {
    const folder = mkdtempSync(join(tmpdir(), "junctor-config-"));
    try {
      writeFileSync(join(folder, "url"), "postgres://db/junctor\n");
      expect(resolveConfig({ DATABASE_URL_FILE: join(folder, "url") }).databaseUrl).toBe("postgres://db/junctor");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has every setting in docs/reference/configuration.md", () => {
    const page = readFileSync(new URL("../../../docs/reference/configuration.md", import.meta.url), "utf8");
    const documented = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);
    expect(documented).toEqual(Object.keys(settings));
  });
});
