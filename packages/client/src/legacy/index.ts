import { createClient } from "../client.ts";
import type { ClientConfig } from "../send.ts";

/** Options of the older widget SDK's `execute`. */
export interface LegacyExecuteOptions {
  readonly permalink: string;
  readonly method: "GET" | "HEAD" | "OPTIONS" | "DELETE" | "POST" | "PUT" | "PATCH";
  readonly payload?: Record<string, unknown>;
  readonly queryParams?: Record<string, string>;
  readonly pathParams?: Record<string, string | number>;
  readonly headers?: Record<string, string>;
}

/** The connector part of the older widget SDK: calls resolve to the parsed body alone. */
export interface LegacyConnectors {
  execute(options: LegacyExecuteOptions): Promise<unknown>;
  readonly composite: {
    execute(options: Pick<LegacyExecuteOptions, "permalink" | "payload" | "queryParams">): Promise<unknown>;
  };
  configure(settings: { csrfToken?: string; headers?: Record<string, string>; timeout?: number }): void;
  updateHeaders(headers: Record<string, string>): void;
  setDefaultTimeout(milliseconds: number): void;
  getHeaders(): Record<string, string>;
  getDefaultTimeout(): number;
  getBaseUrl(): string;
}

/**
 * Wraps a client in the signature of the older widget SDK, so that a widget written for it runs unchanged.
 * Settings belong to this one object, not to the page. `csrfToken` is accepted and sent as `X-CSRF-Token`.
 */
export function createLegacyConnectors(config: ClientConfig): LegacyConnectors {
  let settings: ClientConfig = { timeout: 30_000, ...config };
  let client = createClient(settings);
  const change = (next: Partial<ClientConfig>): void => {
    settings = { ...settings, ...next, headers: { ...settings.headers, ...next.headers } };
    client = createClient(settings);
  };
  return {
    execute: async (options) => (await client.connectors.execute(options)).data,
    composite: { execute: async (options) => (await client.connectors.composite.execute(options)).data },
    configure: ({ csrfToken, headers, timeout }) =>
      change({
        headers: { ...headers, ...(csrfToken === undefined ? {} : { "x-csrf-token": csrfToken }) },
        ...(timeout === undefined ? {} : { timeout }),
      }),
    updateHeaders: (headers) => change({ headers }),
    setDefaultTimeout: (timeout) => change({ timeout }),
    getHeaders: () => ({ ...settings.headers }),
    getDefaultTimeout: () => settings.timeout ?? 30_000,
    getBaseUrl: () => settings.baseUrl,
  };
}
