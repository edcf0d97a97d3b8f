import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ConformanceCase, ENGINES } from "./conformance/engines.ts";

/**
 * Writes the conformance table of the package's README, between its markers.
 *
 *   node --conditions=source packages/jinja/scripts/conformance-table.ts
 *   node --conditions=source packages/jinja/scripts/conformance-table.ts --cases more.jsonl --context context.json --print
 *
 * A case counts as exact when an engine gives the same text as Python's Jinja2, byte for byte, or when both fail. With `--cases`
 * that file is measured instead of the committed ones; with `--print` the README is left alone.
 */
const { values } = parseArgs({
  options: {
    cases: { type: "string", multiple: true },
    context: { type: "string" },
    print: { type: "boolean", default: false },
  },
});

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const casePaths = values.cases ?? [file("cases/documented.jsonl"), file("cases/generated.jsonl")];
const contextText = readFileSync(values.context ?? file("cases/context.json"), "utf8");
const cases = casePaths.flatMap((path) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ConformanceCase),
);

/** Counts what an engine made of the cases. */
function measure(render: (item: ConformanceCase) => string): {
  exact: number;
  otherText: number;
  failed: number;
  accepted: number;
} {
  const counts = { exact: 0, otherText: 0, failed: 0, accepted: 0 };
  for (const item of cases) {
    let output: string | undefined;
    try {
      output = render(item);
    } catch {
      output = undefined;
    }
    if (output === item.expect.output) counts.exact++;
    else if (output === undefined) counts.failed++;
    else if (item.expect.output === undefined) counts.accepted++;
    else counts.otherText++;
  }
  return counts;
}

const lines = [
  `| engine | exact, of ${cases.length} | other text | fails where Jinja2 renders | renders where Jinja2 fails |`,
  "|---|---|---|---|---|",
];
for (const engine of ENGINES) {
  const counts = measure(engine.prepare(contextText));
  const percent = ((100 * counts.exact) / cases.length).toFixed(1);
  lines.push(
    `| ${engine.name} | ${percent} % (${counts.exact}) | ${counts.otherText} | ${counts.failed} | ${counts.accepted} |`,
  );
}
const table = lines.join("\n");
console.log(table);
if (!values.print && values.cases === undefined) {
  const readme = file("README.md");
  const text = readFileSync(readme, "utf8");
  writeFileSync(readme, text.replace(/(<!-- conformance -->\n)[\s\S]*?(\n<!-- \/conformance -->)/, `$1${table}$2`));
}
