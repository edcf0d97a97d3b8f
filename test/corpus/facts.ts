import { follow, isTree, list, operationsOf, type SourceOperation, type Tree, tree } from "./read-source.ts";

/**
 * The facts of an OpenAPI or Swagger document, as texts. A fact of the source that is not among the facts of the export has
 * been lost. Equivalent ways to write the same thing give the same text: a body parameter and a request body, `nullable`
 * and a null type, `example` and `examples`, scheme + host + base path and a server.
 */
export interface Fact {
  /** What is compared. */
  readonly text: string;
  /** Where it stands in the document. */
  readonly pointer: string;
  /** Where the shared part stands that it comes from, if it comes from one. */
  readonly shared?: readonly string[];
}

const token = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** Extracts the facts of a document. */
export function factsOf(document: unknown): readonly Fact[] {
  const facts: Fact[] = [];
  const root = tree(document);
  const add: Add = (pointer, ...parts) => {
    const [place, ...shared] = typeof pointer === "string" ? [pointer] : pointer;
    facts.push({
      pointer: place ?? "",
      ...(shared.length > 0 && { shared }),
      text: parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" | "),
    });
  };
  add("/info/title", "title", tree(root.info).title ?? "");
  for (const server of serversOf(root)) add("/servers", "server", server);
  const schemePlace = isTree(root.securityDefinitions) ? "/securityDefinitions" : "/components/securitySchemes";
  for (const [name, raw] of Object.entries(schemesOf(root)))
    addScheme(add, `${schemePlace}/${token(name)}`, tree(follow(document, raw)));
  const shared = sharedPlaces(root);
  for (const source of operationsOf(document)) addOperation(add, document, source, shared);
  for (const [path, item] of Object.entries(tree(root.webhooks))) {
    for (const [method, operation] of Object.entries(tree(follow(document, item)))) {
      if (isTree(operation))
        add(`/webhooks/${token(path)}`, "webhook", path, method, payloadShape(document, operation));
    }
  }
  for (const [path, item] of Object.entries(tree(root.paths))) {
    const content = tree(follow(document, item))["x-ms-notification-content"];
    if (isTree(content))
      add(`/paths/${token(path)}/x-ms-notification-content`, "payload", path, shapeOf(document, content.schema));
  }
  return facts;
}

/** Members whose members are names that authors choose. */
const maps = new Set(["properties", "responses", "headers", "paths", "definitions", "schemas"]);

/** Where each `x-ms-*` member occurs; data under examples and defaults does not count. */
export function extensionPlaces(document: unknown): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const stack: { readonly value: unknown; readonly place: string; readonly isMap: boolean }[] = [
    { value: document, place: "", isMap: false },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, place, isMap } = next;
    if (Array.isArray(value))
      for (const [index, item] of value.entries())
        stack.push({ value: item, place: `${place}/${index}`, isMap: false });
    if (!isTree(value)) continue;
    for (const [name, item] of Object.entries(value)) {
      const inner = `${place}/${token(name)}`;
      if (!isMap && /^x-ms-/i.test(name)) {
        const known = places.get(name);
        if (known === undefined) places.set(name, [inner]);
        else known.push(inner);
      }
      if (!isMap && data.has(name)) continue;
      stack.push({ value: item, place: inner, isMap: !isMap && maps.has(name) });
    }
  }
  return places;
}

/** Members that hold data, and what the importer keeps for itself. */
const data = new Set(["example", "examples", "default", "x-openapi", "x-power-platform"]);

/** Takes a fact with its place, and those of shared parts that it comes from. */
type Add = (pointer: string | readonly string[], ...parts: readonly unknown[]) => void;

/** The parts of a document that references share, with their places. */
function sharedPlaces(root: Tree): ReadonlyMap<unknown, string> {
  const places = new Map<unknown, string>();
  const components = tree(root.components);
  for (const [holder, base, names] of [
    [root, "", ["definitions", "parameters"]],
    [components, "/components", ["schemas", "parameters"]],
  ] as const)
    for (const name of names)
      for (const [key, part] of Object.entries(tree(holder[name])))
        if (isTree(part)) places.set(part, `${base}/${name}/${token(key)}`);
  return places;
}

