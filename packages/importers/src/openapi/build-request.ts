import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { keepAside, keptMember } from "../schemas/repair-keywords.ts";
import { type BodyKind, bodyKind, chooseMediaType, concreteType, essence } from "./media-types.ts";
import { propertiesOf, resolveSchema, typesOf } from "./resolve-schema.ts";
import type { SourceOperation, SourceParameter } from "./source-model.ts";
import { expression, literal, memberOf, quote } from "./template-text.ts";

/** What the parts of a request are built with. */
export interface BuildContext {
  readonly definitions: Obj;
  readonly report: ImportReport;
  /** Says whether the credential of an operation sets a header or a query parameter, whichever method is chosen. */
  readonly covers: (source: SourceOperation, location: "header" | "query", name: string) => boolean;
}

/** Input properties and the request that they fill. */
export interface BuiltRequest {
  readonly input: Obj;
  readonly request: Obj;
}

/** Headers that the HTTP client writes itself. */
const managed = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "keep-alive",
  "upgrade",
  "te",
  "trailer",
  "expect",
]);

/** Builds the input schema and the request of an operation: one input property per parameter, and `body`. */
export function buildRequest(context: BuildContext, source: SourceOperation): BuiltRequest {
  const names = inputNames(source);
  const properties: Obj = {};
  const required: string[] = [];
  const request: Obj = { method: source.method.toUpperCase() };
  const query: Obj = {};
  const headers: Obj = {};
  const cookies: string[] = [];
  const path = buildPath(context, source, names, properties, required);
  request.path = path.template;
  for (const [name, value] of path.query) setMember(query, name, value);
  for (const parameter of source.parameters) {
    if (parameter.in === "path" || isCovered(context, source, parameter) || isUnplaceable(context, parameter)) continue;
    const name = names.get(parameter) as string;
    setMember(properties, name, inputSchema(parameter));
    if (parameter.object.required === true) required.push(name);
    const value = memberOf("input", name);
    if (parameter.in === "query") setMember(query, parameter.name, queryValue(context, parameter, value));
    else if (parameter.in === "header")
      setMember(headers, headerName(parameter), expression(joined(context, parameter, value)));
    else cookies.push(`(${quote(`${parameter.name}=`)} ~ ${value})`);
  }
  if (cookies.length > 0)
    headers.Cookie = expression(
      cookies.length === 1 ? (cookies[0] as string) : `[${cookies.join(", ")}] | select('defined') | join('; ')`,
    );
  if (Object.keys(query).length > 0) request.query = query;
  if (Object.keys(headers).length > 0) request.headers = headers;
  buildBody(context, source, properties, required, request);
  const input: Obj = { type: "object", properties, additionalProperties: false };
  if (required.length > 0) input.required = [...new Set(required)];
  return { input, request };
}

