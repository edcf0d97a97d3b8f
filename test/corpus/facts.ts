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
}

const token = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** Extracts the facts of a document. */
export function factsOf(document: unknown): readonly Fact[] {
  const facts: Fact[] = [];
  const root = tree(document);
  const add = (pointer: string, ...parts: readonly unknown[]): void => {
    facts.push({
      pointer,
      text: parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" | "),
    });
  };
  add("/info/title", "title", tree(root.info).title ?? "");
  for (const server of serversOf(root)) add("/servers", "server", server);
  for (const [name, raw] of Object.entries(schemesOf(root))) addScheme(add, name, tree(follow(document, raw)));
  for (const source of operationsOf(document)) addOperation(add, document, source);
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

/** How often each `x-ms-*` member occurs; data under examples and defaults does not count. */
export function extensionCounts(document: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const stack: { readonly value: unknown; readonly isMap: boolean }[] = [{ value: document, isMap: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (Array.isArray(next.value)) for (const item of next.value) stack.push({ value: item, isMap: false });
    if (!isTree(next.value)) continue;
    for (const [name, item] of Object.entries(next.value)) {
      if (!next.isMap && /^x-ms-/i.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (
        !next.isMap &&
        (name === "example" ||
          name === "examples" ||
          name === "default" ||
          name === "x-openapi" ||
          name === "x-power-platform")
      )
        continue;
      stack.push({ value: item, isMap: !next.isMap && maps.has(name) });
    }
  }
  return counts;
}

type Add = (pointer: string, ...parts: readonly unknown[]) => void;

function addOperation(add: Add, document: unknown, source: SourceOperation): void {
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
    else addParameter(add, document, `${pointer}/parameters`, name, parameter);
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

function addParameter(add: Add, document: unknown, pointer: string, operation: string, parameter: Tree): void {
  const content = Object.values(tree(parameter.content))[0];
  const schema = tree(follow(document, parameter.schema ?? tree(content).schema ?? parameter));
  const name = `${String(parameter.in).toLowerCase()}:${String(parameter.name)}`;
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

function addScheme(add: Add, name: string, scheme: Tree): void {
  const pointer = `/securitySchemes/${token(name)}`;
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
