import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderWithPython } from "./differential/compare.ts";
import { CONTEXT_JSON } from "./differential/context.ts";
import { generateCase } from "./differential/generate.ts";

/**
 * Records what Python's Jinja2 gives for the committed cases.
 *
 *   node --conditions=source packages/jinja/scripts/record-cases.ts                       records all again
 *   node --conditions=source packages/jinja/scripts/record-cases.ts --generate 500 --seed 1   makes cases/generated.jsonl anew
 */
const { values } = parseArgs({
  options: {
    generate: { type: "string" },
    seed: { type: "string", default: "1" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});

interface CaseLine {
  readonly category: string;
  readonly template: string;
  readonly [setting: string]: unknown;
}

const folder = fileURLToPath(new URL("../cases/", import.meta.url));
const context = CONTEXT_JSON.replaceAll("\n", " ");

async function record(name: string, cases: readonly CaseLine[], keepErrors: boolean): Promise<void> {
  const lines = cases.map(
    (item) => `{"context": ${context}, ${JSON.stringify({ ...item, expect: undefined }).slice(1)}`,
  );
  const outcomes = await renderWithPython(values.python, lines);
  const recorded = cases.flatMap((item, index) => {
    const { output, error, skip } = outcomes[index] ?? {};
    if (skip !== undefined || (error !== undefined && !keepErrors)) return [];
    return [JSON.stringify({ ...item, expect: error === undefined ? { output } : { error } })];
  });
  writeFileSync(`${folder}${name}`, `${recorded.join("\n")}\n`);
  console.log(`${name}: ${recorded.length} cases`);
}

function readCases(name: string): CaseLine[] {
  const lines = readFileSync(`${folder}${name}`, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as CaseLine);
}

writeFileSync(`${folder}context.json`, `${CONTEXT_JSON}\n`);
if (values.generate === undefined) {
  for (const name of ["documented.jsonl", "generated.jsonl"]) await record(name, readCases(name), true);
} else {
  const cases = Array.from({ length: Number(values.generate) }, (_, index) => {
    const {
      template,
      autoescape,
      undefined: mode,
      trimBlocks,
      lstripBlocks,
    } = generateCase(Number(values.seed) + index);
    return { category: "generated", template, autoescape, undefined: mode, trimBlocks, lstripBlocks };
  });
  await record("generated.jsonl", cases, true);
}
