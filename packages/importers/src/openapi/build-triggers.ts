import { asList, asObject, isObject, type Obj, setMember, without } from "../json-value.ts";
import { tokens } from "../source/json-pointer.ts";
import type { DefinitionDraft } from "./build-definition.ts";
import { chooseMediaType } from "./media-types.ts";
import { actionName, identifier, titleOf } from "./names.ts";
import { propertiesOf, requiredOf } from "./resolve-schema.ts";
import { pathItemMethods, type SourceModel, type SourceOperation } from "./source-model.ts";
import { memberOf, quote } from "./template-text.ts";

/** The payload schema that an operation of a webhook or a callback describes. */
const payloadOf = (operation: Obj): unknown => {
  const content = asObject(asObject(operation.requestBody).content);
  const type = chooseMediaType(content);
  return type === undefined ? undefined : asObject(content[type]).schema;
};

/** The status with which an operation wants to be answered. */
const answerOf = (operation: Obj): Obj => {
  const status = Object.keys(asObject(operation.responses)).find((code) => /^2\d\d$/.test(code));
  return status === undefined || status === "202" ? {} : { response: { status: Number(status) } };
};

/** Turns `webhooks` (OpenAPI 3.1) into triggers whose URL a person registers. */
export function buildWebhookTriggers(draft: DefinitionDraft, model: SourceModel): void {
  for (const source of model.webhooks) {
    const { operation } = source;
    const name = draft.names.take(
      actionName(operation.operationId ?? identifier(source.path), source.method, source.path),
    );
    const trigger: Obj = { title: text(operation.summary) ?? titleOf(source.path) };
    const description = text(operation.description);
    if (description !== undefined) trigger.description = description;
    if (operation.deprecated === true) trigger.deprecated = { since: String(draft.definition.version) };
    trigger.webhook = {
      ...(source.method === "post" ? {} : { methods: [source.method.toUpperCase()] }),
      ...answerOf(operation),
    };
    const payload = payloadOf(operation);
    if (payload !== undefined) trigger.output = payload;
    draft.triggers.push({ name, trigger, source, replaces: false });
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** Turns callbacks into triggers that subscribe through the operation they belong to. The operation stays an action. */
export function buildCallbackTriggers(draft: DefinitionDraft): void {
  for (const { action, source } of draft.actions) {
    for (const [callbackName, callback] of Object.entries(asObject(source.operation.callbacks))) {
      for (const [expression, item] of Object.entries(asObject(callback))) {
        for (const method of pathItemMethods) {
          const operation = asObject(item)[method];
          if (isObject(operation))
            addCallback(draft, action, source, { name: callbackName, expression, method, operation });
        }
      }
    }
  }
}

interface Callback {
  readonly name: string;
  readonly expression: string;
  readonly method: string;
  readonly operation: Obj;
}

function addCallback(draft: DefinitionDraft, action: Obj, source: SourceOperation, callback: Callback): void {
  const subscribe = placeUrl(draft, action, callback.expression);
  if (subscribe === undefined) {
    draft.context.report.note(
      `${source.pointer}/callbacks/${callback.name}`,
      "callback-address",
      `Where the address ${JSON.stringify(callback.expression)} goes into the request is not clear; a person registers it.`,
      "Add webhook.subscribe to the trigger.",
    );
  }
  const title = text(callback.operation.summary) ?? titleOf(callback.name);
  const trigger: Obj = { title };
  const description = text(callback.operation.description);
  if (description !== undefined) trigger.description = description;
  if (subscribe?.input !== undefined) trigger.input = subscribe.input;
  trigger.webhook = {
    ...(subscribe === undefined ? {} : { subscribe: { request: subscribe.request } }),
    ...(callback.method === "post" ? {} : { methods: [callback.method.toUpperCase()] }),
    ...answerOf(callback.operation),
  };
  const payload = payloadOf(callback.operation);
  if (payload !== undefined) trigger.output = payload;
  const name = draft.names.take(
    actionName(
      callback.operation.operationId ?? `${String(source.operation.operationId ?? source.path)} ${callback.name}`,
      "on",
      callback.name,
    ),
  );
  draft.triggers.push({ name, trigger, source, replaces: false });
}

/** The request that subscribes, with the trigger's own URL where the callback's expression reads it from. */
function placeUrl(
  draft: DefinitionDraft,
  action: Obj,
  expression: string,
): { readonly request: Obj; readonly input?: Obj } | undefined {
  const request = asObject(action.request);
  const input = asObject(action.input);
  const query = /^\{\$request\.query\.([^}]+)\}/.exec(expression)?.[1];
  if (query !== undefined) {
    const rest = dropProperty(input, query);
    return {
      request: { ...request, query: { ...asObject(request.query), [query]: "{{ webhook.url }}" } },
      ...(rest === undefined ? {} : { input: rest }),
    };
  }
  const header = /^\{\$request\.header\.([^}]+)\}/.exec(expression)?.[1];
  if (header !== undefined) {
    const rest = dropProperty(input, header);
    return {
      request: { ...request, headers: { ...asObject(request.headers), [header]: "{{ webhook.url }}" } },
      ...(rest === undefined ? {} : { input: rest }),
    };
  }
  const pointer = /^\{\$request\.body#?(\/[^}]*)\}/.exec(expression)?.[1];
  if (pointer === undefined || request.body !== "{{ input.body }}") return undefined;
  return bodyWithUrl(draft.context.definitions, request, input, tokens(pointer));
}

/** A request whose body carries the trigger's URL at a place, and the input without that place. */
export function bodyWithUrl(
  definitions: Obj,
  request: Obj,
  input: Obj,
  path: readonly string[],
  value = "webhook.url",
): { readonly request: Obj; readonly input?: Obj } {
  const properties = asObject(input.properties);
  const body = withoutPlace(properties.body, path, definitions);
  const isEmpty =
    body !== undefined &&
    Object.keys(asObject(body.properties)).length === 0 &&
    body.additionalProperties === undefined;
  const rest: Obj = { ...properties };
  const required = asList(input.required).filter((name) => name !== "body" || !isEmpty);
  if (isEmpty) delete rest.body;
  else if (body !== undefined) rest.body = body;
  const merged = isEmpty ? objectLiteral(path, value) : mergeExpression("input.body", path, value);
  const names = Object.keys(rest);
  const remaining: Obj = {
    ...without(input, "properties", "required"),
    properties: rest,
    ...(required.length > 0 ? { required } : {}),
  };
  return {
    request: { ...request, body: isEmpty ? bodyTree(path, `{{ ${value} }}`) : `{{ ${merged} }}` },
    ...(names.length > 0 ? { input: remaining } : {}),
  };
}

const bodyTree = (path: readonly string[], value: string): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

const objectLiteral = (path: readonly string[], value: string): string =>
  path.reduceRight((inner, name) => `{${quote(name)}: ${inner}}`, value);

function mergeExpression(access: string, path: readonly string[], value: string): string {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const inner = rest.length === 0 ? value : mergeExpression(memberOf(access, name), rest, value);
  return `(${access} | default({})) | merge({${quote(name)}: ${inner}})`;
}

/** The schema without the property at a path; nothing if the path leaves what it declares. */
function withoutPlace(schema: unknown, path: readonly string[], definitions: Obj): Obj | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  const properties: Obj = { ...propertiesOf(schema, definitions) };
  const required = [...requiredOf(schema, definitions)].filter((item) => rest.length > 0 || item !== name);
  const inner = rest.length === 0 ? undefined : withoutPlace(properties[name], rest, definitions);
  if (inner === undefined || Object.keys(asObject(inner.properties)).length === 0) delete properties[name];
  else setMember(properties, name, inner);
  const left = required.filter((item) => Object.hasOwn(properties, item));
  const { title, description } = asObject(schema);
  return {
    type: "object",
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    properties,
    ...(left.length > 0 ? { required: left } : {}),
  };
}

/** The input without a property; nothing if no other is left. */
export function dropProperty(input: Obj, name: string): Obj | undefined {
  const properties = without(asObject(input.properties), name);
  if (Object.keys(properties).length === 0) return undefined;
  const required = asList(input.required).filter((item) => item !== name);
  return { ...without(input, "properties", "required"), properties, ...(required.length > 0 ? { required } : {}) };
}
