import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { compareCases, type Difference } from "./differential/compare.ts";

/**
 * Compares the engine with Python's Jinja2 on generated cases.
 *
 *   node --conditions=source packages/jinja/scripts/differential.ts --seed 1 --count 20000 --show 20
 *
 * A case counts as equal when both give the same text or both fail. Exits with 1 below 99.5 %.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "2000" },
    show: { type: "string", default: "10" },
    python: { type: "string", default: "/usr/bin/python3" },
    types: { type: "boolean", default: false },
  },
});

const report = await compareCases({
  seed: Number(values.seed),
  count: Number(values.count),
  python: values.python,
});

function show(difference: Difference): void {
  console.log(`--- seed ${difference.seed} ${JSON.stringify(difference.settings)}`);
  console.log(`template  ${JSON.stringify(difference.template)}`);
  console.log(`Jinja2    ${JSON.stringify(difference.expected).slice(0, 600)}`);
  console.log(`ours      ${JSON.stringify(difference.actual).slice(0, 600)}`);
}

const shown = values.types ? report.typeDifferences : report.differences;
for (const difference of shown.slice(0, Number(values.show))) show(difference);
const percent = (100 * report.equal) / report.compared;
console.log(
  `seeds ${values.seed}..${Number(values.seed) + Number(values.count) - 1}: ${report.equal} of ${report.compared} equal (${percent.toFixed(3)} %), ` +
    `${report.skipped} skipped, ${report.failures} failed in both, ${report.typeDifferences.length} of these with another error type; ` +
    `${availableParallelism()} processors`,
);
process.exitCode = percent >= 99.5 ? 0 : 1;
