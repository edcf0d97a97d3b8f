import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { BuiltAction, DefinitionDraft } from "../openapi/build-definition.ts";
import { firstPageQuery } from "../openapi/build-pagination.ts";
import { successCode } from "../openapi/build-response.ts";
import { bodyWithUrl, dropProperty } from "../openapi/build-triggers.ts";
import { propertiesOf, resolveSchema, typesOf } from "../openapi/resolve-schema.ts";
import { memberOf } from "../openapi/template-text.ts";
import { pointer } from "../source/json-pointer.ts";
import { type ExpressionScope, readExpression, readPath, toCode } from "./expressions.ts";
import { type Policy, type PolicyContext, scopeOf } from "./policy-context.ts";

/** Turns operations with `x-ms-trigger` into triggers; they stop being actions. */
export function buildTriggers(context: PolicyContext, policies: readonly Policy[]): void {
  const { draft } = context;
  for (const built of draft.actions.filter(isTrigger)) {
    const trigger = isWebhook(draft, built) ? webhookTrigger(draft, built) : pollingTrigger(context, built, policies);
    describe(trigger, built);
    draft.triggers.push({ name: built.name, trigger, source: built.source, replaces: true });
  }
  const kept = draft.actions.filter((built) => !isTrigger(built));
  draft.actions.splice(0, draft.actions.length, ...kept);
}

/** `x-ms-trigger` says `single` or `batch`; authors write `none` where they mean an action. */
function isTrigger({ source }: BuiltAction): boolean {
  const mark = source.operation["x-ms-trigger"];
  return !(mark === undefined || mark === null || /^(false|none|)$/i.test(String(mark).trim()));
}

function describe(trigger: Obj, built: BuiltAction): void {
  const { title, description, deprecated, hidden } = built.action;
  Object.assign(trigger, {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(hidden === undefined ? {} : { hidden }),
  });
}

const isWebhook = (draft: DefinitionDraft, built: BuiltAction): boolean =>
  built.source.payload !== undefined ||
  built.source.pathItem["x-ms-notification-content"] !== undefined ||
  built.source.operation["x-ms-notification-content"] !== undefined ||
  callbackPlace(draft, built) !== undefined;

type CallbackPlace =
  | { readonly kind: "body"; readonly path: readonly string[] }
  | { readonly kind: "parameter"; readonly name: string; readonly place: string };

/** Where the operation takes the URL that events are sent to. */
function callbackPlace(draft: DefinitionDraft, built: BuiltAction): CallbackPlace | undefined {
  const marked = built.source.parameters.find(
    (parameter) => isMarked(parameter.object) || isMarked(asObject(parameter.object.schema)),
  );
  if (marked !== undefined) return { kind: "parameter", name: marked.name, place: marked.in };
  const body = asObject(asObject(built.action.input).properties).body;
  const isWhole = typesOf(body, draft.context.definitions).has("string");
  if (isWhole && (isMarked(body) || isMarked(asObject(built.source.operation.requestBody))))
    return { kind: "body", path: [] };
  const path = findProperty(body, draft.context.definitions, (_, schema) => isMarked(schema), 0);
  return path === undefined ? undefined : { kind: "body", path };
}

const isMarked = (schema: unknown): boolean =>
  String(asObject(schema)["x-ms-notification-url"]).trim().toLowerCase() === "true";

function findProperty(
  schema: unknown,
  definitions: Obj,
  test: (name: string, schema: Obj) => boolean,
  depth: number,
): readonly string[] | undefined {
  if (schema === undefined || depth > 6) return undefined;
  const properties = Object.entries(propertiesOf(schema, definitions));
  for (const [name, property] of properties) {
    if (test(name, { ...asObject(property), ...resolveSchema(property, definitions) })) return [name];
  }
  for (const [name, property] of properties) {
    const inner = findProperty(property, definitions, test, depth + 1);
    if (inner !== undefined) return [name, ...inner];
  }
  return undefined;
}

