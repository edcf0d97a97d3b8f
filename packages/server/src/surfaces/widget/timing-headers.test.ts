import { expect, it } from "vitest";
import { type CallTiming, writeTimingHeaders } from "./timing-headers.ts";

const timing: CallTiming = {
  totalMs: 120.04,
  setupMs: 1.25,
  transformMs: 2,
  cacheMs: 0.1,
  externalMs: 100,
  cacheHit: false,
  externalHost: "api.example",
  timedOut: false,
};

it("a call is told in both headers, the host only to those who may see it", () => {
  const shown = writeTimingHeaders(timing, "r", true);
  expect(shown["server-timing"]).toBe(
    'setup;dur=1.3, transform;desc="Template";dur=2, cache;desc="Cache Miss";dur=0.1, external;desc="api.example";dur=100, total;dur=120',
  );
  expect(JSON.parse(shown["x-connector-timing"])).toEqual({
    request_id: "r",
    total_ms: 120,
    internal_ms: 20,
    external_ms: 100,
    breakdown: { setup_ms: 1.3, transform_ms: 2, cache_ms: 0.1, http_request_ms: 100 },
    cache_hit: false,
    external_host: "api.example",
  });
  expect(JSON.stringify(writeTimingHeaders(timing, "r", false))).not.toContain("api.example");
});

it("a timeout, a cache hit, a failure and steps are told", () => {
  const steps = [
    { name: 'a"b', ms: 5.04, externalMs: 3 },
    { name: "each", ms: 10, externalMs: 25 },
  ];
  const told = writeTimingHeaders({ ...timing, timedOut: true, cacheHit: true, error: "Downstream", steps }, "r", true);
  expect(told["server-timing"]).toContain('external;desc="Timeout"');
  expect(told["server-timing"]).toContain('cache;desc="Cache Hit"');
  expect(told["server-timing"]).toContain("step.a_b;dur=5, step.each;dur=10, total;dur=120");
  expect(JSON.parse(told["x-connector-timing"]).steps).toEqual([
    { name: 'a"b', total_ms: 5, internal_ms: 2, external_ms: 3 },
    { name: "each", total_ms: 10, internal_ms: 0, external_ms: 10 },
  ]);
  expect(JSON.parse(told["x-connector-timing"])).toMatchObject({ timeout: true, cache_hit: true, error: "Downstream" });
});