/** Gives each parameter its input name: its own, or with its place behind it where two would clash. */
function inputNames(source: SourceOperation): ReadonlyMap<SourceParameter, string> {
  const names = new Map<SourceParameter, string>();
  const taken = new Set<string>(source.operation.requestBody === undefined ? [] : ["body"]);
  for (const parameter of source.parameters) {
    const wanted = parameter.name === "" ? parameter.in : parameter.name;
    let name = taken.has(wanted) ? `${wanted}_${parameter.in}` : wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${parameter.in}_${count}`;
    taken.add(name);
    names.set(parameter, name);
  }
  return names;
}

/** Headers that the auth method, the body or the client writes; they stay in the residue. */
function isCovered(context: BuildContext, source: SourceOperation, parameter: SourceParameter): boolean {
  if (parameter.in === "query" && context.covers(source, "query", parameter.name)) {
    const why = "The auth method of the connection sets this parameter.";
    context.report.note(parameter.pointer, "query-covered", why, "Nothing to do.");
    return true;
  }
  if (parameter.in !== "header") return false;
  const name = parameter.name.toLowerCase().split(":")[0]?.trim() ?? "";
  const why = context.covers(source, "header", name)
    ? "The auth method of the connection sets this header."
    : name === "content-type" && source.operation.requestBody !== undefined
      ? "The content type of the body sets this header."
      : managed.has(name)
        ? "The HTTP client sets this header."
        : undefined;
  if (why !== undefined) context.report.note(parameter.pointer, "header-covered", why, "Nothing to do.");
  return why !== undefined;
}

/** The name of a header as it is sent: authors write a colon or blanks behind it. */
const headerName = (parameter: SourceParameter): string => parameter.name.trim().replace(/\s*:.*$/s, "");

/** A parameter without a name, or a header with one that HTTP does not allow (RFC 9110, 5.1), stays in the residue only. */
function isUnplaceable(context: BuildContext, parameter: SourceParameter): boolean {
  const isPossible =
    parameter.in === "header"
      ? /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(headerName(parameter))
      : parameter.in === "cookie"
        ? /^[!#$%&'*+.^_`|~0-9A-Za-z[\]-]+$/.test(parameter.name)
        : parameter.name !== "";
  if (isPossible) return false;
  context.report.lose(
    parameter.pointer,
    "parameter-name",
    `${JSON.stringify(parameter.name)} is no name of a ${parameter.in} parameter, so nothing can be sent under it.`,
    "Correct the name, or remove the parameter.",
  );
  return true;
}

/** The schema of the input property of a parameter: its own schema with what the parameter says to people. */
export function inputSchema(parameter: SourceParameter): Obj {
  const { object } = parameter;
  const content = isObject(object.content) ? Object.values(object.content)[0] : undefined;
  const schema: Obj = { ...asObject(object.schema ?? asObject(content).schema) };
  if (typeof object.description === "string" && object.description !== "") schema.description = object.description;
  if (typeof object["x-ms-summary"] === "string" && object["x-ms-summary"] !== "")
    schema.title = object["x-ms-summary"];
  if (object.deprecated === true) schema.deprecated = true;
  const importance = importanceOf(object["x-ms-visibility"]);
  if (importance !== undefined) schema.importance = importance;
  if (parameter.in === "path" && schema.default === "") delete schema.default;
  if (schema.importance === "hidden" && object.required === true && schema.default === undefined)
    schema.importance = "advanced";
  return schema;
}

/** What `x-ms-visibility` means for a form; undefined where it says nothing of interest. */
export function importanceOf(visibility: unknown): "advanced" | "hidden" | undefined {
  const value = typeof visibility === "string" ? visibility.toLowerCase() : "";
  if (value === "advanced") return "advanced";
  return value === "internal" ? "hidden" : undefined;
}

interface BuiltPath {
  readonly template: string;
  readonly query: readonly (readonly [string, unknown])[];
}

