import { measureWarmToken, type WarmTokenRow } from "../auth/measure-warm-token.ts";
import type { Answer, BenchContext, Question } from "../harness/answer.ts";

/** What does a warm token of each kind add to a call, and does it ask the database? */
export const warmToken: Question = {
  name: "warm-token",
  title: "Warm token of each kind over the same call without one, in one process",
  run: measure,
};

async function measure({ quick }: BenchContext): Promise<Answer> {
  const rows = await measureWarmToken(
    quick ? { rounds: 5, callsPerRound: 2_000 } : { rounds: 21, callsPerRound: 10_000 },
  );
  return {
    tables: [{ columns: ["method", "CPU µs/call", "adds µs", "statements"], rows: rows.map(writeRow) }],
    gates: rows
      .filter(({ method }) => method !== "none")
      .flatMap(({ method, addedMicros, statements }) => [
        { what: `${method} adds`, value: addedMicros, gate: 10, goal: 5, unit: "µs CPU" },
        { what: `${method}: statements of all warm calls`, value: statements, gate: 0, goal: undefined, unit: "" },
      ]),
    notes: ["One engine per method, called in turn in this process; the network is a function and each store counts."],
  };
}

function writeRow({ method, callMicros, addedMicros, statements }: WarmTokenRow): readonly string[] {
  return [method, callMicros.toFixed(1), addedMicros.toFixed(2), String(statements)];
}
