import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createEnvironment, parseJson, TemplateError } from "../../src/index.ts";
import { CONTEXT_JSON } from "./context.ts";
import { type Case, generateCase } from "./generate.ts";

/** What an engine made of a case. */
export interface Outcome {
  readonly output?: string;
  readonly error?: string;
  readonly message?: string;
  readonly skip?: string;
}

/** Is a case on which the engines differ. */
export interface Difference {
  readonly seed: number;
  readonly template: string;
  readonly settings: Partial<Case>;
  readonly expected: Outcome;
  readonly actual: Outcome;
}

/** Sums up a comparison. */
export interface Report {
  readonly compared: number;
  readonly equal: number;
  readonly skipped: number;
  readonly failures: number;
  readonly differences: readonly Difference[];
  readonly typeDifferences: readonly Difference[];
}

/** Says what to compare. */
export interface CompareOptions {
  readonly seed: number;
  readonly count: number;
  readonly python: string;
}

const ORACLE = fileURLToPath(new URL("./oracle.py", import.meta.url));
const BATCH = 200;

/** Renders a case with the engine of this package. */
export function renderOurs(item: Case, context: Readonly<Record<string, unknown>>): Outcome {
  try {
    const environment = createEnvironment({
      autoescape: item.autoescape,
      undefined: item.undefined,
      trimBlocks: item.trimBlocks,
      lstripBlocks: item.lstripBlocks,
      limits: { milliseconds: 0, steps: 5_000_000 },
    });
    return { output: environment.compile(item.template).render(context) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.type, message: error.message };
    return { error: "crash", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Renders cases with Python's Jinja2, in one process. */
export async function renderWithPython(python: string, lines: readonly string[]): Promise<Outcome[]> {
  const child = spawn(python, [ORACLE], { stdio: ["pipe", "pipe", "inherit"] });
  const outcomes: Outcome[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout })) outcomes.push(JSON.parse(line) as Outcome);
  })();
  for (let start = 0; start < lines.length; start += BATCH) {
    if (!child.stdin.write(`${lines.slice(start, start + BATCH).join("\n")}\n`)) {
      await new Promise((resolve) => child.stdin.once("drain", resolve));
    }
  }
  child.stdin.end();
  await reading;
  return outcomes;
}

/** Compares the engines on the cases of `count` seeds. */
export async function compareCases(options: CompareOptions): Promise<Report> {
  const seeds = Array.from({ length: options.count }, (_, index) => options.seed + index);
  const cases = seeds.map(generateCase);
  const lines = cases.map(
    (item) =>
      `{"context": ${CONTEXT_JSON.replaceAll("\n", " ")}, ${JSON.stringify({ ...item, context: undefined }).slice(1)}`,
  );
  const expected = await renderWithPython(options.python, lines);
  const context = parseJson(CONTEXT_JSON) as Record<string, unknown>;
  const before = JSON.stringify(context, printable);
  const report = {
    compared: 0,
    equal: 0,
    skipped: 0,
    failures: 0,
    differences: [] as Difference[],
    typeDifferences: [] as Difference[],
  };
  for (const [index, seed] of seeds.entries()) {
    const item = cases[index] as Case;
    const wanted = expected[index] as Outcome;
    if (wanted.skip !== undefined) {
      report.skipped++;
      continue;
    }
    const actual = renderOurs(item, context);
    const { template, context: _, ...settings } = item;
    const difference = { seed, template, settings, expected: wanted, actual };
    report.compared++;
    const bothFailed =
      wanted.error !== undefined &&
      actual.error !== undefined &&
      actual.error !== "crash" &&
      actual.error !== "LimitError";
    if (bothFailed) {
      report.failures++;
      if (wanted.error !== actual.error) report.typeDifferences.push(difference);
    }
    if (bothFailed || (wanted.output !== undefined && wanted.output === actual.output)) report.equal++;
    else report.differences.push(difference);
  }
  if (JSON.stringify(context, printable) !== before) throw new Error("a template changed the context");
  return report;
}

function printable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Map ? Array.from(value) : value;
}
