import type {
  Action,
  CacheSetting,
  ConnectorDefinition,
  Defaults,
  Duration,
  Each,
  ErrorRule,
  PlaceValue,
  QueryValue,
  RateLimits,
  RequestSpec,
  ResponseSpec,
  Retry,
  Step,
  Template,
} from "@junctor/sdk";
import { extendPointer } from "./json-pointer.ts";

/**
 * Inheritance, settled once per version: `defaults` → action → step (definition 1). Maps merge by name, headers
 * case-insensitively, the nearer wins and a literal `null` removes; error rules are tried nearest first, then outwards;
 * every other setting is replaced whole. Every part keeps the pointer of the place where its author wrote it.
 */
export interface ResolvedAction {
  readonly name: string;
  readonly pointer: string;
  /** The action as written. */
  readonly definition: Action;
  /** `defaults` or the action's own; `PT15S` when neither says. */
  readonly timeout: Duration | Template;
  readonly rateLimits: RateLimits;
  readonly cache: CacheSetting;
  /** The request of a declarative action. */
  readonly exchange: ResolvedExchange | null;
  /** The steps of a composite action. */
  readonly steps: readonly ResolvedStep[] | null;
}

/** A request with what belongs to its answer. */
export interface ResolvedExchange {
  readonly request: ResolvedRequest;
  readonly response: ResponseSpec;
  /** Pointer of `response`, where there is one. */
  readonly responsePointer: string | null;
  readonly errors: readonly ResolvedErrorRule[];
  readonly retry: Retry;
}

/** A step; `exchange` is null where it calls another action. */
export interface ResolvedStep {
  readonly id: string;
  readonly pointer: string;
  readonly definition: Step;
  readonly exchange: ResolvedExchange | null;
}

/** A request with its headers and query merged. */
export interface ResolvedRequest {
  readonly pointer: string;
  /** The request as written; read `headers`, `query` and `redirect` from here instead. */
  readonly spec: RequestSpec;
  readonly headers: ResolvedMap<PlaceValue>;
  readonly query: ResolvedMap<QueryValue>;
  readonly redirect: "follow" | "manual";
}

/**
 * Headers or query parameters. `entries` are what is known by name. `whole` is one expression that yields further ones; its
 * members win over `entries`, which are then those of `defaults`.
 */
export interface ResolvedMap<Value> {
  readonly entries: readonly ResolvedEntry<Value>[];
  readonly whole: { readonly value: Template | Each; readonly pointer: string } | null;
}

export interface ResolvedEntry<Value> {
  readonly name: string;
  readonly value: Value;
  readonly pointer: string;
}

export interface ResolvedErrorRule {
  readonly rule: ErrorRule;
  readonly pointer: string;
}

const DEFAULT_TIMEOUT = "PT15S";

/** Resolves one action of a normalised definition; `undefined` when it has no action of that name. */
export const resolveAction = (definition: ConnectorDefinition, name: string): ResolvedAction | undefined => {
  const actions = definition.actions ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) return undefined;
  const defaults = definition.defaults ?? {};
  const pointer = extendPointer("/actions", name);
  const levels = [
    { settings: action, pointer },
    { settings: defaults, pointer: "/defaults" },
  ];
  return {
    name,
    pointer,
    definition: action,
    timeout: action.timeout ?? defaults.timeout ?? DEFAULT_TIMEOUT,
    rateLimits: action.rateLimits ?? defaults.rateLimits ?? [],
    cache: action.cache ?? defaults.cache ?? false,
    exchange: action.request === undefined ? null : resolveExchange(action.request, defaults, levels),
    steps:
      action.steps?.map((step, index) => resolveStep(step, extendPointer(pointer, "steps", index), defaults, levels)) ??
      null,
  };
};

/** Resolves a list of steps that stands outside an action: `login`, `refresh` and `afterToken` of auth methods. */
export const resolveSteps = (
  definition: ConnectorDefinition,
  steps: readonly Step[],
  pointer: string,
): readonly ResolvedStep[] => {
  const defaults = definition.defaults ?? {};
  return steps.map((step, index) =>
    resolveStep(step, extendPointer(pointer, index), defaults, [{ settings: defaults, pointer: "/defaults" }]),
  );
};

/** Merges a request with what it inherits from `defaults.request`. */
export const resolveRequest = (
  definition: Pick<ConnectorDefinition, "defaults">,
  request: RequestSpec,
  pointer: string,
): ResolvedRequest => {
  const inherited = definition.defaults?.request ?? {};
  return {
    pointer,
    spec: request,
    headers: mergeMaps(inherited.headers, request.headers, extendPointer(pointer, "headers"), "headers"),
    query: mergeMaps(inherited.query, request.query, extendPointer(pointer, "query"), "query"),
    redirect: request.redirect ?? inherited.redirect ?? "follow",
  };
};

/** What an action, a step and `defaults` have in common for an exchange. */
interface ExchangeSettings {
  readonly response?: ResponseSpec;
  readonly errors?: readonly ErrorRule[];
  readonly retry?: Retry;
}

/** From the nearest outwards. */
type Levels = readonly { readonly settings: ExchangeSettings; readonly pointer: string }[];

const resolveStep = (step: Step, pointer: string, defaults: Defaults, outer: Levels): ResolvedStep => ({
  id: step.id,
  pointer,
  definition: step,
  exchange:
    step.request === undefined
      ? null
      : resolveExchange(step.request, defaults, [{ settings: step, pointer }, ...outer]),
});

const resolveExchange = (request: RequestSpec, defaults: Defaults, levels: Levels): ResolvedExchange => {
  const nearest = levels[0];
  const decode = firstOf(levels, (settings) => settings.response?.decode);
  const own = nearest?.settings.response;
  return {
    request: resolveRequest({ defaults }, request, extendPointer(nearest?.pointer ?? "", "request")),
    response: decode === undefined ? (own ?? {}) : { ...own, decode },
    responsePointer: own === undefined || nearest === undefined ? null : extendPointer(nearest.pointer, "response"),
    errors: levels.flatMap(({ settings, pointer }) =>
      (settings.errors ?? []).map((rule, index) => ({ rule, pointer: extendPointer(pointer, "errors", index) })),
    ),
    retry: firstOf(levels, (settings) => settings.retry) ?? {},
  };
};

const firstOf = <Value>(levels: Levels, read: (settings: ExchangeSettings) => Value | undefined): Value | undefined => {
  for (const { settings } of levels) {
    const value = read(settings);
    if (value !== undefined) return value;
  }
  return undefined;
};

const isWhole = (value: unknown): value is Template | Each =>
  typeof value === "string" || (typeof value === "object" && value !== null && Object.hasOwn(value, "$each"));

const mergeMaps = <Value>(
  inherited: Readonly<Record<string, Value>> | undefined,
  own: Readonly<Record<string, Value>> | Template | Each | undefined,
  pointer: string,
  kind: "headers" | "query",
): ResolvedMap<Value> => {
  const keyOf = (name: string): string => (kind === "headers" ? name.toLowerCase() : name);
  const merged = new Map<string, ResolvedEntry<Value>>();
  const add = (map: Readonly<Record<string, Value>>, from: string): void => {
    for (const [name, value] of Object.entries(map)) {
      merged.set(keyOf(name), { name, value, pointer: extendPointer(from, name) });
    }
  };
  add(inherited ?? {}, extendPointer("/defaults/request", kind));
  const whole = isWhole(own) ? { value: own, pointer } : null;
  if (whole === null && own !== undefined) add(own as Readonly<Record<string, Value>>, pointer);
  return { entries: [...merged.values()].filter((entry) => entry.value !== null), whole };
};
