import { resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import { type MasterKeyConfig, resolveMasterKey } from "./config-master-key.ts";
import { type RawSettings, settings } from "./config-settings.ts";
import { splitList } from "./split-list.ts";

export { ConfigError } from "./config-error.ts";

/** Everything a server needs to know, with all defaults filled in. */
export interface ServerConfig {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** Path below which everything is mounted: empty, or `/something` without a slash at its end. */
  readonly basePath: string;
  /** How callers reach the server, without a slash at its end; undefined: derived from host, port and base path. */
  readonly publicUrl: string | undefined;
  /** Addresses and ranges whose `X-Forwarded-*` headers are believed; empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Origins that browsers may call from; empty: none. */
  readonly corsOrigins: readonly string[];
  /** Where the embedded store lives. Unused with `databaseUrl`. */
  readonly dataDirectory: string;
  /** Postgres connection string; undefined: the embedded store. */
  readonly databaseUrl: string | undefined;
  /** Most connections to Postgres. */
  readonly databaseConnections: number;
  /** Where the master key comes from. */
  readonly masterKey: MasterKeyConfig;
  /** A key that is created in the workspace `default` if it isn't there; undefined: none. */
  readonly firstKey: string | undefined;
  readonly egress: {
    readonly allow: readonly string[];
    readonly deny: readonly string[];
    readonly only: readonly string[] | undefined;
    readonly allowHttp: boolean;
    readonly trustedAuthorities: readonly string[];
  };
  readonly limits: {
    /** Largest request body, in bytes. */
    readonly bodyBytes: number;
    /** Most requests in progress over all workspaces. */
    readonly concurrency: number;
    /** Most calls in progress per workspace. */
    readonly workspaceConcurrency: number;
    /** Most imports in progress. */
    readonly imports: number;
    /** Longest time for a request's head, in milliseconds. */
    readonly headersTimeoutMs: number;
    /** Longest time for a whole request to arrive, in milliseconds. */
    readonly requestTimeoutMs: number;
    /** How long an idle connection is kept, in milliseconds. */
    readonly keepAliveTimeoutMs: number;
    /** Longest wait for running calls when stopping, in milliseconds. */
    readonly stopTimeoutMs: number;
  };
  /** Days after which execution records are deleted. */
  readonly executionRetentionDays: number;
  /** `host:port` on which metrics are served without a key; undefined: only `/metrics` with a key. */
  readonly metricsAddress: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: string;
}

/** What {@link resolveConfig} accepts: the settings by their environment names, as text. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns an environment into a configuration with all defaults. Reads `NAME_FILE` in place of `NAME` where the setting
 * allows it. Throws a {@link ConfigError} that names the setting; an unknown `JUNCTOR_…` name is an error too, because
 * a misspelt limit would otherwise pass silently.
 */
export function resolveConfig(environment: Environment): ServerConfig {
  refuseUnknown(environment);
  const read = (name: keyof RawSettings) => settings[name].read(environment, name);
  const number = (name: keyof RawSettings) => parseNumber(name, read(name));
  const dataDirectory = resolve(read("JUNCTOR_DATA_DIR") ?? "");
  const only = splitList(read("JUNCTOR_EGRESS_ONLY"));
  const trustedAuthorities = read("JUNCTOR_EGRESS_CA");
  return Object.freeze({
    host: read("JUNCTOR_HOST") ?? "",
    port: number("JUNCTOR_PORT"),
    basePath: parseBasePath(read("JUNCTOR_BASE_PATH")),
    publicUrl: parsePublicUrl(read("JUNCTOR_PUBLIC_URL")),
    trustedProxies: splitList(read("JUNCTOR_TRUSTED_PROXIES")),
    corsOrigins: splitList(read("JUNCTOR_CORS_ORIGINS")),
    dataDirectory,
    databaseUrl: read("DATABASE_URL"),
    databaseConnections: number("JUNCTOR_DATABASE_CONNECTIONS"),
    masterKey: resolveMasterKey(read),
    firstKey: parseFirstKey(read("JUNCTOR_FIRST_KEY")),
    egress: Object.freeze({
      allow: splitList(read("JUNCTOR_EGRESS_ALLOW")),
      deny: splitList(read("JUNCTOR_EGRESS_DENY")),
      only: only.length === 0 ? undefined : only,
      allowHttp: parseBoolean("JUNCTOR_EGRESS_ALLOW_HTTP", read("JUNCTOR_EGRESS_ALLOW_HTTP")),
      trustedAuthorities: trustedAuthorities === undefined ? [] : [trustedAuthorities],
    }),
    limits: Object.freeze({
      bodyBytes: number("JUNCTOR_BODY_LIMIT"),
      concurrency: number("JUNCTOR_CONCURRENCY"),
      workspaceConcurrency: number("JUNCTOR_WORKSPACE_CONCURRENCY"),
      imports: number("JUNCTOR_IMPORTS"),
      headersTimeoutMs: number("JUNCTOR_HEADERS_TIMEOUT") * 1000,
      requestTimeoutMs: number("JUNCTOR_REQUEST_TIMEOUT") * 1000,
      keepAliveTimeoutMs: number("JUNCTOR_KEEP_ALIVE_TIMEOUT") * 1000,
      stopTimeoutMs: number("JUNCTOR_STOP_TIMEOUT") * 1000,
    }),
    executionRetentionDays: number("JUNCTOR_EXECUTION_RETENTION"),
    metricsAddress: parseAddress("JUNCTOR_METRICS_ADDRESS", read("JUNCTOR_METRICS_ADDRESS")),
    logLevel: parseLogLevel(read("JUNCTOR_LOG_LEVEL")),
  });
}

/** What the command reads; no settings of a server, but often set where one is started. */
const CLIENT_NAMES: ReadonlySet<string> = new Set([
  "JUNCTOR_URL",
  "JUNCTOR_KEY",
  "JUNCTOR_MODEL",
  "JUNCTOR_MODEL_URL",
  "JUNCTOR_MODEL_KEY",
]);

function refuseUnknown(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("JUNCTOR_") || CLIENT_NAMES.has(name)) continue;
    if (!(name in settings) && !namesFile(name))
      throw new ConfigError(name, "there is no such setting. See docs/reference/configuration.md.");
  }
}

