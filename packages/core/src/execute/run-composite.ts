/**
 * The loop *composites* (definition 6): steps in order, neighbours of one group at the same time. Each request is
 * admitted and run like a call of its own, under the frame's input, deadline and caller.
 *
 *   step ─► when? ─no─► absent
 *             └─yes─► forEach? ─► each element (up to `concurrency` at a time) ─► [ run ]
 *                        └─no───────────────────────────────────────────────────► run
 *   run ─► repeat? ─► until it holds ─► steps.<id>
 *
 * The first failure ends the action: it names the step, stops what still runs, and returns no partial data.
 */
import type { CompiledStep, CompositeAction } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "../pipeline/call-state.ts";
import { renderOutput } from "../pipeline/transform.ts";
import type { Json } from "../ports/records.ts";
import { renderValue, testValue } from "../templates/render-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { StepTiming } from "./call.ts";
import { nameStep } from "./name-step.ts";
import { readStepValue, type StepValue } from "./step-value.ts";

/** How a composite has its steps run. */
export interface StepPorts {
  /** Admits and runs the request of a step with further context roots; the state holds its answer. */
  runRequest(frame: CallState, step: CompiledStep, roots: Roots, limits: StepLimits): Promise<CallState>;
  /** Admits and runs another action of the connector; the state holds its output. */
  runAction(frame: CallState, name: string, input: Json, limits: StepLimits): Promise<CallState>;
}
export type Roots = Readonly<Record<string, unknown>>;
export interface StepLimits {
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Where what the step takes is noted. */
  readonly time: { -readonly [Member in keyof StepTiming]: StepTiming[Member] };
}

/** Runs the steps of an admitted composite; the frame's `output` is then the action's. */
export async function runComposite(frame: CallState, action: CompositeAction, ports: StepPorts): Promise<void> {
  const done: Record<string, unknown> = {};
  let last: StepValue | undefined;
  const stop = new AbortController();
  const signal = frame.call.signal === undefined ? stop.signal : AbortSignal.any([frame.call.signal, stop.signal]);
  for (let index = 0; index < action.steps.length; ) {
    const together = countGroup(action.steps, index);
    const running = action.steps
      .slice(index, index + together)
      .map((step, offset) => runStep(frame, step, index + offset, { ...done }, ports, signal));
    try {
      const values = await Promise.all(running);
      for (const [offset, value] of values.entries()) {
        if (value === undefined) continue;
        done[(action.steps[index + offset] as CompiledStep).id] = value;
        last = joinRuns(value);
      }
    } catch (failure) {
      stop.abort(failure);
      await Promise.allSettled(running);
      throw failure;
    }
    index += together;
  }
  const startedAt = performance.now();
  frame.output = writeOutput(frame, action, done, last);
  frame.transformMs += performance.now() - startedAt;
}

/** What runs over a list give as the action's own result: the list of their bodies. */
const joinRuns = (value: StepValue | readonly StepValue[]): StepValue =>
  "status" in value ? value : { status: 200, headers: {}, body: value.map(({ body }) => body) };

/** How many steps from `index` on run at the same time. */
function countGroup(steps: readonly CompiledStep[], index: number): number {
  const group = steps[index]?.group;
  if (group === null || group === undefined) return 1;
  let count = 1;
  while (steps[index + count]?.group === group) count += 1;
  return count;
}

type StepResult = StepValue | readonly StepValue[] | undefined;

async function runStep(
  frame: CallState,
  step: CompiledStep,
  index: number,
  done: Roots,
  ports: StepPorts,
  signal: AbortSignal,
): Promise<StepResult> {
  const { clock } = frame.context;
  const deadline = step.timeoutMs === null ? frame.deadline : Math.min(frame.deadline, clock.now() + step.timeoutMs);
  const time = { name: step.id, ms: 0, externalMs: 0 };
  const run = (roots: Roots) =>
    runRepeatedly(frame, step, { ...roots, steps: done }, ports, { deadline, signal, time });
  const startedAt = performance.now();
  try {
    const scope = bindRoots(frame.closedScope, { steps: done });
    if (step.when !== null && !testValue(step.when, scope)) return undefined;
    frame.steps ??= [];
    frame.steps.push(time);
    if (step.forEach === null) return await run({});
    const elements = readElements(step, renderValue(step.forEach, scope));
    return await runEach(elements, step.concurrency, (item, position) => run({ item, index: position }));
  } catch (failure) {
    throw nameStep(failure, step.id, index);
  } finally {
    time.ms = performance.now() - startedAt;
  }
}

