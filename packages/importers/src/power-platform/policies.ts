import { asList, asObject, asTexts, isObject, type Obj, setMember } from "../json-value.ts";
import type { BuiltAction } from "../openapi/build-definition.ts";
import { literal, memberOf } from "../openapi/template-text.ts";
import { pointer } from "../source/json-pointer.ts";
import { applyBodyPolicy, bodyTemplates } from "./body-policies.ts";
import { type Piece, readExpression, toCode, toOptional, toTemplate } from "./expressions.ts";
import { type Policy, type PolicyContext, partly, scopeOf, targetsOf } from "./policy-context.ts";
import { applyRouting, routeTemplates } from "./routing-policies.ts";

/** Reads `policyTemplateInstances`; template ids and parameter names are compared whatever their case. */
export function readPolicies(properties: Obj, place: string): readonly Policy[] {
  return asList(properties.policyTemplateInstances).flatMap((instance, index) => {
    if (!isObject(instance)) return [];
    const parameters: Obj = {};
    let section = "request";
    let operations: readonly string[] = [];
    for (const [name, value] of Object.entries(asObject(instance.parameters))) {
      const plain = name.replace(/^x-ms-apimTemplateParameter\./i, "");
      if (/^x-ms-apimTemplate-operationName$/i.test(name))
        operations = typeof value === "string" ? [value] : asTexts(value);
      else if (/^x-ms-apimTemplate-policySection$/i.test(name)) section = String(value).toLowerCase();
      else setMember(parameters, plain, value);
    }
    return [
      {
        template: String(instance.templateId ?? "").toLowerCase(),
        parameters,
        section,
        operations,
        place: pointer(place, "policyTemplateInstances", index),
      },
    ];
  });
}

/** Applies the policies in their order; those that cannot be carried over are losses. Polling is the triggers' business. */
export function applyPolicies(policies: readonly Policy[], context: PolicyContext): void {
  const { report } = context.draft.context;
  const lookups = policies.filter((policy) => policy.template === "setvaluefromurl");
  for (const policy of [...lookups, ...policies.filter((one) => one.template !== "setvaluefromurl")]) {
    report.policies.found++;
    const problem = applyPolicy(policy, context);
    if (problem === undefined) report.policies.applied++;
    else
      report.lose(
        policy.place,
        `policy-${policy.template || "unknown"}`,
        problem,
        "Write what the policy does into the definition by hand.",
      );
  }
  for (const [built, state] of context.requestBodies)
    if (state.changed)
      asObject(built.action.request ?? asObject(asList(built.action.steps).at(-1)).request).body = state.tree();
  for (const [built, state] of context.responseBodies) {
    if (state.changed) built.action.response = { ...asObject(built.action.response), body: state.tree() };
  }
}

