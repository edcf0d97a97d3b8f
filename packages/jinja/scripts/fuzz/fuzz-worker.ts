import { parentPort, workerData } from "node:worker_threads";
import { createEnvironment, parseJson, TemplateError } from "../../src/index.ts";
import { CONTEXT_JSON } from "../differential/context.ts";
import { makeSource } from "./make-source.ts";
import type { Finding, FuzzOptions, FuzzReport } from "./run-fuzzer.ts";

/** Computing time of one case from which it counts as a hang, in milliseconds. */
const SLOW = 500;

const { seconds, seed, progress } = workerData as FuzzOptions & { readonly progress: Int32Array };
const context = parseJson(CONTEXT_JSON) as Record<string, unknown>;
const environments = [
  createEnvironment(),
  createEnvironment({ autoescape: true, undefined: "strict", trimBlocks: true, lstripBlocks: true }),
  createEnvironment({ semantics: { propagateUndefined: true, membersFirst: true, jsonPrinting: true } }),
];

/** Runs one case; gives what went wrong, or how it ended. */
function runCase(number: number, source: string): "rendered" | "refused" | { readonly what: string } {
  const environment = environments[number % environments.length] ?? createEnvironment();
  const start = process.threadCpuUsage();
  try {
    const template = environment.compile(source);
    if (template.analysis.roots.length > 1e9) throw new Error("unreachable");
    template.evaluate(context);
    template.render(context);
    return "rendered";
  } catch (error) {
    if (error instanceof TemplateError)
      return error.excerpt.length > 1000 ? { what: "an excerpt of more than 1000 characters" } : "refused";
    return { what: `crash: ${error instanceof Error ? error.stack : String(error)}` };
  } finally {
    const { user, system } = process.threadCpuUsage(start);
    slowest = Math.max(slowest, (user + system) / 1000);
  }
}

let slowest = 0;
const findings: Finding[] = [];
const counts = { rendered: 0, refused: 0 };
const started = performance.now();
let number = seed;
for (; performance.now() - started < seconds * 1000 && findings.length < 20; number++) {
  Atomics.store(progress, 1, number);
  const source = makeSource(number);
  const before = slowest;
  const outcome = runCase(number, source);
  if (typeof outcome === "string") counts[outcome]++;
  else findings.push({ seed: number, source, what: outcome.what });
  if (slowest > before && slowest > SLOW)
    findings.push({ seed: number, source, what: `took ${slowest.toFixed(0)} ms` });
  Atomics.add(progress, 0, 1);
}
const report: FuzzReport = {
  ...counts,
  cases: number - seed,
  seconds: (performance.now() - started) / 1000,
  slowest,
  findings,
};
parentPort?.postMessage(report);