function namesFile(name: string): boolean {
  const setting = Object.entries(settings).find(([known]) => name === `${known}_FILE`)?.[1];
  return setting?.mayBeFile === true;
}

function parseNumber(name: keyof RawSettings, value: string | undefined): number {
  const number = Number(value);
  const { minimum, maximum } = settings[name];
  if (value === undefined || value.trim() === "" || !Number.isInteger(number) || number < minimum || number > maximum) {
    throw new ConfigError(name, `must be a whole number from ${minimum} to ${maximum}, not "${value ?? ""}".`);
  }
  return number;
}

function parseBoolean(name: string, value: string | undefined): boolean {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new ConfigError(name, `must be true or false, not "${value ?? ""}".`);
}

function parseBasePath(value: string | undefined): string {
  const path = (value ?? "").replace(/\/+$/, "");
  if (path !== "" && !/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) {
    throw new ConfigError("JUNCTOR_BASE_PATH", `must look like "/junctor", not "${value}".`);
  }
  return path;
}

function parsePublicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new ConfigError("JUNCTOR_PUBLIC_URL", `must be an http or https URL without a query, not "${value}".`);
  }
  return value.replace(/\/+$/, "");
}

function parseFirstKey(value: string | undefined): string | undefined {
  if (value !== undefined && !/^jk_[A-Za-z0-9_-]{32,}$/.test(value)) {
    throw new ConfigError("JUNCTOR_FIRST_KEY", "must be jk_ followed by at least 32 letters and digits.");
  }
  return value;
}

function parseAddress(name: string, value: string | undefined): ServerConfig["metricsAddress"] {
  if (value === undefined) return undefined;
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s]*)):(\d{1,5})$/.exec(value);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new ConfigError(name, `must look like "127.0.0.1:9464", not "${value}".`);
  return { host: match[1] ?? (match[2] === "" ? "127.0.0.1" : (match[2] ?? "127.0.0.1")), port };
}

function parseLogLevel(value: string | undefined): string {
  const levels = ["debug", "info", "warn", "error", "silent"];
  if (value === undefined || !levels.includes(value)) {
    throw new ConfigError("JUNCTOR_LOG_LEVEL", `must be one of ${levels.join(", ")}, not "${value ?? ""}".`);
  }
  return value;
}