function readElements(step: CompiledStep, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ConnectorError("VALUE_REFUSED", "The value of `forEach` is not a list.");
  if (value.length <= step.max) return value;
  throw new ConnectorError(
    "PAGINATION_LIMIT",
    `\`forEach\` got ${value.length} elements, and ${step.max} are the most.`,
    {
      status: 422,
      hint: "Raise `max`, or ask for fewer elements.",
    },
  );
}

/** Runs over a list with bounded concurrency; results keep the order of the list. After a failure nothing new starts. */
async function runEach<Result>(
  elements: readonly unknown[],
  concurrency: number,
  run: (element: unknown, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(elements.length);
  let next = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    while (next < elements.length && !failed) {
      const index = next++;
      try {
        results[index] = await run(elements[index], index);
      } catch (failure) {
        failed = true;
        throw failure;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, elements.length) }, work));
  return results;
}

async function runRepeatedly(
  frame: CallState,
  step: CompiledStep,
  roots: Roots,
  ports: StepPorts,
  limits: StepLimits,
): Promise<StepValue> {
  const { repeat } = step;
  const { clock } = frame.context;
  for (let count = 1; ; count += 1) {
    const value = await runOnce(frame, step, roots, ports, limits);
    if (repeat === null) return value;
    if (testValue(repeat.until, bindRoots(frame.closedScope, { ...roots, response: value }))) return value;
    if (count >= repeat.max) {
      throw new ConnectorError("STEP_FAILED", `The condition of \`repeat\` did not hold after ${count} runs.`, {
        hint: "Raise `repeat.max` or `repeat.every`, or look at why the job does not finish.",
      });
    }
    if (clock.now() + repeat.everyMs >= limits.deadline) {
      throw new ConnectorError("ACTION_TIMEOUT", "There was no time left to wait for the condition of `repeat`.");
    }
    await clock.sleep(repeat.everyMs, limits.signal);
  }
}

async function runOnce(
  frame: CallState,
  step: CompiledStep,
  roots: Roots,
  ports: StepPorts,
  limits: StepLimits,
): Promise<StepValue> {
  const state = await runAdmitted(frame, step, roots, ports, limits);
  addStep(frame, state, limits.time);
  return readStepValue(state);
}

function runAdmitted(
  frame: CallState,
  step: CompiledStep,
  roots: Roots,
  ports: StepPorts,
  limits: StepLimits,
): Promise<CallState> {
  const { run } = step;
  if (run.kind === "request") return ports.runRequest(frame, step, roots, limits);
  const scope = bindRoots(frame.closedScope, roots);
  const input = run.input === null ? {} : (renderValue(run.input, scope) ?? {});
  return ports.runAction(frame, run.name, input as Json, limits);
}

/** Adds to the action what one run of a step took and what came of it. */
function addStep(frame: CallState, state: CallState, time: StepLimits["time"]): void {
  frame.attempts += state.attempts;
  frame.externalMs += state.externalMs;
  frame.cacheMs += state.cacheMs;
  frame.transformMs += state.transformMs;
  frame.upstreamStatus = state.upstreamStatus;
  time.externalMs += state.externalMs;
}

/** The final template over the steps, else what the last step that ran gave. */
function writeOutput(
  frame: CallState,
  action: CompositeAction,
  done: Roots,
  last: StepValue | undefined,
): NonNullable<CallState["output"]> {
  const { body, text, contentType } = action.frame.exchange.response;
  frame.closedScope = bindRoots(frame.closedScope, { steps: done });
  if (body !== null || text !== null) return renderOutput(frame, emptyAnswer(), undefined);
  if (last?.contentType !== undefined && typeof last.body === "string") {
    return {
      kind: "text",
      text: last.body,
      contentType: typeof contentType === "string" ? contentType : last.contentType,
    };
  }
  return { kind: "json", value: last?.body as Json | undefined };
}

const emptyAnswer = (): NonNullable<CallState["response"]> => ({
  status: 200,
  headers: {},
  source: null,
  bytes: null,
  body: undefined,
  text: null,
  jsonText: null,
  decoded: true,
});
