/**
 * Runs the tables of RFC 9111 cases and prints how many pass, by section:
 *
 *   node --conditions=source packages/core/scripts/cache-conformance.ts
 *
 * One table asks the cache itself, with time under control; two ask the widget route of a running server, the second with
 * the cases of a public suite (test/e2e/cache-cases/README.md), where a row whose other outcome has a reason passes by it.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const suite = "test/e2e/widget-cache-suite.test.ts";
const tables = ["packages/core/src/cache/http-cache.test.ts", "test/e2e/widget-cache.test.ts", suite];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly ancestorTitles: readonly string[];
    }[];
  }[];
}

/** The section of each row: the comment above it in the table. */
function readSections(file: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let section = "Further cases";
  for (const line of readFileSync(`${root}${file}`, "utf8").split("\n")) {
    section = /^ {2}\/\/ (.+)$/.exec(line)?.[1] ?? section;
    const name = /^ {2}(?: {2})?\[?"([^"]+)",/.exec(line)?.[1];
    if (name !== undefined && !sections.has(name)) sections.set(name, section);
    if (line.startsWith("];")) section = "Further cases";
  }
  return sections;
}

const { stdout } = spawnSync("npx", ["vitest", "run", "--reporter=json", ...tables], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
const json = stdout.slice(stdout.indexOf('{"num'));
const report = JSON.parse(json.slice(0, json.lastIndexOf("}") + 1)) as Report;
let failed = 0;
for (const { name, assertionResults: results } of report.testResults) {
  // Beside the cases the list of those with another outcome is checked: `group: name`, each with a reason.
  const isListed = ({ ancestorTitles }: (typeof results)[number]) => ancestorTitles[0]?.startsWith("the list") === true;
  const assertionResults = results.filter((result) => !isListed(result));
  const otherwise = results.filter(isListed).map(({ title }) => title.replace(/^'/, "").split("'")[0]?.split(":")[0]);
  const file = tables.find((table) => name.endsWith(table)) ?? name;
  const sections = readSections(file);
  const counts = new Map<string, { passed: number; all: number }>();
  for (const { title, status, ancestorTitles } of assertionResults) {
    const named = file === suite ? ancestorTitles[0] : sections.get(title.replace(/^'|'$| → \w+$/g, ""));
    const section = named ?? "Further cases";
    const count = counts.get(section) ?? { passed: 0, all: 0 };
    counts.set(section, { passed: count.passed + (status === "passed" ? 1 : 0), all: count.all + 1 });
  }
  console.log(`\n${file}`);
  for (const [section, { passed, all }] of counts) {
    const excepted = otherwise.filter((group) => group === section).length;
    const note = excepted === 0 ? "" : `, ${excepted} with another outcome and a reason`;
    console.log(`  ${section.padEnd(34)} ${String(passed).padStart(3)} of ${all}${note}`);
  }
  const all = assertionResults.length;
  const passed = assertionResults.filter(({ status }) => status === "passed").length;
  failed += all - passed;
  const note = otherwise.length === 0 ? "" : `, ${otherwise.length} with another outcome and a reason`;
  const share = `(${((100 * passed) / all).toFixed(1)} %)`;
  console.log(`  ${"in all".padEnd(34)} ${String(passed).padStart(3)} of ${all} ${share}${note}`);
}
process.exitCode = failed === 0 ? 0 : 1;