function buildPath(
  context: BuildContext,
  source: SourceOperation,
  names: ReadonlyMap<SourceParameter, string>,
  properties: Obj,
  required: string[],
): BuiltPath {
  const declared = source.parameters.filter((parameter) => parameter.in === "path");
  const used = new Set<SourceParameter>();
  const fill = (variable: string): string => {
    const parameter = findPathParameter(context, source, declared, variable);
    if (parameter !== undefined) used.add(parameter);
    const name =
      parameter === undefined ? variable.replace(/[^\w.-].*$/, "") || "path" : (names.get(parameter) as string);
    if (!Object.hasOwn(properties, name)) {
      setMember(properties, name, parameter === undefined ? { type: "string" } : inputSchema(parameter));
      required.push(name);
    }
    return pathExpression(context, parameter, variable, memberOf("input", name));
  };
  // A query parameter that the path writes out (`/search?text={text}`, or in the wrong place) is one input, not two.
  const fillShared =
    (isNeeded: boolean) =>
    (variable: string): string => {
      const shared = queryParameterNamed(source, declared, variable);
      if (shared === undefined) return fill(variable);
      const name = names.get(shared) as string;
      if (isNeeded) required.push(name);
      return expression(memberOf("input", name));
    };
  const [beforeHash = ""] = source.path.split("#");
  if (source.path.includes("#")) {
    context.report.note(
      source.pointer,
      "path-fragment",
      "A fragment is never sent; the path ends before it.",
      "Nothing to do: the parameters of the operation tell it from others.",
    );
  }
  const mark = beforeHash.indexOf("?");
  const pathPart = mark < 0 ? beforeHash : beforeHash.slice(0, mark);
  const template = fillTemplate(pathPart, fillShared(true), encodeLiteral);
  const query = mark < 0 ? [] : queryOfPath(beforeHash.slice(mark + 1), fillShared(false));
  for (const parameter of declared) {
    if (used.has(parameter)) continue;
    context.report.note(
      parameter.pointer,
      "path-parameter-unplaced",
      `The path has no {${parameter.name}}, so the value has no place.`,
      "Add it to the path, or remove the parameter.",
    );
  }
  return { template: template.startsWith("/") ? template : `/${template}`, query };
}

const queryParameterNamed = (
  source: SourceOperation,
  declared: readonly SourceParameter[],
  variable: string,
): SourceParameter | undefined =>
  declared.some((parameter) => parameter.name === variable)
    ? undefined
    : source.parameters.find((parameter) => parameter.in === "query" && parameter.name === variable);

const fillTemplate = (text: string, fill: (variable: string) => string, write: (text: string) => string): string => {
  let result = "";
  let last = 0;
  for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
    result += write(text.slice(last, match.index)) + fill(match[1] ?? "");
    last = match.index + match[0].length;
  }
  return result + write(text.slice(last));
};

/** Percent-encodes what may not stand in a path as it is. */
const encodeLiteral = (text: string): string =>
  literal(
    text
      .toWellFormed()
      .replaceAll(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@%/]/gu, (character) =>
        encodeURIComponent(character),
      ),
  );

function queryOfPath(text: string, fill: (variable: string) => string): readonly (readonly [string, unknown])[] {
  const pairs: (readonly [string, unknown])[] = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const split = part.indexOf("=");
    const name = split < 0 ? part : part.slice(0, split);
    const value = split < 0 ? "" : part.slice(split + 1);
    if (!name.includes("{")) pairs.push([decode(name), fillTemplate(value, fill, (plain) => literal(decode(plain)))]);
  }
  return pairs;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
};

