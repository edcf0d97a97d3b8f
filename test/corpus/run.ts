import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findDocuments } from "./find-documents.ts";
import { type FailedDocument, reasonsOf, tableOf } from "./print-table.ts";
import type { DocumentScore, ScoreTask } from "./score-document.ts";

/**
 * `npm run corpus -- DIR [--list FILE] [--calls N] [--every N] [--json FILE] [--verbose]` scores the documents below a folder
 * and prints the table. Each is imported in a child process that is ended after 30 s of silence or at 1.5 GB.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "string" },
    calls: { type: "string", default: "40" },
    every: { type: "string", default: "1" },
    json: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("Usage: npm run corpus -- DIR [--list FILE] [--calls N] [--every N] [--json FILE] [--verbose]");
  process.exit(2);
}

const timeoutMs = 120_000;
const memoryMb = 1_500;
let child: ChildProcess | undefined;

/** Resident memory of the child in MB, as the system sees it. */
function residentMb(process_: ChildProcess): number {
  try {
    const pages = Number(readFileSync(`/proc/${process_.pid}/statm`, "utf8").split(" ")[1]);
    return (pages * 4096) / 1e6;
  } catch {
    return 0;
  }
}

function score(task: ScoreTask): Promise<DocumentScore | FailedDocument> {
  child ??= fork(fileURLToPath(new URL("./score-child.ts", import.meta.url)), {
    execArgv: ["--conditions=source", "--max-old-space-size=1400"],
  });
  const current = child;
  return new Promise((resolve) => {
    const finish = (outcome: DocumentScore | FailedDocument, stop: boolean): void => {
      clearTimeout(timer);
      clearInterval(watch);
      current.removeAllListeners();
      if (stop) {
        current.kill("SIGKILL");
        child = undefined;
      }
      resolve(outcome);
    };
    const timer = setTimeout(
      () => finish({ name: task.name, error: `no answer within ${timeoutMs} ms` }, true),
      timeoutMs,
    );
    const watch = setInterval(() => {
      if (residentMb(current) > memoryMb) finish({ name: task.name, error: `more than ${memoryMb} MB` }, true);
    }, 200);
    current.once("exit", (code) => finish({ name: task.name, error: `ended with code ${code}` }, true));
    current.once("message", (message: { score?: DocumentScore; failure?: string }) => {
      finish(message.score ?? { name: task.name, error: message.failure ?? "no score" }, false);
    });
    current.send(task);
  });
}

const tasks = findDocuments(folder, Number(values.calls), values.list).filter(
  (_, index) => index % Number(values.every) === 0,
);
const scores: DocumentScore[] = [];
const failed: FailedDocument[] = [];
for (const [index, task] of tasks.entries()) {
  const outcome = await score(task);
  if ("facts" in outcome) scores.push(outcome);
  else failed.push(outcome);
  if (index % 50 === 49) console.error(`${index + 1} of ${tasks.length}`);
}
child?.kill();

console.log(tableOf(scores, failed));
for (const { name, error } of failed) console.log(`\nfailed: ${name}: ${error}`);
for (const one of scores) if (!one.imported) console.log(`not accepted: ${one.name}: ${one.error ?? ""}`);
const silent = scores.flatMap((one) => one.silent.map((fact) => `silent: ${one.name} ${fact}`));
for (const line of silent.slice(0, 30)) console.log(line);
const reasons = reasonsOf(scores, values.verbose ? 60 : 15);
if (reasons.length > 0) console.log(`\nWhy operations could not be called:\n${reasons.join("\n")}`);
if (values.verbose) {
  for (const one of scores)
    if (one.lintErrors.length > 0) console.log(`lint: ${one.name}: ${one.lintErrors.slice(0, 5).join(", ")}`);
  for (const one of scores) if (one.auth.wanted && !one.auth.mapped) console.log(`auth: ${one.name}`);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ scores, failed }));
process.exitCode = failed.length > 0 || silent.length > 0 ? 1 : 0;
