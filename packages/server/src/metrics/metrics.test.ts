import type { ExecutionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

const record: ExecutionRecord = {
  id: "e",
  workspaceId: "w",
  requestId: "r",
  connector: "books",
  connectorVersion: "1.0.0",
  action: "getBook",
  connectionId: null,
  surface: "rest",
  callerKind: "service",
  callerId: "k",
  startedAt: "2026-01-01T00:00:00Z",
  durationMs: 12,
  outcome: "failed",
  errorCode: "UPSTREAM_TIMEOUT",
  errorStage: "send",
  upstreamStatus: null,
  attempts: 1,
  cache: null,
};

describe("metrics", () => {
  it("count requests and calls and read the gauges when asked", async () => {
    let running = 1;
    const metrics = createMetrics({
      running: () => running,
      executions: () => ({ queued: 4, dropped: 0 }),
      egress: () => ({ connections: 2, running: 0, queued: 0, requests: 9, refused: 1, failed: 0 }),
    });
    metrics.observeRequest("executeAction", 200, 0.004);
    metrics.observeRequest("executeAction", 200, 0.004);
    metrics.observeRequest("executeAction", 504, 100);
    metrics.observeCall(record);
    running = 3;
    const lines = (await metrics.render()).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        'junctor_http_requests_total{route="executeAction",status="200"} 2',
        'junctor_http_request_duration_seconds_bucket{le="0.0025",route="executeAction"} 0',
        'junctor_http_request_duration_seconds_bucket{le="0.005",route="executeAction"} 2',
        'junctor_http_request_duration_seconds_bucket{le="+Inf",route="executeAction"} 3',
        'junctor_http_request_duration_seconds_sum{route="executeAction"} 100.008',
        'junctor_http_request_duration_seconds_count{route="executeAction"} 3',
        'junctor_calls_total{surface="rest",outcome="failed",code="UPSTREAM_TIMEOUT"} 1',
        "junctor_http_requests_running 3",
        "junctor_execution_records_queued 4",
        "junctor_egress_requests_refused 1",
      ]),
    );
    expect(lines.some((line) => line.startsWith("process_cpu_seconds_total"))).toBe(true);
  });
});