function webhookTrigger(draft: DefinitionDraft, built: BuiltAction): Obj {
  const { source, action } = built;
  const { report, definitions } = draft.context;
  const trigger: Obj = {};
  if (source.payload !== undefined) trigger.output = source.payload;
  const input = asObject(action.input);
  const request = asObject(action.request ?? asObject(asList(action.steps).at(-1)).request);
  const place = callbackPlace(draft, built) ?? guessCallback(draft, built);
  let subscribe: { readonly request: Obj; readonly input?: Obj } =
    Object.keys(input).length > 0 ? { request, input } : { request };
  if (place?.kind === "body" && place.path.length === 0) subscribe = wholeBody(request, input);
  else if (place?.kind === "body")
    subscribe =
      request.body === "{{ input.body }}"
        ? bodyWithUrl(definitions, request, input, place.path)
        : mergedTree(request, input, place.path);
  else if (place?.kind === "parameter" && place.place === "path") subscribe = inPath(request, input, place.name);
  else if (place?.kind === "parameter") {
    const section = place.place === "header" ? "headers" : "query";
    const rest = dropProperty(input, place.name);
    subscribe = {
      request: { ...request, [section]: { ...asObject(request[section]), [place.name]: "{{ webhook.url }}" } },
      ...(rest === undefined ? {} : { input: rest }),
    };
  } else {
    report.lose(
      source.pointer,
      "callback-field-missing",
      "No field of the request takes the URL that events are sent to.",
      "Mark it with x-ms-notification-url, or place webhook.url by hand.",
    );
  }
  if (subscribe.input !== undefined) trigger.input = subscribe.input;
  trigger.webhook = { subscribe: { request: subscribe.request }, ...unsubscribeOf(draft, built) };
  const items = source.operation["x-ms-trigger"] === "batch" ? listIn(trigger.output, definitions) : undefined;
  if (items !== undefined) {
    trigger.items = `{{ ${items.path.reduce((code, name) => memberOf(code, name), "request.body")} }}`;
    trigger.output = items.schema;
  }
  return trigger;
}

interface Subscribing {
  readonly request: Obj;
  readonly input?: Obj;
}

/** The body is the URL and nothing else. */
function wholeBody(request: Obj, input: Obj): Subscribing {
  const rest = dropProperty(input, "body");
  const { text: _, body: __, ...plain } = request;
  const url = request.text === undefined ? { body: "{{ webhook.url }}" } : { text: "{{ webhook.url }}" };
  return { request: { ...plain, ...url }, ...(rest === undefined ? {} : { input: rest }) };
}

