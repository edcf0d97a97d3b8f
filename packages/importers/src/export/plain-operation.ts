import { asList, asObject, isObject, type Obj, setMember, without } from "../json-value.ts";
import { firstPageOnly, readMember } from "../openapi/template-text.ts";

/** Where an exported operation stands, and the operation with its parameters by `place:name`. */
export interface PlainOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Obj;
}

/**
 * Writes an action as an OpenAPI operation from what the definition itself says. What an import kept besides is added by
 * the caller. Schemas keep their `#/$defs` references.
 */
export function plainOperation(name: string, action: Obj): PlainOperation {
  const request = asObject(action.request);
  const input = asObject(action.input);
  const properties = asObject(input.properties);
  const required = new Set(asList(input.required));
  const placed = new Set<string>();
  const parameters: Obj = {};
  const add = (location: string, wireName: string, inputName: string, extra: Obj): void => {
    if (placed.has(inputName) && location !== "path") return;
    placed.add(inputName);
    setMember(parameters, `${location}:${wireName}`, {
      name: wireName,
      in: location,
      ...(location === "path" || required.has(inputName) ? { required: true } : {}),
      ...parameterOf(properties[inputName]),
      ...extra,
    });
  };
  const path = exportPath(request, add);
  exportQuery(asObject(request.query), add);
  exportHeaders(asObject(request.headers), add);
  const operation: Obj = { operationId: name };
  if (action.title !== undefined) operation.summary = action.title;
  if (action.description !== undefined) operation.description = action.description;
  if (action.deprecated !== undefined) operation.deprecated = true;
  if (Object.keys(parameters).length > 0) operation.parameters = parameters;
  const body = exportBody(request, properties, required, placed);
  if (body !== undefined) operation.requestBody = body;
  operation.responses = { 200: exportResponse(action) };
  if (request.auth === false) operation.security = [];
  const pageable = pageableOf(action);
  if (pageable !== undefined) operation["x-ms-pageable"] = pageable;
  return { path, method: String(request.method ?? "GET").toLowerCase(), operation };
}

/** `x-ms-pageable` for pagination by next links that stand in the answer beside the list; undefined for any other. */
export function pageableOf(action: Obj): Obj | undefined {
  const { items, next, more } = asObject(action.pagination);
  const member = (template: unknown): string | undefined => {
    const code = /^\{\{\s*(.*?)\s*\}\}$/s.exec(String(template ?? ""))?.[1];
    return code === undefined ? undefined : readMember("response.body", code);
  };
  const nextLinkName = member(next);
  const itemName = member(items);
  if (nextLinkName === undefined || itemName === undefined || more !== undefined) return undefined;
  if (asObject(action.request).url !== "{{ page.next }}") return undefined;
  return { nextLinkName, ...(itemName === "value" ? {} : { itemName }) };
}

/** Splits an input property into what a parameter says and what its schema says. */
function parameterOf(property: unknown): Obj {
  const schema = asObject(property);
  const parameter: Obj = {};
  if (schema.description !== undefined) parameter.description = schema.description;
  if (schema.deprecated === true) parameter.deprecated = true;
  parameter.schema = without(schema, "description", "deprecated", "importance");
  return parameter;
}

type AddParameter = (location: string, wireName: string, inputName: string, extra: Obj) => void;