function addOperation(
  add: Add,
  document: unknown,
  source: SourceOperation,
  shared: ReadonlyMap<unknown, string>,
): void {
  const { operation, method, path } = source;
  const pointer = `/paths/${token(path)}/${method}`;
  const name = `${method} ${path}`;
  add(pointer, "operation", name);
  if (typeof operation.operationId === "string") add(pointer, "id", name, operation.operationId);
  if (typeof operation.summary === "string") add(pointer, "summary", name, operation.summary);
  if (operation.deprecated === true) add(pointer, "deprecated", name);
  for (const [key] of Object.entries(operation)) if (/^x-ms-/i.test(key)) add(pointer, "extension", name, key);
  for (const parameter of source.parameters) {
    if (parameter.in === "body" || parameter.in === "formData") continue;
    if (typeof parameter.in !== "string" || typeof parameter.name !== "string")
      add(pointer, "malformed parameter", name, parameter);
    else addParameter(add, document, `${pointer}/parameters`, name, parameter, shared);
  }
  addBody(add, document, pointer, name, source);
  for (const [code, raw] of Object.entries(tree(operation.responses))) {
    if (code.startsWith("x-")) continue;
    const response = tree(follow(document, raw));
    add(`${pointer}/responses/${code}`, "response", name, code, hasSchema(response));
  }
  if (operation.security !== undefined)
    add(`${pointer}/security`, "security", name, requirementShape(operation.security));
  for (const [key, callback] of Object.entries(tree(operation.callbacks))) {
    for (const [expression, item] of Object.entries(tree(follow(document, callback)))) {
      for (const [verb, inner] of Object.entries(tree(follow(document, item)))) {
        if (isTree(inner) && !verb.startsWith("x-"))
          add(
            `${pointer}/callbacks/${token(key)}`,
            "callback",
            name,
            key,
            expression,
            verb,
            payloadShape(document, inner),
          );
      }
    }
  }
}

function addParameter(
  add: Add,
  document: unknown,
  place: string,
  operation: string,
  parameter: Tree,
  shared: ReadonlyMap<unknown, string>,
): void {
  const content = Object.values(tree(parameter.content))[0];
  const schema = tree(follow(document, parameter.schema ?? tree(content).schema ?? parameter));
  const name = `${String(parameter.in).toLowerCase()}:${String(parameter.name)}`;
  const pointer = [place, ...[parameter, schema].flatMap((part) => shared.get(part) ?? [])];
  add(pointer, "parameter", operation, name, parameter.required === true);
  const type = typeName(schema.type);
  if (type !== "") add(pointer, "parameter type", operation, name, type);
  if (schema.default !== undefined) add(pointer, "parameter default", operation, name, schema.default);
  if (Array.isArray(schema.enum))
    add(
      pointer,
      "parameter enum",
      operation,
      name,
      new Set(schema.enum.filter((value) => value !== null).map((value) => JSON.stringify(value))).size,
    );
  if (typeof parameter.description === "string" && parameter.description !== "")
    add(pointer, "parameter description", operation, name, parameter.description);
  for (const key of Object.keys(parameter))
    if (key.startsWith("x-") && !ownExtensions.has(key)) add(pointer, "parameter extension", operation, name, key);
}

/** Extensions that have a standard form. */
const ownExtensions = new Set(["x-nullable", "x-example", "x-examples", "x-openapi", "x-collection-format"]);

