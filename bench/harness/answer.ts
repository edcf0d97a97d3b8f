import type { Measured } from "./rounds.ts";

/** A number of the performance budget: what must hold, and what is aimed at. Smaller is better unless `atLeast`. */
export interface Gate {
  readonly what: string;
  readonly value: number;
  /** Undefined: the figure is reported, not gated. */
  readonly gate: number | undefined;
  readonly goal: number | undefined;
  readonly unit: string;
  readonly atLeast?: boolean;
}

/** Holds a table of results, already in words. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** Holds what a question found out. */
export interface Answer {
  readonly tables: readonly Table[];
  readonly gates: readonly Gate[];
  /** Remarks that a reader needs to judge the figures. */
  readonly notes: readonly string[];
}

/** Says why a question couldn't be answered here. */
export interface Skipped {
  readonly skipped: string;
}

/** Holds what a question may use. */
export interface BenchContext {
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  /** A folder of this run that is deleted at its end. */
  readonly folder: string;
  log(line: string): void;
}

/** One row of the performance budget. */
export interface Question {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Answer | Skipped>;
}

/** Says whether a gate is met, and how far the goal is, in words. */
export function judge({ value, gate, goal, unit, atLeast = false }: Gate): string {
  const holds = (limit: number): boolean => (atLeast ? value >= limit : value <= limit);
  const verdict = gate === undefined ? "reported" : holds(gate) ? "met" : "NOT met";
  if (goal === undefined) return verdict;
  if (holds(goal)) return `${verdict}, goal reached`;
  const distance = Math.abs(((value - goal) / goal) * 100).toFixed(0);
  return `${verdict}, ${distance} % ${atLeast ? "below" : "above"} the goal of ${goal} ${unit}`;
}

/** Writes the usual table of CPU per request, with the ratio to its first row. */
export function tabulate(measured: readonly Measured[], ratios: readonly number[]): Table {
  return {
    columns: ["variant", "CPU µs/request", "ratio", "least µs", "requests/s", "p50 ms", "p99 ms", "rounds (µs)"],
    rows: measured.map((row, i) => [
      row.name,
      row.cpuMicros.toFixed(1),
      (ratios[i] ?? Number.NaN).toFixed(2),
      Math.min(...row.rounds).toFixed(1),
      row.requestsPerSecond.toFixed(0),
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.rounds.map((value) => value.toFixed(1)).join(" "),
    ]),
  };
}