/** The input that a template reads alone, whatever filters follow. */
function inputOf(template: unknown): { readonly name: string; readonly rest: string } | undefined {
  if (typeof template !== "string") return undefined;
  const written = /^\{\{\s*(.*?)\s*\}\}$/s.exec(template)?.[1];
  if (written === undefined || written.includes("}}")) return undefined;
  const code = written.endsWith(firstPageOnly) ? unwrap(written.slice(0, -firstPageOnly.length)) : written;
  const [access = "", ...filters] = code.split("|");
  const name = readMember("input", access.replace(/^\(+/, ""));
  return name === undefined ? undefined : { name, rest: filters.join("|").trim() };
}

/** Takes the brackets off that stand around the whole. */
const unwrap = (code: string): string => (/^\(.*\)$/s.test(code) ? code.slice(1, -1) : code);

function exportPath(request: Obj, add: AddParameter): string {
  const template = String(request.path ?? "/");
  let count = 0;
  return template.replaceAll(
    /\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}|\{\{(.*?)\}\}/gs,
    (_, raw: string | undefined, code: string | undefined) => {
      if (raw !== undefined) return raw;
      const wrapped = /^\s*\(?\s*(input(?:\.[A-Za-z_]\w*|\['(?:[^'\\]|\\.)*'\]))/.exec(code ?? "")?.[1];
      const name = wrapped === undefined ? undefined : readMember("input", wrapped);
      if (name === undefined) return `{value${++count}}`;
      add("path", name, name, {});
      return `{${name}}`;
    },
  );
}

function exportQuery(query: Obj, add: AddParameter): void {
  for (const [wireName, written] of Object.entries(query)) {
    const long = isObject(written) ? written : undefined;
    const read = inputOf(long === undefined ? written : long.value);
    if (read === undefined) continue;
    const extra: Obj = {};
    for (const member of ["style", "explode", "allowReserved"])
      if (long?.[member] !== undefined) extra[member] = long[member];
    if (read.rest.startsWith("join(','")) extra.explode = false;
    add("query", wireName, read.name, extra);
  }
}

function exportHeaders(headers: Obj, add: AddParameter): void {
  for (const [wireName, written] of Object.entries(headers)) {
    const read = inputOf(written);
    if (read !== undefined) add("header", wireName, read.name, {});
    if (wireName.toLowerCase() !== "cookie" || typeof written !== "string") continue;
    for (const match of written.matchAll(/\('((?:[^'\\]|\\.)*)=' ~ (input(?:\.\w+|\['(?:[^'\\]|\\.)*'\]))\)/g)) {
      const name = readMember("input", match[2] ?? "");
      if (name !== undefined) add("cookie", match[1] ?? name, name, {});
    }
  }
}

function exportBody(
  request: Obj,
  properties: Obj,
  required: ReadonlySet<unknown>,
  placed: ReadonlySet<string>,
): Obj | undefined {
  const type = String(request.contentType ?? "application/json");
  if (request.body === undefined && request.text === undefined) return undefined;
  if (Object.hasOwn(properties, "body")) {
    const schema = asObject(properties.body);
    return {
      ...(schema.description === undefined ? {} : { description: schema.description }),
      ...(required.has("body") ? { required: true } : {}),
      content: { [type]: { schema: without(schema, "description", "importance") } },
    };
  }
  const tree = isObject(request.body) ? schemaOfTree(request.body, properties, required) : undefined;
  const schema = tree ?? { type: "object", properties: unplaced(properties, placed) };
  const needed = asList(asObject(schema).required);
  return { ...(needed.length > 0 ? { required: true } : {}), content: { [type]: { schema } } };
}

const unplaced = (properties: Obj, placed: ReadonlySet<string>): Obj =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !placed.has(name)));

/** The schema of a body that a tree describes: each member has the schema of the input that fills it, under its own name. */
function schemaOfTree(tree: unknown, properties: Obj, required: ReadonlySet<unknown>): Obj {
  if (!isObject(tree)) {
    if (Array.isArray(tree)) return { type: "array" };
    return typeof tree === "string" && tree.includes("{{") ? {} : { const: tree };
  }
  if (tree.$each !== undefined) return tree.key === undefined ? { type: "array" } : { type: "object" };
  const members: Obj = {};
  const needed: string[] = [];
  for (const [name, value] of Object.entries(tree)) {
    const read = inputOf(value);
    const isPlain = read !== undefined && read.rest === "";
    setMember(members, name, isPlain ? asObject(properties[read.name]) : schemaOfTree(value, properties, required));
    if (isPlain && required.has(read.name)) needed.push(name);
  }
  return { type: "object", properties: members, ...(needed.length > 0 ? { required: needed } : {}) };
}

function exportResponse(action: Obj): Obj {
  const response: Obj = { description: "Success" };
  if (action.output === undefined) return response;
  const decode = asObject(action.response).decode;
  const type = decode === "binary" ? "application/octet-stream" : decode === "text" ? "text/plain" : "application/json";
  return { ...response, content: { [type]: { schema: action.output } } };
}
