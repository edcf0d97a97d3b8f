import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { runFuzzer } from "./fuzz/run-fuzzer.ts";

/**
 * Feeds random and damaged templates to lexer, parser, compiler and renderer.
 *
 *   node --conditions=source packages/jinja/scripts/fuzz.ts --minutes 10 --seed 1
 *
 * Anything but text or a `TemplateError` is a crash; a case that computes for more than half a second is a hang. Exits with 1
 * when there was one, and prints its seed and source.
 */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "1" }, seed: { type: "string", default: "1" } },
});

const report = await runFuzzer({ seconds: Number(values.minutes) * 60, seed: Number(values.seed) });
for (const finding of report.findings) {
  console.log(`--- seed ${finding.seed}: ${finding.what}\n${JSON.stringify(finding.source)}`);
}
console.log(
  `${report.cases} cases from seed ${values.seed} in ${report.seconds.toFixed(0)} s: ${report.rendered} rendered, ${report.refused} refused, ` +
    `${report.findings.length} crashes or hangs, slowest ${report.slowest.toFixed(0)} ms; ${availableParallelism()} processors`,
);
process.exitCode = report.findings.length === 0 ? 0 : 1;
