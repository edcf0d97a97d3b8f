import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, type Question } from "./harness/answer.ts";
import { describeMachine } from "./harness/machine.ts";
import { readOptions, USAGE } from "./harness/options.ts";
import { takePrecedence } from "./harness/processes.ts";
import { keepResult, type Result, writeResults, writeTable } from "./harness/results.ts";
import { authentication } from "./questions/authentication.ts";
import { cacheHits } from "./questions/cache-hits.ts";
import { compiledMemory } from "./questions/compiled-memory.ts";
import { declarative } from "./questions/declarative.ts";
import { idleMemory } from "./questions/idle-memory.ts";
import { passThrough } from "./questions/pass-through.ts";
import { startTime } from "./questions/start-time.ts";
import { templates } from "./questions/templates.ts";
import { waitingCalls } from "./questions/waiting-calls.ts";
import { warmToken } from "./questions/warm-token.ts";

const QUESTIONS: readonly Question[] = [
  passThrough,
  declarative,
  cacheHits,
  waitingCalls,
  templates,
  idleMemory,
  compiledMemory,
  startTime,
  authentication,
  warmToken,
];

const options = readOptions(process.argv.slice(2));
if (options.help) {
  console.log(USAGE);
} else if (options.list) {
  for (const { name, title } of QUESTIONS) console.log(`${name.padEnd(18)} ${title}`);
} else {
  process.exitCode = await answerAll();
}

async function answerAll(): Promise<number> {
  if (options.precedence) takePrecedence();
  const unknown = options.only?.filter((name) => !QUESTIONS.some((question) => question.name === name)) ?? [];
  if (unknown.length > 0) {
    console.error(
      `There is no question ${unknown.join(", ")}. The questions are: ${QUESTIONS.map(({ name }) => name).join(", ")}.`,
    );
    return 2;
  }
  let failed = 0;
  for (const question of QUESTIONS) {
    if (options.only !== undefined && !options.only.includes(question.name)) continue;
    if (!(await answer(question))) failed++;
  }
  if (!options.quick) console.log(`\nWritten to ${writeResults(QUESTIONS)}`);
  return failed === 0 ? 0 : 1;
}

async function answer(question: Question): Promise<boolean> {
  console.log(`\n${question.title}`);
  const folder = mkdtempSync(join(tmpdir(), "junctor-bench-"));
  const machine = describeMachine();
  const { quick, rounds, seconds } = options;
  try {
    const found = await question.run({ quick, rounds, seconds, folder, log: (line) => console.log(`  ${line}`) });
    print({ name: question.name, title: question.title, machine, answer: found });
    if (!quick) keepResult({ name: question.name, title: question.title, machine, answer: found });
    return true;
  } catch (error) {
    console.error(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print({ answer: found }: Result): void {
  if ("skipped" in found) {
    console.log(`  skipped: ${found.skipped}`);
    return;
  }
  for (const table of found.tables) for (const line of writeTable(table)) console.log(`  ${line}`);
  for (const gate of found.gates) console.log(`  ${gate.what}: ${gate.value.toFixed(2)} ${gate.unit}: ${judge(gate)}`);
  for (const note of found.notes) console.log(`  ${note}`);
}
