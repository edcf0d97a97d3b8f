import { type CompiledAction, type CompiledConnector, ConnectorError, type Json, type JsonObject } from "@junctor/core";
import { isServerField } from "../../callers/server-fields.ts";
import { inexactInteger, isExact, requireExactIntegers } from "../../http/exact-integers.ts";
import { escapePointer } from "../../http/parse-json.ts";
import { type PathParams, readPathParams } from "./path-params.ts";

/** What a widget call brings, before it is known which action it means. */
export interface WidgetRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** `X-Path-Params`. */
  readonly pathParams: string | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Json | undefined;
  /** The body as it came, where its integers must be such that a number holds them; absent where the text itself is passed on. */
  readonly bodyText?: string;
}

/** The action that a widget call means: `execute`, or the only visible one. Its name is not in the URL. */
export function chooseAction(connector: CompiledConnector): string {
  const { actions = {} } = connector.definition;
  if (Object.hasOwn(actions, "execute")) return "execute";
  const visible = Object.keys(actions).filter((name) => actions[name]?.hidden !== true);
  if (visible.length === 1) return visible[0] as string;
  throw new ConnectorError("ACTION_UNKNOWN", `"${connector.name}" has several actions, and none is named "execute".`, {
    hint: "Call the action by its name: POST /v1/connectors/{name}/actions/{action}/execute.",
  });
}

/** The method that callers must use: the request's own; a composite takes POST. */
export function methodOf(definition: CompiledAction["definition"]): string {
  return definition.request === undefined ? "POST" : (definition.request.method ?? "GET");
}

export type WidgetInput =
  | { readonly ok: true; readonly input: JsonObject }
  | Extract<PathParams, { readonly ok: false }>
  | { readonly ok: false; readonly problem: { readonly code: "CONNECTOR_MISCONFIGURED"; readonly detail: string } };

/**
 * Makes the action's input of a widget call. An imported connector takes `path`, `query`, `headers` and `body` as such;
 * an action that declares none of them takes path parameters, query and the members of the body by their own names.
 * What the schema does not declare is refused by it, unless the import asked for `query` to be open.
 */
export function readWidgetInput(request: WidgetRequest, definition: CompiledAction["definition"]): WidgetInput {
  const declared = propertiesOf(definition.input);
  const undeclared = undeclaredPathParams(definition, declared);
  if (undeclared.length > 0) {
    const detail = `The URL names path parameters that nothing declares: ${undeclared.join(", ")}.`;
    return { ok: false, problem: { code: "CONNECTOR_MISCONFIGURED", detail } };
  }
  const isGrouped = groups.some((group) => Object.hasOwn(declared, group));
  if (request.bodyText !== undefined) requireExactIntegers(request.bodyText, isGrouped ? { to: "/body" } : {});
  return isGrouped ? readGrouped(request, declared) : readFlat(request, declared);
}

const misconfigured = new WeakMap<object, readonly string[]>();

/** Path parameters that the URL of an imported connector reads and that it does not declare. Worked out once per version. */
function undeclaredPathParams(
  definition: CompiledAction["definition"],
  declared: Readonly<Record<string, unknown>>,
): readonly string[] {
  let names = misconfigured.get(definition);
  if (names === undefined) {
    const known = propertiesOf(declared.path);
    const { path = "", url = "" } = definition.request ?? {};
    // What is called is a method of all of them (`get`, `items`), not a name.
    const reads = `${path}${url}`.matchAll(/\bpathParams(?:\.(\w+)(?!\w|\s*\()|\[\s*(?:'([^']*)'|"([^"]*)")\s*\])/g);
    names = [...new Set([...reads].map(([, dotted, single, double]) => dotted ?? single ?? double ?? ""))].filter(
      (name) => !Object.hasOwn(known, name),
    );
    misconfigured.set(definition, names);
  }
  return names;
}

const groups = ["path", "query", "headers", "body"] as const;

const declaredHeaders = new WeakMap<object, string>();

/** Names of the header fields that a connector takes from its caller, as `Vary` lists them. Worked out once per version. */
export function listDeclaredHeaders(definition: CompiledAction["definition"]): string {
  let names = declaredHeaders.get(definition);
  if (names === undefined) {
    const declared = Object.keys(propertiesOf(propertiesOf(definition.input).headers));
    names = declared
      .filter((name) => !isServerField(name))
      .join(", ")
      .toLowerCase();
    declaredHeaders.set(definition, names);
  }
  return names;
}

function readGrouped(request: WidgetRequest, declared: Readonly<Record<string, unknown>>): WidgetInput {
  const path = readPathParams(request.pathParams, Object.keys(propertiesOf(declared.path)));
  if (!path.ok) return path;
  const headers: Record<string, string> = {};
  for (const name of Object.keys(propertiesOf(declared.headers))) {
    const value = isServerField(name) ? undefined : request.headers[name.toLowerCase()];
    if (typeof value === "string") headers[name] = value;
  }
  const query = Object.hasOwn(declared, "query") ? keepDeclared(request.query, declared.query) : {};
  return {
    ok: true,
    input: {
      ...(Object.keys(path.values).length > 0 && { path: path.values }),
      ...(Object.keys(query).length > 0 && { query }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(request.body !== undefined && Object.hasOwn(declared, "body") && { body: request.body }),
    },
  };
}

/** A parameter that is declared but not overridable is no property here: the caller's value is left out, not an error. */
function keepDeclared(query: WidgetRequest["query"], schema: unknown): JsonObject {
  const open = (schema as { readonly additionalProperties?: unknown } | undefined)?.additionalProperties !== false;
  const names = propertiesOf(schema);
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(query)) {
    if (open || Object.hasOwn(names, name)) kept[name] = typeof value === "string" ? value : (value[0] ?? "");
  }
  return kept;
}

function readFlat(request: WidgetRequest, declared: Readonly<Record<string, unknown>>): WidgetInput {
  const given = new URLSearchParams(request.pathParams ?? "");
  const path = readPathParams(
    request.pathParams,
    Object.keys(declared).filter((name) => given.has(name)),
  );
  if (!path.ok) return path;
  const body = isObject(request.body) ? request.body : {};
  const input: Record<string, Json> = { ...body };
  for (const [name, value] of [...Object.entries(request.query), ...Object.entries(path.values)]) {
    if (Object.hasOwn(input, name)) {
      const detail = `"${name}" is given twice: in the body or query and in the query or path.`;
      throw new ConnectorError("INPUT_INVALID", detail, { hint: "Give each input once." });
    }
    input[name] = readTyped(name, value, declared[name]);
  }
  return { ok: true, input };
}

/** A number as people write it: not the other notations that JavaScript reads. */
const decimal = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** A query or path value is text; where the schema wants a number, a boolean or a list, it is read as one. */
function readTyped(name: string, value: string | readonly string[], schema: unknown): Json {
  const type = (schema as { readonly type?: unknown } | undefined)?.type;
  if (type === "array") return typeof value === "string" ? [value] : [...value];
  const text = typeof value === "string" ? value : (value[0] ?? "");
  if ((type === "integer" || type === "number") && decimal.test(text) && Number.isFinite(Number(text))) {
    if (!isExact(text.trim().replace(/^\+/, ""))) throw inexactInteger(`/${escapePointer(name)}`);
    return Number(text);
  }
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = isObject(schema) ? (schema as { readonly properties?: unknown }).properties : undefined;
  return isObject(properties) ? (properties as Readonly<Record<string, unknown>>) : {};
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