function applyPolicy(policy: Policy, context: PolicyContext): string | undefined {
  const targets = targetsOf(policy, context.draft);
  if (targets.length === 0 && policy.operations.length > 0)
    return "It is for operations that the connector does not have.";
  if (policy.template === "pollingtrigger" || policy.template === "updatenextlink") return undefined;
  if (policy.template === "setheader") return setHeader(policy, context, targets);
  if (policy.template === "setqueryparameter") return setQuery(policy, context, targets);
  if (policy.template === "setconnectionstatustounauthenticated") return setUnauthenticated(policy, targets);
  if (routeTemplates.has(policy.template)) return applyRouting(policy, context, targets);
  if (bodyTemplates.has(policy.template)) return applyBodyPolicy(policy, context, targets);
  return `The policy template ${JSON.stringify(policy.template)} is not known.`;
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

function setHeader(policy: Policy, context: PolicyContext, targets: readonly BuiltAction[]): string | undefined {
  if (policy.section !== "request") {
    context.draft.context.report.note(
      policy.place,
      "policy-response-header",
      "A header of an answer is not part of the output, so the policy has nothing to change.",
      "Nothing to do.",
    );
    return undefined;
  }
  const name = textOf(policy.parameters.name).trim();
  if (name === "") return "The policy names no header.";
  return setPlace(policy, context, targets, "headers", name);
}

const setQuery = (policy: Policy, context: PolicyContext, targets: readonly BuiltAction[]): string | undefined => {
  const name = textOf(policy.parameters.name).trim();
  return name === "" ? "The policy names no parameter." : setPlace(policy, context, targets, "query", name);
};

/** Sets a header or a query parameter: as the auth method where it carries a secret for all, else where it belongs. */
function setPlace(
  policy: Policy,
  context: PolicyContext,
  targets: readonly BuiltAction[],
  place: "headers" | "query",
  name: string,
): string | undefined {
  const value = textOf(policy.parameters.value);
  const action = String(policy.parameters.existsAction ?? "override").toLowerCase();
  const isForAll = targets.length === context.draft.actions.length;
  const [sample] = targets;
  if (sample === undefined) return undefined;
  const read = readExpression(value, scopeOf(context, sample, "request"));
  if (isForAll && place === "headers" && rewriteAuth(context, name, read.pieces)) return undefined;
  if (readsSecret(context, read.pieces) && !context.hasMethod && targets.length * 2 > context.draft.actions.length) {
    addKeyMethod(context, place === "query" ? "query" : "header", name, toTemplate(read.pieces));
    return undefined;
  }
  const readsInput = read.pieces.some((piece) => piece.kind === "code" && piece.code.includes("input"));
  if (
    isForAll &&
    !readsInput &&
    read.unknown.length === 0 &&
    action !== "skip" &&
    !targets.some((built) => declares(built, place, name))
  ) {
    setDefault(context, place, name, toTemplate(read.pieces));
    return undefined;
  }
  const missing: string[] = [];
  for (const built of targets) {
    const own = readExpression(value, scopeOf(context, built, "request"));
    const [unknown] = own.unknown;
    if (unknown === undefined) setOnRequest(built, place, name, own.pieces, action);
    else missing.push(`${unknown} in ${String(built.source.operation.operationId)}`);
  }
  return partly(policy, context, missing, targets.length);
}

const readsSecret = (context: PolicyContext, pieces: readonly Piece[]): boolean =>
  pieces.some(
    (piece) =>
      piece.kind === "code" &&
      [...context.secrets].some((secret) => piece.code.includes(memberOf("connection", secret))),
  );

/** A policy on the very header of the auth method (a prefix in front of the key) becomes part of its value. */
function rewriteAuth(context: PolicyContext, name: string, pieces: readonly Piece[]): boolean {
  const connection = asObject(context.draft.definition.connection);
  const [method] = asList(connection.auth);
  if (!isObject(method) || asList(connection.auth).length !== 1) return false;
  const isSame =
    method.type === "apiKey" && method.in === "header" && String(method.name).toLowerCase() === name.toLowerCase();
  const isBearer = (method.type === "basic" || method.type === "bearer") && name.toLowerCase() === "authorization";
  if (!isSame && !isBearer) return false;
  if (!pieces.some((piece) => piece.kind === "code")) return false;
  connection.auth = [{ type: "apiKey", in: "header", name, value: toTemplate(pieces) }];
  return true;
}

function addKeyMethod(context: PolicyContext, location: string, name: string, value: string): void {
  const connection = asObject(context.draft.definition.connection);
  context.draft.definition.connection = { ...connection, auth: [{ type: "apiKey", in: location, name, value }] };
  context.hasMethod = true;
}

const declares = (built: BuiltAction, place: string, name: string): boolean =>
  Object.keys(asObject(asObject(built.action.request)[place])).some(
    (known) => known.toLowerCase() === name.toLowerCase(),
  );

function setDefault(context: PolicyContext, place: "headers" | "query", name: string, value: string): void {
  const { definition } = context.draft;
  const defaults: Obj = { ...asObject(definition.defaults) };
  const request: Obj = { ...asObject(defaults.request) };
  request[place] = { ...asObject(request[place]), [name]: value };
  definition.defaults = { ...defaults, request };
}

function setOnRequest(
  built: BuiltAction,
  place: "headers" | "query",
  name: string,
  pieces: readonly Piece[],
  action: string,
): void {
  const request = asObject(built.action.request);
  const map: Obj = { ...asObject(request[place]) };
  const known = Object.keys(map).find((key) =>
    place === "headers" ? key.toLowerCase() === name.toLowerCase() : key === name,
  );
  const before = known === undefined ? undefined : /^\{\{\s*(.*?)\s*\}\}$/s.exec(String(map[known]))?.[1];
  if (place === "headers" && name.toLowerCase() === "content-type" && request.body !== undefined) {
    if (pieces.every((piece) => piece.kind === "text"))
      request.contentType = literal(pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join(""));
    return;
  }
  if (known !== undefined && known !== name) delete map[known];
  if (before !== undefined && action === "skip") map[name] = `{{ ${before} | default(${toCode(pieces)}) }}`;
  else if (before !== undefined && action === "append")
    map[name] = `{{ (${before} ~ ',' ~ ${toCode(pieces)}) if ${before} is defined else ${toCode(pieces)} }}`;
  else map[name] = toOptional(pieces);
  request[place] = map;
}

function setUnauthenticated(policy: Policy, targets: readonly BuiltAction[]): string | undefined {
  const status = Number(policy.parameters.statusCode);
  if (!Number.isInteger(status)) return "The policy names no status code.";
  for (const built of targets) {
    built.action.errors = [
      ...asList(built.action.errors),
      { when: `{{ response.status == ${status} }}`, then: "reauthenticate" },
    ];
  }
  return undefined;
}
