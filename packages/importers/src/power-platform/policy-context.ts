import { asList, asObject, type Obj } from "../json-value.ts";
import type { BuiltAction, DefinitionDraft } from "../openapi/build-definition.ts";
import { memberOf } from "../openapi/template-text.ts";
import { BodyState } from "./body-state.ts";
import type { ExpressionScope } from "./expressions.ts";

/** One policy instance, with its parameters by plain name. */
export interface Policy {
  readonly template: string;
  readonly parameters: Obj;
  readonly section: string;
  /** Operation ids it is for; empty = all. */
  readonly operations: readonly string[];
  readonly place: string;
}

/** What policies work on. */
export interface PolicyContext {
  readonly draft: DefinitionDraft;
  readonly names: ReadonlyMap<string, string>;
  readonly secrets: ReadonlySet<string>;
  /** Whether an auth method exists already. */
  hasMethod: boolean;
  /** Bodies that policies changed: action → state. */
  readonly requestBodies: Map<BuiltAction, BodyState>;
  readonly responseBodies: Map<BuiltAction, BodyState>;
}

/** The actions that a policy is for. */
export function targetsOf(policy: Policy, draft: DefinitionDraft): readonly BuiltAction[] {
  if (policy.operations.length === 0) return draft.actions;
  const wanted = new Set(policy.operations.map((name) => name.trim().toLowerCase()));
  return draft.actions.filter(({ source }) => wanted.has(String(source.operation.operationId ?? "").toLowerCase()));
}

/** What expressions mean in the policies of one action. */
export function scopeOf(context: PolicyContext, built: BuiltAction, section: string): ExpressionScope {
  const input =
    (location: string) =>
    (name: string): string | undefined => {
      const parameter = built.source.parameters.find(
        (item) => item.in === location && item.name.toLowerCase() === name.toLowerCase(),
      );
      if (parameter === undefined) return undefined;
      const properties = asObject(asObject(built.action.input).properties);
      const wire = [parameter.name, `${parameter.name}_${location}`].find((candidate) =>
        Object.hasOwn(properties, candidate),
      );
      return wire === undefined ? undefined : memberOf("input", wire);
    };
  return {
    connection: (name) => connectionCode(context, name),
    query: input("query"),
    header: (name) => input("header")(name) ?? setHeaderOf(built, name) ?? authHeader(context, name),
    body: section === "response" ? "response.body" : "input.body",
    item: "item",
  };
}

/** A header that an earlier policy set on the request: its value as code. */
function setHeaderOf(built: BuiltAction, name: string): string | undefined {
  const request = requestOf(built);
  const found = Object.entries(asObject(request.headers)).find(([known]) => known.toLowerCase() === name.toLowerCase());
  return /^\{\{\s*(.*?)\s*\}\}$/.exec(String(found?.[1] ?? ""))?.[1];
}

/** The request that policies change: the action's own, or that of its last step. */
export const requestOf = (built: BuiltAction): Obj =>
  asObject(built.action.request ?? asObject(asList(built.action.steps).at(-1)).request);

/** What to say of a policy that reads something which only some of its operations have. */
export function partly(
  policy: Policy,
  context: PolicyContext,
  missing: readonly string[],
  targets: number,
): string | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  if (missing.length === targets) return `The expression ${first} reads something that is not there.`;
  context.draft.context.report.note(
    policy.place,
    "policy-partly",
    `${missing.length} of ${targets} operations lack what the policy reads (${first}); it is left out there.`,
    "Limit the policy to the operations that have it.",
  );
  return undefined;
}

/** A connection parameter by its name in the source, whatever its case. */
export function connectionCode(context: PolicyContext, name: string): string | undefined {
  const known =
    context.names.get(name) ??
    [...context.names].find(([source]) => source.toLowerCase() === name.trim().toLowerCase())?.[1];
  return known === undefined ? undefined : memberOf("connection", known);
}

/** A header that the auth method sets: its value as code. */
function authHeader(context: PolicyContext, name: string): string | undefined {
  const method = asObject(asList(asObject(context.draft.definition.connection).auth)[0]);
  if (method.type !== "apiKey" || method.in !== "header" || String(method.name).toLowerCase() !== name.toLowerCase())
    return undefined;
  return /^\{\{\s*(.*?)\s*\}\}$/.exec(String(method.value))?.[1];
}

/** The body of an action as policies change it. */
export function bodyState(context: PolicyContext, built: BuiltAction, section: string): BodyState {
  const states = section === "response" ? context.responseBodies : context.requestBodies;
  const known = states.get(built);
  if (known !== undefined) return known;
  const definitions = context.draft.context.definitions;
  const schema = section === "response" ? built.action.output : asObject(asObject(built.action.input).properties).body;
  const state = new BodyState(section === "response" ? "response.body" : "input.body", schema, definitions);
  states.set(built, state);
  return state;
}