function addBody(add: Add, document: unknown, pointer: string, name: string, source: SourceOperation): void {
  const body = source.parameters.find((parameter) => parameter.in === "body");
  const fields = source.parameters.filter((parameter) => parameter.in === "formData");
  const request =
    source.operation.requestBody === undefined ? undefined : tree(follow(document, source.operation.requestBody));
  if (body !== undefined) add(`${pointer}/requestBody`, "body", name, body.required === true);
  else if (fields.length > 0) {
    add(
      `${pointer}/requestBody`,
      "body",
      name,
      fields.some((field) => field.required === true),
    );
    for (const field of fields) add(`${pointer}/requestBody`, "field", name, field.name, field.required === true);
  } else if (request !== undefined) {
    add(`${pointer}/requestBody`, "body", name, request.required === true);
    for (const [type, media] of Object.entries(tree(request.content))) {
      if (!/form-urlencoded|multipart/i.test(type)) continue;
      const schema = tree(follow(document, tree(media).schema));
      for (const field of Object.keys(tree(schema.properties)))
        add(`${pointer}/requestBody`, "field", name, field, list(schema.required).includes(field));
    }
  }
}

const typeName = (type: unknown): string => {
  const names = (Array.isArray(type) ? type : [type])
    .filter((name) => typeof name === "string" && name !== "null")
    .map((name) => (name === "file" ? "string" : String(name).toLowerCase()));
  return names.sort().join("+");
};

const hasSchema = (response: Tree): boolean =>
  response.schema !== undefined ||
  Object.values(tree(response.content)).some((media) => tree(media).schema !== undefined);

/** Requirements without the names of schemes, which may have to change: how many alternatives, of how many schemes and scopes. */
const requirementShape = (security: unknown): string =>
  list(security)
    .map((alternative) =>
      Object.values(tree(alternative))
        .map((scopes) => list(scopes).length)
        .sort()
        .join("+"),
    )
    .sort()
    .join(" or ") || "none";

function schemesOf(root: Tree): Tree {
  return isTree(root.securityDefinitions) ? root.securityDefinitions : tree(tree(root.components).securitySchemes);
}

function addScheme(add: Add, pointer: string, scheme: Tree): void {
  const type = String(scheme.type).toLowerCase();
  if (type === "basic" || (type === "http" && String(scheme.scheme).toLowerCase() === "basic"))
    add(pointer, "scheme", "basic");
  else if (type === "apikey") add(pointer, "scheme", "apiKey", String(scheme.in), String(scheme.name));
  else if (type === "oauth2") {
    const flows = isTree(scheme.flows) ? Object.values(scheme.flows) : [scheme];
    for (const flow of flows)
      add(
        pointer,
        "scheme",
        "oauth2",
        String(tree(flow).tokenUrl ?? ""),
        String(tree(flow).authorizationUrl ?? ""),
        Object.keys(tree(tree(flow).scopes)).length,
      );
  } else add(pointer, "scheme", type, String(scheme.scheme ?? scheme.openIdConnectUrl ?? ""));
}

function serversOf(root: Tree): readonly string[] {
  if (root.swagger !== undefined || typeof root.host === "string") {
    if (typeof root.host !== "string" || root.host.trim() === "") return [];
    const schemes = list(root.schemes).filter((scheme) => scheme === "http" || scheme === "https");
    const base = typeof root.basePath === "string" ? root.basePath : "";
    const host = root.host.trim().replace(/^[a-z]+:\/\//i, "");
    return (schemes.length > 0 ? schemes : ["https"]).map(
      (scheme) => `${String(scheme)}://${host}${base.startsWith("/") || base === "" ? base : `/${base}`}`,
    );
  }
  return list(root.servers).map((server) => String(tree(server).url));
}

const payloadShape = (document: unknown, operation: Tree): string => {
  const body = tree(follow(document, operation.requestBody));
  const media = Object.values(tree(body.content))[0];
  return shapeOf(document, tree(media).schema);
};

/** The names of the properties of a schema, which is as much as is compared of it. */
function shapeOf(document: unknown, schema: unknown): string {
  const resolved = tree(follow(document, schema));
  return `${typeName(resolved.type)}{${Object.keys(tree(resolved.properties)).sort().join(",")}}`;
}
