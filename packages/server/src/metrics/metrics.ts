import type { ExecutionRecord } from "@junctor/core";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { createTally, registerCounter, registerHistogram } from "./tally.ts";

/** What the gauges read when metrics are asked for. */
export interface MetricSources {
  /** Requests in progress. */
  readonly running: () => number;
  readonly executions: () => { readonly queued: number; readonly dropped: number };
  readonly egress: () => {
    readonly connections: number;
    readonly running: number;
    readonly queued: number;
    readonly requests: number;
    readonly refused: number;
    readonly failed: number;
  };
}

/** Counts what the server does, in the Prometheus text format. Labels never hold a name that a caller chose. */
export interface Metrics {
  /** Counts one answered request; `route` is a route's id, or `none`. */
  observeRequest(route: string, status: number, seconds: number): void;
  /** Counts one call by its record. */
  observeCall(record: ExecutionRecord): void;
  readonly contentType: string;
  render(): Promise<string>;
}

/** Makes the metrics of one server, in a registry of their own. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = createTally();
  const calls = createTally();
  const requestCount = { name: "junctor_http_requests_total", help: "Requests answered, by route and status." };
  const requestTime = {
    name: "junctor_http_request_duration_seconds",
    help: "Time from the head of a request to the end of its answer.",
  };
  const callCount = { name: "junctor_calls_total", help: "Calls of actions, by surface, outcome and error code." };
  const callTime = { name: "junctor_call_duration_seconds", help: "Duration of calls." };
  registerCounter(registry, requestCount, requests, (route, status) => ({ route, status }));
  registerHistogram(registry, requestTime, requests, "route");
  registerCounter(registry, callCount, calls, (surface, code) => ({
    surface,
    outcome: code === "" ? "succeeded" : "failed",
    code,
  }));
  registerHistogram(registry, callTime, calls, "surface");
  addGauges(registry, sources);
  return {
    observeRequest: requests.observe,
    observeCall({ surface, errorCode, durationMs }) {
      calls.observe(surface, errorCode ?? "", durationMs / 1000);
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}

function addGauges(registry: Registry, { running, executions, egress }: MetricSources): void {
  const gauges: readonly [name: string, help: string, read: () => number][] = [
    ["junctor_http_requests_running", "Requests in progress.", running],
    ["junctor_execution_records_queued", "Records of calls that wait to be written.", () => executions().queued],
    ["junctor_execution_records_dropped", "Records of calls that were lost.", () => executions().dropped],
    ["junctor_egress_connections", "Open connections to upstreams.", () => egress().connections],
    ["junctor_egress_requests_running", "Upstream requests in progress.", () => egress().running],
    ["junctor_egress_requests_queued", "Upstream requests that wait for a connection.", () => egress().queued],
    ["junctor_egress_requests", "Upstream requests since the start.", () => egress().requests],
    ["junctor_egress_requests_refused", "Requests that the outbound policy refused.", () => egress().refused],
    ["junctor_egress_requests_failed", "Upstream requests that failed on the way.", () => egress().failed],
  ];
  for (const [name, help, read] of gauges) {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  }
}
