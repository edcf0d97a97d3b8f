import type { Metric, Registry } from "prom-client";

/** Upper bounds of the buckets of a duration, in seconds. */
const bounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What is counted under one first label. */
interface Row {
  readonly counts: Map<string | number, number>;
  /** Per bucket, not cumulated; the last one is beyond all bounds. */
  readonly buckets: Float64Array;
  seconds: number;
}

/**
 * Counts events under two labels and their durations under the first. Two map look-ups and an array write per event: the
 * metrics library hashes a label object each time instead, which costs a call several microseconds. It only formats here.
 */
export interface Tally {
  observe(first: string, second: string | number, seconds: number): void;
  readonly rows: ReadonlyMap<string, Readonly<Row>>;
}

/** Makes an empty tally. */
export function createTally(): Tally {
  const rows = new Map<string, Row>();
  return {
    rows,
    observe(first, second, seconds) {
      let row = rows.get(first);
      if (row === undefined) {
        row = { counts: new Map(), buckets: new Float64Array(bounds.length + 1), seconds: 0 };
        rows.set(first, row);
      }
      row.counts.set(second, (row.counts.get(second) ?? 0) + 1);
      row.seconds += seconds;
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket += 1;
      (row.buckets[bucket] as number) += 1;
    },
  };
}

/** Name and meaning of a metric. */
export interface MetricText {
  readonly name: string;
  readonly help: string;
}

/** Shows the counts of a tally as a counter; `labels` names the two labels of each. */
export function registerCounter(
  registry: Registry,
  { name, help }: MetricText,
  tally: Tally,
  labels: (first: string, second: string | number) => Readonly<Record<string, string | number>>,
): void {
  const read = () =>
    [...tally.rows].flatMap(([first, { counts }]) =>
      [...counts].map(([second, value]) => ({ value, labels: labels(first, second) })),
    );
  register(registry, { name, help, type: "counter" }, read);
}

/** Shows the durations of a tally as a histogram under its first label. */
export function registerHistogram(registry: Registry, { name, help }: MetricText, tally: Tally, label: string): void {
  const read = () =>
    [...tally.rows].flatMap(([first, { buckets, seconds }]) => {
      const labels = { [label]: first };
      let total = 0;
      const cumulated = [...buckets].map((count, index) => {
        total += count;
        const le = bounds[index] ?? "+Inf";
        return { metricName: `${name}_bucket`, value: total, labels: { le, ...labels } };
      });
      return [
        ...cumulated,
        { metricName: `${name}_sum`, value: seconds, labels },
        { metricName: `${name}_count`, value: total, labels },
      ];
    });
  register(registry, { name, help, type: "histogram" }, read);
}

/** The registry asks a metric for nothing but `get`. */
function register(
  registry: Registry,
  description: MetricText & { readonly type: "counter" | "histogram" },
  read: () => readonly object[],
): void {
  const metric = { ...description, get: async () => ({ ...description, values: read(), aggregator: "sum" }) };
  registry.registerMetric(metric as unknown as Metric);
}