/** The URL is a part of the path. */
function inPath(request: Obj, input: Obj, name: string): Subscribing {
  const access = memberOf("input", name).replaceAll(/[.[\]'$()*+?\\]/g, "\\$&");
  const expression = new RegExp(`\\{\\{[^{}]*${access}[^{}]*\\}\\}`, "g");
  const rest = dropProperty(input, name);
  return {
    request: { ...request, path: String(request.path).replaceAll(expression, "{{ webhook.url }}") },
    ...(rest === undefined ? {} : { input: rest }),
  };
}

/** Policies may have changed the body before; the URL is then set in the tree that they left. */
function mergedTree(
  request: Obj,
  input: Obj,
  path: readonly string[],
): { readonly request: Obj; readonly input?: Obj } {
  const body = request.body;
  if (typeof body === "string") {
    const code = /^\{\{\s*(.*?)\s*\}\}$/s.exec(body)?.[1];
    const [name = "", ...rest] = path;
    const inner = rest.length === 0 ? "webhook.url" : `{'${rest.join("': {'")}': webhook.url${"}".repeat(rest.length)}`;
    return {
      request: { ...request, body: code === undefined ? body : `{{ (${code}) | merge({'${name}': ${inner}}) }}` },
      input,
    };
  }
  const copy = structuredClone(asObject(body));
  let current = copy;
  for (const name of path.slice(0, -1)) {
    const next = isObject(current[name]) ? current[name] : {};
    setMember(current, name, next);
    current = next;
  }
  setMember(current, path.at(-1) ?? "url", "{{ webhook.url }}");
  return { request: { ...request, body: copy }, input };
}

/** A field whose name says that it is the callback, where none is marked. */
function guessCallback(draft: DefinitionDraft, built: BuiltAction): CallbackPlace | undefined {
  const named = (name: string): boolean =>
    /(callback|notification|notify|web_?hook|hook|target|delivery|endpoint|subscriber|receiver|destination)_?-?(ur[li]|address|link|endpoint)$|^(url|uri|callback|endpoint|webhook|address|hookUrl)$/i.test(
      name,
    );
  const body = asObject(asObject(built.action.input).properties).body;
  const path = findProperty(
    body,
    draft.context.definitions,
    (name, schema) => named(name) && (schema.type === "string" || schema.type === undefined),
    0,
  );
  const parameter =
    path === undefined ? built.source.parameters.find((item) => item.in !== "path" && named(item.name)) : undefined;
  const found = path?.join(".") ?? parameter?.name;
  if (found !== undefined)
    draft.context.report.repair(built.source.pointer, "callback-field", "no field is marked", found);
  if (path !== undefined) return { kind: "body", path };
  return parameter === undefined ? undefined : { kind: "parameter", name: parameter.name, place: parameter.in };
}

/** How to unsubscribe: the `Location` that came back, or a DELETE operation whose path goes on from the subscribing one. */
function unsubscribeOf(draft: DefinitionDraft, built: BuiltAction): Obj {
  const location = "{{ response.headers.location }}";
  const request: Obj = { method: "DELETE", url: "{{ subscription.url }}" };
  const subscription: Obj = { url: location };
  const found = deletingOperation(draft, built);
  if (found === undefined) return { subscription, unsubscribe: { request } };
  const { source } = found;
  const own = new Set(
    built.source.parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.name),
  );
  const target = asObject(found.action.request);
  const ids = source.parameters.filter(
    (parameter) => !own.has(parameter.name) && (parameter.in === "path" || parameter.object.required === true),
  );
  let path = String(target.path ?? source.path);
  const query: Obj = {};
  for (const parameter of ids) {
    subscription.id ??= idExpression(draft, built, parameter.name);
    if (parameter.in === "path")
      path = path.replaceAll(
        new RegExp(
          `\\{\\{[^{}]*${memberOf("input", parameter.name).replaceAll(/[.[\]'$()*+?\\]/g, "\\$&")}[^{}]*\\}\\}`,
          "g",
        ),
        "{{ subscription.id }}",
      );
    else if (parameter.in === "query") query[parameter.name] = "{{ subscription.id }}";
  }
  return {
    subscription,
    unsubscribe: {
      request: {
        ...request,
        path,
        ...(Object.keys(query).length > 0 ? { query } : {}),
        ...(target.auth === undefined ? {} : { auth: target.auth }),
      },
    },
  };
}

function deletingOperation(draft: DefinitionDraft, built: BuiltAction): BuiltAction | undefined {
  const base = built.source.path
    .replace(/\/+$/, "")
    .replaceAll(/\{[^}]*\}/g, "{}")
    .toLowerCase();
  const deletions = draft.actions.filter(
    (other) => other.source.method === "delete" && other.action.request !== undefined,
  );
  const shape = (other: BuiltAction): string => other.source.path.replaceAll(/\{[^}]*\}/g, "{}").toLowerCase();
  return (
    deletions.find(
      (other) =>
        shape(other).startsWith(`${base}/`) &&
        shape(other)
          .slice(base.length + 1)
          .replace(/\/$/, "") === "{}",
    ) ??
    deletions.find((other) => shape(other).startsWith(base) && other.source.path.includes("{")) ??
    deletions.find(
      (other) =>
        /web_?hook|subscri|hook|trigger/i.test(`${other.source.path} ${String(other.source.operation.operationId)}`) &&
        other.source.path.includes("{"),
    )
  );
}

/** The id of a subscription: the member of the answer that has its name, or the end of its `Location`. */
function idExpression(draft: DefinitionDraft, built: BuiltAction, name: string): string {
  const { definitions } = draft.context;
  const responses = asObject(built.source.operation.responses);
  const code = successCode(responses);
  const content = asObject(asObject(responses[code ?? ""]).content);
  const schema = asObject(Object.values(content)[0]).schema;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const path = findProperty(schema, definitions, (key) => plain(key) === plain(name), 0) ??
    findProperty(
      schema,
      definitions,
      (key) => plain(key) === "id" || plain(key) === "subscriptionid" || plain(key) === "webhookid",
      0,
    ) ??
    findProperty(schema, definitions, (key) => /id$/i.test(key), 0) ?? ["id"];
  const access = path.reduce((text, part) => memberOf(text, part), "response.body");
  return `{{ ${access} | default((response.headers.location | default('')).split('/')[-1], true) }}`;
}

/** The list in a schema: the schema itself, or the only (or first) array among its properties. */
function listIn(
  schema: unknown,
  definitions: Obj,
): { readonly path: readonly string[]; readonly schema: unknown } | undefined {
  const resolved = resolveSchema(schema, definitions);
  if (typesOf(resolved, definitions).has("array")) return { path: [], schema: resolved.items ?? {} };
  const lists = Object.entries(propertiesOf(resolved, definitions)).filter(([, property]) =>
    typesOf(property, definitions).has("array"),
  );
  const [name, property] =
    lists.find(([key]) => /^(value|items|data|results|records|entries)$/i.test(key)) ?? lists[0] ?? [];
  return name === undefined ? undefined : { path: [name], schema: resolveSchema(property, definitions).items ?? {} };
}

