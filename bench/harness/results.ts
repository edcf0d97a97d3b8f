import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, judge, type Question, type Skipped, type Table } from "./answer.ts";
import type { Machine } from "./machine.ts";

/** One answered question, as it is kept in bench/results. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly machine: Machine;
  readonly answer: Answer | Skipped;
}

const folder = join(import.meta.dirname, "..", "results");

/** Keeps a result, so that a run with --only leaves the others in place. */
export function keepResult(result: Result): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}

/** Writes bench/RESULTS.md from all kept results, in the order of the questions. */
export function writeResults(questions: readonly Question[]): string {
  const kept = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file): Result => JSON.parse(readFileSync(join(folder, file), "utf8")));
  const ordered = questions.flatMap(({ name }) => kept.filter((result) => result.name === name));
  const gates = ordered.flatMap(({ answer }) => ("skipped" in answer ? [] : answer.gates));
  const met = gates.filter((gate) => gate.gate !== undefined && judge(gate).startsWith("met")).length;
  const gated = gates.filter((gate) => gate.gate !== undefined).length;
  const text = [
    "# Results of the benches",
    "",
    "Written by `npm run bench`; see [README.md](README.md) for what is measured and how to read it.",
    `Gates met: ${met} of ${gated}.`,
    "",
    ...warnOfLoad(ordered),
    "| question | figure | value | gate | goal | verdict |",
    "|---|---|---|---|---|---|",
    ...ordered.flatMap(({ name, answer }) => summarize(name, answer)),
    "",
    ...ordered.flatMap(writeSection),
  ].join("\n");
  const path = join(import.meta.dirname, "..", "RESULTS.md");
  writeFileSync(path, `${text.trimEnd()}\n`);
  return path;
}

/** A busy machine makes just-in-time compiled code look worse against nginx than it is, and latencies meaningless. */
function warnOfLoad(results: readonly Result[]): string[] {
  const busy = results.filter(({ machine }) => machine.loadBefore > machine.cores).map(({ name }) => name);
  if (busy.length === 0) return [];
  const warning = `**Measured while other work kept the machine busy** (load above the number of cores): ${busy.join(", ")}. Their`;
  return [
    `${warning} ratios err upwards and their latencies say nothing, whatever the verdict; repeat them on a quiet machine.`,
    "",
  ];
}

function summarize(name: string, answer: Answer | Skipped): string[] {
  if ("skipped" in answer) return [`| ${name} | – | – | – | – | skipped: ${answer.skipped} |`];
  return answer.gates.map((gate) => {
    const bound = gate.atLeast === true ? "≥" : "≤";
    const limit = gate.gate === undefined ? "–" : `${bound} ${gate.gate} ${gate.unit}`;
    const goal = gate.goal === undefined ? "–" : `${gate.goal} ${gate.unit}`;
    return `| ${name} | ${gate.what} | ${formatValue(gate.value)} ${gate.unit} | ${limit} | ${goal} | ${judge(gate)} |`;
  });
}

function formatValue(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function writeSection({ title, machine, answer }: Result): string[] {
  const where = `${machine.date} UTC · ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB · ${machine.system} · Node ${machine.node} · commit ${machine.commit} · load before: ${machine.loadBefore}`;
  if ("skipped" in answer) return [`## ${title}`, "", where, "", `Skipped: ${answer.skipped}`, ""];
  return [
    `## ${title}`,
    "",
    where,
    "",
    ...answer.tables.flatMap((table) => [...writeTable(table), ""]),
    ...answer.notes.map((note) => `- ${note}`),
    "",
  ];
}

/** Writes a table in Markdown. */
export function writeTable({ columns, rows }: Table): string[] {
  return [
    `| ${columns.join(" | ")} |`,
    `|${columns.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
}