function findPathParameter(
  context: BuildContext,
  source: SourceOperation,
  declared: readonly SourceParameter[],
  variable: string,
): SourceParameter | undefined {
  const plain = variable
    .replace(/^[+#./;?&]/, "")
    .replace(/[*+]$/, "")
    .replace(/:\d+$/, "");
  const exact = declared.find((parameter) => parameter.name === variable || parameter.name === plain);
  if (exact !== undefined) return exact;
  const near = declared.find((parameter) => parameter.name.trim().toLowerCase() === plain.trim().toLowerCase());
  if (near !== undefined) context.report.repair(near.pointer, "path-parameter-name", near.name, plain);
  else
    context.report.repair(source.pointer, `path-parameter-${plain}`, "not declared", `{${plain}} is a required text`);
  return near;
}

function pathExpression(
  context: BuildContext,
  parameter: SourceParameter | undefined,
  variable: string,
  value: string,
): string {
  if (parameter === undefined) return expression(value);
  const { object } = parameter;
  const types = typesOf(object.schema, context.definitions);
  const plain = types.has("array") ? `${value} | join(',')` : types.has("object") ? `${value} | tojson` : value;
  if (object["x-ms-url-encoding"] === "double")
    return expression(`${value} | string | urlencode | replace('/', '%2F')`);
  if (object.style === "matrix") return `;${parameter.name}=${expression(plain)}`;
  if (object.style === "label") return `.${expression(types.has("array") ? `${value} | join('.')` : plain)}`;
  if (variable.endsWith("+") || variable.startsWith("+") || variable.endsWith("*")) {
    return expression(types.has("array") ? value : `(${value} | string).split('/')`);
  }
  return expression(plain);
}

/** The value of a query parameter, in the long form where its serialisation is not the ordinary one. */
function queryValue(context: BuildContext, parameter: SourceParameter, value: string): unknown {
  const { object } = parameter;
  if (isObject(object.content)) return expression(`${value} | tojson`);
  const types = typesOf(object.schema, context.definitions);
  if (object["x-collection-format"] === "tsv") return expression(`${value} | join('\\t')`);
  const items = resolveSchema(resolveSchema(object.schema, context.definitions).items, context.definitions);
  if (types.has("array") && typesOf(items, context.definitions).has("object")) {
    return expression(`${value} | map('tojson') | list`);
  }
  const style = typeof object.style === "string" ? object.style : "form";
  const explode = typeof object.explode === "boolean" ? object.explode : style === "form";
  const isPlain = types.size > 0 && !types.has("array") && !types.has("object");
  const long: Obj = {};
  if (!isPlain && style !== "form" && ["spaceDelimited", "pipeDelimited", "deepObject"].includes(style)) {
    long.style = style;
    if (style !== "deepObject") long.explode = explode;
  } else if (!isPlain && (explode === false || types.has("object"))) long.explode = explode;
  if (object.allowReserved === true) long.allowReserved = true;
  return Object.keys(long).length === 0 ? expression(value) : { value: expression(value), ...long };
}

const joined = (context: BuildContext, parameter: SourceParameter, value: string): string => {
  const types = typesOf(asObject(parameter.object).schema, context.definitions);
  if (types.has("array")) return `${value} | join(',')`;
  return types.has("object") || isObject(parameter.object.content) ? `${value} | tojson` : value;
};

function buildBody(
  context: BuildContext,
  source: SourceOperation,
  properties: Obj,
  required: string[],
  request: Obj,
): void {
  const body = source.operation.requestBody;
  if (!isObject(body)) return;
  const content = asObject(body.content);
  const type = chooseMediaType(content);
  if (type === undefined) {
    context.report.note(
      `${source.pointer}/requestBody`,
      "body-without-type",
      "The body names no media type; it is sent as JSON.",
      "Name the media type.",
    );
    properties.body = {};
    request.body = "{{ input.body }}";
    return;
  }
  const kind = bodyKind(type);
  const schema = asObject(content[type]).schema;
  if (kind === "json" || kind === "form") writeFilesAsText(schema, context.definitions, new Set());
  properties.body = bodySchema(kind, schema, body, context.definitions);
  if (body.required === true) required.push("body");
  if (concreteType(type, kind) !== "application/json") request.contentType = literal(concreteType(type, kind));
  if (kind === "form" && isText(schema, context.definitions)) request.text = "{{ input.body }}";
  else if (kind === "text" && (isStructured(schema, context.definitions) || !essence(type).startsWith("text/"))) {
    // JSON is YAML too, so a structured value has a text; other text types than text/* are no text to the engine.
    request.text = isStructured(schema, context.definitions) ? "{{ input.body | tojson }}" : "{{ input.body }}";
  } else request.body = bodyTree(context, kind, schema, asObject(asObject(content[type]).encoding));
  const others = Object.keys(content).filter((other) => other !== type);
  if (others.length > 0) {
    context.report.note(
      `${source.pointer}/requestBody`,
      "body-types",
      `The body is sent as ${type}; ${others.join(", ")} ${others.length === 1 ? "is" : "are"} kept but not used.`,
      "Change contentType in the definition if another one is wanted.",
    );
  }
  if (["GET", "HEAD"].includes(String(request.method))) {
    context.report.note(
      source.pointer,
      "body-on-get",
      "A body on this method is sent, but many servers and proxies drop it.",
      "Use query parameters.",
    );
  }
}

/** A file within JSON or a plain form is its base64 text: neither has another way to hold one. */
function writeFilesAsText(schema: unknown, definitions: Obj, seen: Set<unknown>): void {
  if (!isObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  if (schema.format === "binary" && !Object.hasOwn(asObject(schema[keptMember]), "format")) {
    keepAside(schema, "format", "binary");
    schema.format = "byte";
  }
  if (typeof schema.$ref === "string")
    writeFilesAsText(definitions[schema.$ref.replace(/^#\/\$defs\//, "")], definitions, seen);
  for (const property of Object.values(asObject(schema.properties))) writeFilesAsText(property, definitions, seen);
  for (const keyword of ["items", "additionalProperties"]) writeFilesAsText(schema[keyword], definitions, seen);
  for (const keyword of ["allOf", "anyOf", "oneOf"])
    for (const part of asList(schema[keyword])) writeFilesAsText(part, definitions, seen);
}

function bodySchema(kind: BodyKind, schema: unknown, body: Obj, definitions: Obj): Obj {
  const described =
    typeof body.description === "string" && body.description !== "" ? { description: body.description } : {};
  if (kind === "binary") return { type: "string", format: "binary", ...described };
  if (kind === "text")
    return isStructured(schema, definitions)
      ? { ...asObject(schema), ...described }
      : {
          ...asObject(schema),
          ...(typesOf(schema, definitions).has("string") ? {} : { type: "string" }),
          ...described,
        };
  if (kind === "xml") {
    if (typesOf(schema, definitions).has("string")) return { ...asObject(schema), ...described };
    return isObject(schema) ? { ...schema, ...described } : { type: "string", ...described };
  }
  return { ...asObject(schema), ...described };
}

/** Says whether a schema is one of a text: a form that is described as one comes encoded. */
function isText(schema: unknown, definitions: Obj): boolean {
  const types = typesOf(schema, definitions);
  return types.has("string") && types.size === 1;
}

/** Says whether a schema is one of an object or a list. */
function isStructured(schema: unknown, definitions: Obj): boolean {
  const types = typesOf(schema, definitions);
  return !types.has("string") && (types.has("object") || types.has("array"));
}

function bodyTree(context: BuildContext, kind: BodyKind, schema: unknown, encoding: Obj): unknown {
  if (kind === "form" || kind === "multipart") return formTree(context, kind, schema, encoding);
  if (kind === "xml" && !typesOf(schema, context.definitions).has("string") && isObject(schema))
    return xmlTree(context, schema);
  return "{{ input.body }}";
}

/** A form names each of its fields where one of them is not written the ordinary way; otherwise the object is sent as it is. */
function formTree(context: BuildContext, kind: "form" | "multipart", schema: unknown, encoding: Obj): unknown {
  const properties = propertiesOf(schema, context.definitions);
  const fields: Obj = {};
  let isOrdinary = true;
  for (const [name, property] of Object.entries(properties)) {
    const value = memberOf("input.body", name);
    const written = formField(context, kind, property, asObject(encoding[name]), value, name);
    if (written.length !== 1 || written[0]?.[0] !== name || written[0]?.[1] !== expression(value)) isOrdinary = false;
    for (const [field, tree] of written) setMember(fields, field, tree);
  }
  return isOrdinary ? "{{ input.body }}" : fields;
}

function formField(
  context: BuildContext,
  kind: "form" | "multipart",
  property: unknown,
  encoding: Obj,
  value: string,
  name: string,
): readonly (readonly [string, unknown])[] {
  const types = typesOf(property, context.definitions);
  const resolved = resolveSchema(property, context.definitions);
  const contentType =
    typeof encoding.contentType === "string" &&
    !encoding.contentType.includes(",") &&
    !encoding.contentType.includes("*")
      ? encoding.contentType
      : undefined;
  if (kind === "multipart") {
    if (types.has("object") || (types.has("array") && typesOf(resolved.items, context.definitions).has("object"))) {
      return [[name, { value: expression(`${value} | tojson`), contentType: contentType ?? "application/json" }]];
    }
    return [[name, contentType === undefined ? expression(value) : { value: expression(value), contentType }]];
  }
  if (types.has("array")) {
    const items = typesOf(resolved.items, context.definitions);
    if (items.has("object")) return [[name, expression(`${value} | tojson`)]];
    if (encoding.explode === false)
      return [[name, expression(`${value} | join(${quote(delimiters[String(encoding.style)] ?? ",")})`)]];
    return [[encoding.style === "deepObject" ? `${name}[]` : name, expression(value)]];
  }
  if (!types.has("object")) return [[name, expression(value)]];
  const inner = Object.entries(propertiesOf(property, context.definitions));
  if (encoding.style !== "deepObject" || inner.length === 0) return [[name, expression(`${value} | tojson`)]];
  return inner.flatMap(([key, part]) =>
    formField(context, kind, part, encoding, memberOf(value, key), `${name}[${key}]`),
  );
}

const delimiters: Record<string, string> = { spaceDelimited: " ", pipeDelimited: "|" };

/** Writes an XML body from a schema: elements by the names that `xml` gives them, optional ones only where they are there. */
function xmlTree(context: BuildContext, schema: Obj): string {
  const root = resolveSchema(schema, context.definitions);
  const reference = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  const name = String(asObject(root.xml).name ?? reference ?? "root");
  return xmlElement(context, root, name, "input.body", 0, true);
}

function xmlElement(
  context: BuildContext,
  schema: unknown,
  name: string,
  value: string,
  depth: number,
  isRequired: boolean,
): string {
  const resolved = resolveSchema(schema, context.definitions);
  const xml = asObject(resolved.xml);
  const tag = typeof xml.prefix === "string" && xml.prefix !== "" ? `${xml.prefix}:${name}` : name;
  const namespace =
    typeof xml.namespace === "string" ? ` xmlns${xml.prefix ? `:${String(xml.prefix)}` : ""}="${xml.namespace}"` : "";
  const types = typesOf(resolved, context.definitions);
  const guard = (inner: string): string => (isRequired ? inner : `{% if ${value} is defined %}${inner}{% endif %}`);
  if (types.has("array")) {
    const item = `item${depth}`;
    const itemName = String(asObject(asObject(resolved.items).xml).name ?? (xml.wrapped === true ? "item" : name));
    const loop = `{% for ${item} in ${value} %}${xmlElement(context, resolved.items, itemName, item, depth + 1, true)}{% endfor %}`;
    return guard(xml.wrapped === true ? `<${tag}${namespace}>${loop}</${tag}>` : loop);
  }
  const properties = depth > 6 ? [] : Object.entries(propertiesOf(resolved, context.definitions));
  if (properties.length === 0) {
    const isPlain = types.size > 0 && !types.has("object");
    const text = types.has("object")
      ? `${value} | tojson`
      : isPlain
        ? value
        : `(${value} | tojson) if ${value} is mapping else ${value}`;
    return guard(`<${tag}${namespace}>{{ ${text} }}</${tag}>`);
  }
  const needed = new Set(asList(resolved.required));
  let attributes = "";
  let children = "";
  for (const [key, part] of properties) {
    const own = asObject(asObject(part).xml ?? resolveSchema(part, context.definitions).xml);
    const access = memberOf(value, key);
    const childName = String(own.name ?? key);
    if (own.attribute === true) attributes += `{% if ${access} is defined %} ${childName}="{{ ${access} }}"{% endif %}`;
    else children += xmlElement(context, part, childName, access, depth + 1, needed.has(key));
  }
  return guard(`<${tag}${namespace}${attributes}>${children}</${tag}>`);
}