function pollingTrigger(context: PolicyContext, built: BuiltAction, policies: readonly Policy[]): Obj {
  const { draft } = context;
  const { action, source } = built;
  const { definitions } = draft.context;
  const policy = policies.find(
    (item) =>
      item.template === "pollingtrigger" &&
      (item.operations.length === 0 ||
        item.operations.some(
          (name) => name.toLowerCase() === String(source.operation.operationId ?? "").toLowerCase(),
        )),
  );
  const trigger: Obj = {};
  let input = asObject(action.input);
  const request: Obj = { ...asObject(action.request ?? asObject(asList(action.steps).at(-1)).request) };
  const dataPath = policy === undefined ? undefined : readPath(policy.parameters.triggerDataPath);
  const described = listIn(action.output, definitions);
  // A path that leaves what the answer describes still says where the list is; what is in it, the described list says.
  const list =
    dataPath === undefined
      ? described
      : { path: dataPath.path, schema: schemaAt(action.output, dataPath.path, definitions) ?? described?.schema };
  const poll: Obj = { request };
  const code =
    list === undefined
      ? "response.body"
      : list.path.reduce<string>(
          (text, step) => (typeof step === "number" ? `${text}[${step}]` : memberOf(text, step)),
          "response.body",
        );
  poll.items = list === undefined ? `{{ [${code}] }}` : `{{ ${code} }}`;
  if (policy !== undefined) input = placeState(context, built, policy, poll, request, input);
  else poll.order = "newestFirst";
  if (Object.keys(asObject(input.properties)).length > 0) trigger.input = input;
  if (action.errors !== undefined) poll.errors = action.errors;
  trigger.poll = poll;
  const item = list === undefined ? action.output : list.schema;
  if (item !== undefined) trigger.output = item;
  return trigger;
}

function schemaAt(schema: unknown, path: readonly (string | number)[], definitions: Obj): unknown {
  let current: unknown = schema;
  for (const step of path)
    current =
      typeof step === "number" ? resolveSchema(current, definitions).items : propertiesOf(current, definitions)[step];
  return resolveSchema(current, definitions).items;
}

/** The state that a polling policy keeps becomes the cursor; the query parameters that carried it read the cursor. */
function placeState(
  context: PolicyContext,
  built: BuiltAction,
  policy: Policy,
  poll: Obj,
  request: Obj,
  input: Obj,
): Obj {
  const { report } = context.draft.context;
  const scope: ExpressionScope = { ...scopeOf(context, built, "response"), body: "response.body" };
  const cursor: Obj = {};
  let rest = input;
  for (const [name, value] of Object.entries(asObject(policy.parameters.triggerConfig))) {
    const written = isObject(value) ? value.value : value;
    const read = readExpression(typeof written === "string" ? written : JSON.stringify(written ?? ""), scope);
    if (name === "" || read.unknown.length > 0) {
      report.lose(
        pointer(policy.place, "parameters"),
        `polling-state-${name || "empty"}`,
        name === ""
          ? "A state without a name has no parameter to go to."
          : `The expression ${read.unknown[0]} reads something that is not there.`,
        "Write cursor by hand.",
      );
      continue;
    }
    if (name.toLowerCase() === "x-ms-triggerconfig-nextlink") {
      poll.pagination = { items: poll.items, next: `{{ ${toCode(read.pieces)} }}` };
      request.url = "{{ page.next }}";
      continue;
    }
    cursor[name] = `{{ ${toCode(read.pieces)} }}`;
    const known = Object.keys(asObject(rest.properties)).find((property) => property === name);
    if (known !== undefined) rest = dropProperty(rest, known) ?? {};
  }
  const names = Object.keys(cursor);
  const [only] = names;
  if (only !== undefined) placeCursor(cursor, names, poll, request);
  const first = request.url === undefined ? undefined : firstPageQuery(context.draft.definition, request);
  if (first !== undefined) request.query = first;
  return rest;
}

function placeCursor(cursor: Obj, names: readonly string[], poll: Obj, request: Obj): void {
  const [only = ""] = names;
  poll.cursor = names.length === 1 ? cursor[only] : cursor;
  poll.order = "newestFirst";
  const query: Obj = { ...asObject(request.query) };
  for (const name of names)
    setMember(query, name, names.length === 1 ? "{{ cursor }}" : `{{ ${memberOf("cursor", name)} }}`);
  request.query = query;
}
