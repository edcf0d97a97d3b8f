import { ConnectorError, type HttpPort } from "@junctor/core";
import type { GitHttpRequest, GitHttpResponse, HttpClient } from "isomorphic-git";

/** Bounds of one exchange with a Git server. */
export interface GitHttpLimits {
  /** Bytes of one answer, the pack included. */
  readonly responseBytes: number;
  /** Milliseconds of one exchange. */
  readonly timeoutMs: number;
}

/**
 * Carries the Git protocol (smart HTTP) over the engine's outbound port, so that a repository is subject to the same
 * policy as every other address. Redirects are followed within the origin only: a credential never leaves it.
 */
export function createGitHttp(http: HttpPort, limits: GitHttpLimits): HttpClient {
  return {
    async request({ url, method = "GET", headers = {}, body, signal }: GitHttpRequest): Promise<GitHttpResponse> {
      const sent = body === undefined ? undefined : await collect(body);
      let target = url;
      for (let hop = 0; ; hop += 1) {
        const response = await http.request({
          method,
          url: target,
          headers: Object.entries(headers).flat(),
          maxResponseBytes: limits.responseBytes,
          timeoutMs: limits.timeoutMs,
          ...(sent === undefined ? {} : { body: sent }),
          ...(signal === undefined ? {} : { signal }),
        });
        if (response.status < 300 || response.status >= 400 || hop >= 3) {
          return {
            url: target,
            method,
            statusCode: response.status,
            statusMessage: String(response.status),
            headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
            body: iterate(response.body.stream()),
          };
        }
        response.body.discard();
        const redirect = http.checkRedirect({
          method,
          url: target,
          headers: Object.entries(headers).flat(),
          body: sent === undefined ? "none" : "replayable",
          status: response.status,
          responseHeaders: response.headers,
        });
        if (redirect.kind === "refused") throw redirect.error;
        if (redirect.originChanged || redirect.method !== method) {
          throw new ConnectorError("SYNC_FAILED", `The Git server at ${new URL(target).host} redirects elsewhere.`, {
            hint: "Use the address that it redirects to.",
          });
        }
        target = redirect.url;
      }
    },
  };
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* iterate(stream: AsyncIterable<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  yield* stream;
}
