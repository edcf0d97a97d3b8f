import type { StepTiming } from "@junctor/core";

/** Milliseconds that a call spent, by part. */
export interface CallTiming {
  readonly totalMs: number;
  /** Before anything was rendered: lookup, authorization, validation. */
  readonly setupMs: number;
  /** Rendering of request and response. */
  readonly transformMs: number;
  readonly cacheMs: number;
  /** Waiting for the upstream, all attempts. */
  readonly externalMs: number;
  readonly cacheHit: boolean;
  readonly externalHost?: string;
  readonly timedOut: boolean;
  /** Scope of the failure. */
  readonly error?: string;
  /** Steps of a composite that ran. */
  readonly steps?: readonly StepTiming[];
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Text of a `Server-Timing` description: a quoted string without what could end it. */
const quoted = (text: string): string => `"${text.replace(/[^\w .:-]/g, "")}"`;

/**
 * The two timing headers of a widget call: `Server-Timing` (W3C) and `X-Connector-Timing` (JSON). The upstream's host
 * is told only to those who may see it (`showHost`), because the headers reach every visitor of a page.
 */
export function writeTimingHeaders(
  timing: CallTiming,
  requestId: string,
  showHost: boolean,
): { readonly "server-timing": string; readonly "x-connector-timing": string } {
  const { totalMs, setupMs, transformMs, cacheMs, externalMs } = timing;
  const host = showHost ? timing.externalHost : undefined;
  const external = timing.timedOut ? "Timeout" : (host ?? "Upstream");
  const entries = [
    `setup;dur=${round(setupMs)}`,
    `transform;desc="Template";dur=${round(transformMs)}`,
    `cache;desc="${timing.cacheHit ? "Cache Hit" : "Cache Miss"}";dur=${round(cacheMs)}`,
    `external;desc=${quoted(external)};dur=${round(externalMs)}`,
    ...(timing.steps ?? []).map(({ name, ms }) => `step.${name.replace(/[^\w-]/g, "_")};dur=${round(ms)}`),
    `total;dur=${round(totalMs)}`,
  ];
  const report = {
    request_id: requestId,
    total_ms: round(totalMs),
    internal_ms: round(totalMs - externalMs),
    external_ms: round(externalMs),
    breakdown: {
      setup_ms: round(setupMs),
      transform_ms: round(transformMs),
      cache_ms: round(cacheMs),
      http_request_ms: round(externalMs),
    },
    ...(timing.steps === undefined ? {} : { steps: timing.steps.map(describeStep) }),
    cache_hit: timing.cacheHit,
    ...(host === undefined ? {} : { external_host: host }),
    ...(timing.timedOut ? { timeout: true } : {}),
    ...(timing.error === undefined ? {} : { error: timing.error }),
  };
  return { "server-timing": entries.join(", "), "x-connector-timing": JSON.stringify(report) };
}

/** Runs over a list wait together, so the upstream's part may be longer than the step. */
function describeStep({ name, ms, externalMs }: StepTiming): object {
  const external = Math.min(ms, externalMs);
  return { name, total_ms: round(ms), internal_ms: round(ms - external), external_ms: round(external) };
}
