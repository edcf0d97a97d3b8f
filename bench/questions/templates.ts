import type { Answer, Gate, Question } from "../harness/answer.ts";
import { runTemplateBench, type TemplateBenchRow } from "../templates/templates.bench.ts";

interface Bounds {
  readonly nunjucks: readonly [gate: number, goal: number];
  readonly cpython: readonly [gate: number, goal: number];
}

/** The budget per shape, in the order of the bench's rows: header, 20-line body, 100 KB list. */
const BUDGET: readonly Bounds[] = [
  { nunjucks: [10, 20], cpython: [30, 60] },
  { nunjucks: [1.5, 2], cpython: [6, 10] },
  { nunjucks: [1.5, 2], cpython: [8, 10] },
];

/** How fast do templates render, limits on? */
export const templates: Question = {
  name: "templates",
  title: "Templates with limits on, against nunjucks and CPython's Jinja2",
  run: async () => describe(await runTemplateBench()),
};

function describe(rows: readonly TemplateBenchRow[]): Answer {
  const microseconds = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
  return {
    tables: [
      {
        columns: ["shape", "Junctor µs", "nunjucks", "minijinja-js", "@huggingface/jinja", "CPython Jinja2"],
        rows: rows.map((row) => [
          row.name,
          ...[row.ours, row.nunjucks, row.minijinja, row.huggingface, row.cpython].map(microseconds),
        ]),
      },
    ],
    gates: [...BUDGET.flatMap((bounds, i) => gatesOf(rows[i], bounds)), ...compileGate(rows[BUDGET.length])],
    notes: [
      "CPU time per render of prepared templates; the engines take turns, the median of the rounds counts. CPython's needs python3-jinja2 (Debian).",
    ],
  };
}

/** Compiling has a bound of its own, in time: it happens when a version is first called. */
function compileGate(row: TemplateBenchRow | undefined): Gate[] {
  return row === undefined ? [] : [{ what: row.name, value: row.ours, gate: 100, goal: undefined, unit: "µs" }];
}

function gatesOf(row: TemplateBenchRow | undefined, bounds: Bounds): Gate[] {
  if (row === undefined) return [];
  const rivals = [
    { rival: "nunjucks", theirs: row.nunjucks, bounds: bounds.nunjucks },
    { rival: "CPython Jinja2", theirs: row.cpython, bounds: bounds.cpython },
  ];
  return rivals.flatMap(({ rival, theirs, bounds: [gate, goal] }): Gate[] => {
    if (theirs === null) return [];
    return [
      { what: `${row.name} against ${rival}`, value: theirs / row.ours, gate, goal, unit: "× as fast", atLeast: true },
    ];
  });
}
