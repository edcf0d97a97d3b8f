import type { CompositeAction as CompositeDefinition, Defaults, Step } from "@junctor/sdk";
import type { Json } from "../ports/records.ts";
import type { CompiledValue, TemplateUses } from "../templates/compiled-value.ts";
import { extendPlace, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { joinUses } from "../templates/template-uses.ts";
import { compileExchange } from "./compile-exchange.ts";
import { compileResponse, responseUses } from "./compile-response.ts";
import type {
  ActionCore,
  CompiledRequest,
  CompiledStep,
  CompositeAction,
  DeclarativeAction,
} from "./compiled-connector.ts";
import { compileDuration } from "./duration.ts";

/** Roots that every template of a step sees beside those of its place. */
const STEP_ROOTS = ["steps", "item", "index"] as const;
const stepPlace = extendPlace(places.input, ["user", "workspace", "call", "connection", ...STEP_ROOTS]);
const untilPlace = extendPlace(stepPlace, ["response"]);

const DEFAULT_MAX = 100;

/**
 * Compiles a composite action (definition 6): each step that sends a request becomes a declarative action of its own, so
 * that it is admitted, signed, sent and judged like any other; the *frame* holds what belongs to the action as a whole.
 */
export function compileComposite(
  templates: TemplateCompiler,
  core: Omit<ActionCore, "readsUser">,
  action: CompositeDefinition,
  defaults: Defaults | undefined,
  pointer: string,
): CompositeAction {
  const steps = action.steps.map((step, index) =>
    compileStep(templates, core, step, action, defaults, `${pointer}/steps/${index}`),
  );
  const response = compileResponse(templates, action.response, undefined, `${pointer}/response`, []);
  const uses = joinUses([...responseUses(response), ...steps.flatMap(stepUses)]);
  const readsUser =
    uses.roots.includes("user") || steps.some(({ run }) => run.kind === "request" && run.action.readsUser);
  const connected = steps.some(({ run }) => run.kind === "action" || run.action.exchange.request.auth === null);
  const frame: DeclarativeAction = Object.freeze({
    ...core,
    kind: "declarative",
    readsUser,
    exchange: Object.freeze({
      request: connected ? framed : unconnected,
      response,
      errors: [],
      retry: noRetry,
      idempotencyKey: null,
      repeatable: false,
      responseReads: noReads,
      uses,
    }),
    rateLimits: [],
    pagination: null,
    cache: null,
    passThrough: false,
  });
  return Object.freeze({ ...core, kind: "composite", readsUser, frame, steps: Object.freeze(steps) });
}

function compileStep(
  templates: TemplateCompiler,
  core: Omit<ActionCore, "readsUser">,
  step: Step,
  action: CompositeDefinition,
  defaults: Defaults | undefined,
  pointer: string,
): CompiledStep {
  const value = (json: Json | undefined, key: string, place = stepPlace): CompiledValue | null =>
    json === undefined ? null : templates.tree(json, place, `${pointer}/${key}`);
  const { repeat } = step;
  const run: CompiledStep["run"] =
    step.action === undefined
      ? { kind: "request", action: compileRequestStep(templates, core, step, action, defaults, pointer) }
      : { kind: "action", name: step.action, input: value(step.input as Json | undefined, "input") };
  return Object.freeze({
    id: step.id,
    when: value(step.when, "when"),
    forEach: value(step.forEach as Json | undefined, "forEach"),
    concurrency: step.concurrency ?? 1,
    max: step.max ?? DEFAULT_MAX,
    group: step.group ?? null,
    timeoutMs: step.timeout === undefined ? null : compileDuration(step.timeout, `${pointer}/timeout`),
    repeat:
      repeat === undefined
        ? null
        : Object.freeze({
            until: templates.tree(repeat.until, untilPlace, `${pointer}/repeat/until`),
            everyMs: compileDuration(repeat.every, `${pointer}/repeat/every`),
            max: repeat.max,
          }),
    run,
  });
}

/** The input was checked once, for the whole action. */
const uncheckedInput: ActionCore["input"] = Object.freeze({ check: (input: Json) => input });

function compileRequestStep(
  templates: TemplateCompiler,
  core: Omit<ActionCore, "readsUser">,
  step: Extract<Step, { readonly request: unknown }>,
  action: CompositeDefinition,
  defaults: Defaults | undefined,
  pointer: string,
): DeclarativeAction {
  const readOnly = core.readOnly || ["GET", "HEAD", "OPTIONS"].includes(step.request.method ?? "GET");
  const retry = step.retry ?? action.retry;
  const exchange = compileExchange(
    templates,
    { ...step, ...(retry === undefined ? {} : { retry }) },
    defaults,
    readOnly,
    pointer,
    { roots: STEP_ROOTS, outer: { errors: action.errors, pointer: `${pointer.replace(/\/steps\/\d+$/, "")}/errors` } },
  );
  return Object.freeze({
    ...core,
    kind: "declarative",
    input: uncheckedInput,
    output: null,
    readOnly,
    readsUser: exchange.uses.roots.includes("user"),
    exchange,
    rateLimits: [],
    pagination: null,
    cache: null,
    passThrough: false,
  });
}

function stepUses({ when, forEach, repeat, run }: CompiledStep): readonly TemplateUses[] {
  const values = [when, forEach, repeat?.until ?? null, run.kind === "action" ? run.input : null];
  return values.flatMap((value) => (value === null ? [] : [value.uses]));
}

/** The frame sends nothing itself; `auth` says whether its steps need the connection's credential. */
const framed: CompiledRequest = Object.freeze({
  method: "GET",
  path: null,
  url: null,
  hostComputed: false,
  hostDeclared: false,
  query: Object.freeze({ parts: [], whole: null }),
  headers: Object.freeze({ fixed: [], entries: [], whole: null, contentType: false }),
  body: null,
  auth: null,
  followRedirects: false,
});
const unconnected: CompiledRequest = Object.freeze({ ...framed, auth: false });
const noRetry = Object.freeze({ attempts: 1, initialMs: 0, factor: 1, maxMs: 0 });
const noReads = Object.freeze({ headers: false, text: false, cookies: false, links: false, statusCode: false });
