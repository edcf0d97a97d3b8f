import { Template as HuggingFaceTemplate } from "@huggingface/jinja";
import { createEnvironment } from "@junctor/jinja";
import { Environment as MiniJinja } from "minijinja-js";
import nunjucks from "nunjucks";
import { type PythonEngine, startPython } from "./python-engine.ts";
import { COMPILED, SHAPES, type Shape } from "./shapes.ts";

/** Is one line of the result: CPU microseconds per operation, `null` where an engine cannot do it. */
export interface TemplateBenchRow {
  readonly name: string;
  readonly ours: number;
  readonly nunjucks: number | null;
  readonly minijinja: number | null;
  readonly huggingface: number | null;
  readonly cpython: number | null;
}

type Engine = Exclude<keyof TemplateBenchRow, "name">;

/** Rounds of the measurement; the engines take turns within each, and the median of the rounds counts. */
const ROUNDS = 9;
/** CPU time of one slice of one engine, in microseconds. */
const SLICE = 40_000;
/** CPU time for which an engine runs before it is measured: what V8's compiler does meanwhile is no cost of the engine. */
const WARM_UP = 400_000;

/** Measures rendering of the three shapes and compiling of the body. Limits are on. Takes about 20 s. */
export async function runTemplateBench(): Promise<TemplateBenchRow[]> {
  const rows: TemplateBenchRow[] = [];
  for (const shape of SHAPES) rows.push(await measureRow(shape.name, renderers(shape), await startPython(shape)));
  const python = await startPython({ template: COMPILED, context: {}, compile: true });
  rows.push(await measureRow("compile the 20-line body", compilers(), python));
  return rows;
}

function renderers(shape: Shape): Partial<Record<Engine, () => unknown>> {
  const ours = createEnvironment().compile(shape.template);
  const theirs = new nunjucks.Environment(null, { autoescape: false });
  const compiled = new nunjucks.Template(shape.nunjucks, theirs, "bench", true);
  const mini = new MiniJinja();
  mini.addTemplate("bench", shape.template);
  const face = new HuggingFaceTemplate(shape.template);
  return {
    ours: () => ours.render(shape.context),
    nunjucks: () => compiled.render(shape.context),
    minijinja: () => mini.renderTemplate("bench", shape.context),
    huggingface: () => face.render(shape.context),
  };
}

function compilers(): Partial<Record<Engine, () => unknown>> {
  const environment = createEnvironment();
  const theirs = new nunjucks.Environment(null, { autoescape: false });
  const source = SHAPES[1]?.nunjucks ?? "";
  return {
    ours: () => environment.compile(COMPILED),
    nunjucks: () => new nunjucks.Template(source, theirs, "bench", true),
    huggingface: () => new HuggingFaceTemplate(COMPILED),
  };
}

async function measureRow(
  name: string,
  engines: Partial<Record<Engine, () => unknown>>,
  python: PythonEngine | null,
): Promise<TemplateBenchRow> {
  const usable = Object.entries(engines).filter(([, run]) => works(run)) as [Engine, () => unknown][];
  const counts = new Map(usable.map(([engine, run]) => [engine, calibrate(run)]));
  const samples = new Map<Engine, number[]>(usable.map(([engine]) => [engine, []]));
  const pythonCount = python === null ? 0 : Math.max(1, Math.round(SLICE / (await python.measure(20))));
  const pythonSamples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [engine, run] of usable) samples.get(engine)?.push(measure(run, counts.get(engine) ?? 1));
    if (python !== null) pythonSamples.push(await python.measure(pythonCount));
  }
  python?.close();
  const result = (engine: Engine): number | null => median(samples.get(engine) ?? []);
  return {
    name,
    ours: result("ours") ?? Number.NaN,
    nunjucks: result("nunjucks"),
    minijinja: result("minijinja"),
    huggingface: result("huggingface"),
    cpython: median(pythonSamples),
  };
}

function works(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

/** Warms an engine up and finds how many runs fill a slice. */
function calibrate(run: () => unknown): number {
  let count = 1;
  let spent = 0;
  for (;;) {
    const micros = measure(run, count) * count;
    spent += micros;
    if (micros < SLICE) count *= 2;
    else if (spent >= WARM_UP) return Math.max(1, Math.round((count * SLICE) / micros));
  }
}

function measure(run: () => unknown, count: number): number {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : (values.toSorted((a, b) => a - b)[values.length >> 1] ?? null);
}

function show(value: number | null): string {
  return value === null ? "-" : value < 10 ? value.toFixed(3) : value.toFixed(1);
}

function factor(value: number | null, ours: number): string {
  return value === null ? "-" : `${(value / ours).toFixed(1)} x`;
}

if (import.meta.main) {
  for (const row of await runTemplateBench()) {
    console.log(
      `${row.name.padEnd(26)} ours ${show(row.ours)} us | nunjucks ${show(row.nunjucks)} (${factor(row.nunjucks, row.ours)}) | ` +
        `minijinja ${show(row.minijinja)} (${factor(row.minijinja, row.ours)}) | huggingface ${show(row.huggingface)} (${factor(row.huggingface, row.ours)}) | ` +
        `CPython ${show(row.cpython)} (${factor(row.cpython, row.ours)})`,
    );
  }
}
