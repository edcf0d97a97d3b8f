import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { looksLikeSwagger } from "../source/detect-format.ts";
import { pointer } from "../source/json-pointer.ts";
import type { Located } from "../source/source-tree.ts";
import {
  type ReadContext,
  readSwaggerBody,
  readSwaggerParameter,
  readSwaggerResponse,
  readSwaggerSecurity,
  readSwaggerServers,
} from "./read-swagger-parts.ts";
import { pathItemMethods, type SourceModel, type SourceOperation, type SourceParameter } from "./source-model.ts";

/** The version family of a document. */
export const versionOf = (document: Obj): "2.0" | "3.0" | "3.1" => {
  if (document.swagger !== undefined || (document.openapi === undefined && looksLikeSwagger(document))) return "2.0";
  return String(document.openapi ?? "3.0").startsWith("3.0") ? "3.0" : "3.1";
};

/** One operation as a picker shows it, and how to read it in full. */
export interface OperationEntry {
  readonly method: string;
  readonly path: string;
  readonly place: Located;
  readonly pathItem: Located;
  readonly read: () => SourceOperation;
}

/** Lists the operations of a document without reading them. */
export function listOperations(context: ReadContext, section: "paths" | "webhooks"): readonly OperationEntry[] {
  const { tree } = context;
  const paths = tree.at(tree.document(), section);
  const entries: OperationEntry[] = [];
  for (const path of Object.keys(asObject(paths.value))) {
    const written = tree.at(paths, path);
    if (path.startsWith("x-") && section === "paths") continue;
    if (!isObject(written.value)) {
      context.report.lose(tree.show(written), "path-malformed", "The path item is not an object.", "Correct the path.");
      continue;
    }
    const pathItem = tree.follow(written);
    for (const method of pathItemMethods) {
      const place = tree.at(pathItem, method);
      if (place.value === undefined) continue;
      if (!isObject(place.value)) {
        context.report.lose(tree.show(place), "operation-malformed", "The operation is not an object.", "Correct it.");
        continue;
      }
      entries.push({
        method,
        path,
        place,
        pathItem,
        read: () => readOperation(context, { method, path, place, pathItem }),
      });
    }
  }
  return entries;
}

/** Reads one operation into the internal form. */
export function readOperation(
  context: ReadContext,
  entry: Pick<OperationEntry, "method" | "path" | "place" | "pathItem">,
): SourceOperation {
  const { tree } = context;
  const source = asObject(entry.place.value);
  const isSwagger = versionOf(asObject(tree.document().value)) === "2.0";
  const { parameters: _p, responses, requestBody, callbacks, consumes, produces, schemes, ...rest } = source;
  const places = parameterPlaces(context, entry);
  const operation: Obj = { ...rest };
  const parameters: SourceParameter[] = [];
  for (const place of places) {
    const kind = asObject(place.value).in;
    if (kind === "body" || kind === "formData") continue;
    const parameter = readParameter(context, place, isSwagger);
    if (parameter !== undefined) parameters.push(parameter);
  }
  if (parameters.length > 0) operation.parameters = parameters.map((parameter) => parameter.object);
  if (rest[notificationContent] !== undefined)
    operation[notificationContent] = readNotification(context, tree.at(entry.place, notificationContent));
  // Authors mix the versions: what is there is read, the newer form first.
  const body =
    (isObject(requestBody) ? readBody(context, tree.follow(tree.at(entry.place, "requestBody"))) : undefined) ??
    readSwaggerBody(context, source, places);
  if (body !== undefined) operation.requestBody = body;
  if (isObject(responses))
    operation.responses = readResponses(context, tree.at(entry.place, "responses"), source, isSwagger);
  else if (responses !== undefined) operation["x-responses"] = responses;
  if (isObject(callbacks)) operation.callbacks = readCallbacks(context, tree.at(entry.place, "callbacks"));
  if (isSwagger) keepSwaggerLists(operation, { consumes, produces, schemes }, body);
  else Object.assign(operation, withoutUndefined({ consumes, produces, schemes }));
  const payload = source["x-ms-trigger"] === undefined ? undefined : payloadOf(context, entry, places);
  return {
    method: entry.method,
    path: entry.path,
    pointer: tree.show(entry.place),
    operation,
    parameters,
    pathItem: pathItemExtras(context, entry.pathItem),
    ...(payload === undefined ? {} : { payload }),
  };
}

const notificationContent = "x-ms-notification-content";

/** Where the payload of a notification stands in its extension: under `schema`, or the extension is the schema. */
function payloadPlace(context: ReadContext, place: Located): Located | undefined {
  const value = asObject(place.value);
  if (value.schema !== undefined) return context.tree.at(place, "schema");
  const isSchema = ["$ref", "type", "properties", "allOf", "items"].some((keyword) => value[keyword] !== undefined);
  return isSchema ? place : undefined;
}

/** The extension with its schema converted. */
function readNotification(context: ReadContext, place: Located): unknown {
  const found = payloadPlace(context, place);
  if (found === undefined) return place.value;
  const schema = context.schemas.convert(found);
  return found === place ? schema : { ...asObject(place.value), schema };
}

/** The payload of a subscription: on the path item, where it belongs, or wherever else authors put it in the operation. */
function payloadOf(
  context: ReadContext,
  entry: Pick<OperationEntry, "place" | "pathItem">,
  parameters: readonly Located[],
): unknown {
  const { tree, report } = context;
  const responses = tree.at(entry.place, "responses");
  const holders = [
    entry.pathItem,
    entry.place,
    ...parameters.flatMap((place) => [place, tree.at(place, "schema")]),
    ...Object.keys(asObject(responses.value)).flatMap((code) => [
      tree.at(responses, code),
      tree.at(responses, code, "schema"),
    ]),
  ];
  for (const holder of holders) {
    if (!isObject(asObject(holder.value)[notificationContent])) continue;
    const place = tree.at(holder, notificationContent);
    const found = payloadPlace(context, place);
    if (found === undefined) continue;
    if (holder !== entry.pathItem || found === place)
      report.repair(tree.show(place), "notification-content", "in another place than on the path", "the payload");
    return context.schemas.convert(found);
  }
  return undefined;
}

/** Content types that no body and no response of the operation shows are kept beside it. */
function keepSwaggerLists(operation: Obj, lists: Obj, body: Obj | undefined): void {
  if (body === undefined && asList(lists.consumes).length > 0) operation["x-consumes"] = lists.consumes;
  if (asList(lists.produces).length > 0 && !hasContent(operation)) operation["x-produces"] = lists.produces;
  if (lists.schemes !== undefined) operation["x-schemes"] = lists.schemes;
}

const hasContent = (operation: Obj): boolean =>
  Object.values(asObject(operation.responses)).some((response) => isObject(asObject(response).content));

const withoutUndefined = (object: Obj): Obj =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function pathItemExtras(context: ReadContext, place: Located): Obj {
  const extras: Obj = {};
  for (const [name, value] of Object.entries(asObject(place.value))) {
    if ((pathItemMethods as readonly string[]).includes(name) || name === "parameters") continue;
    if (name === notificationContent && isObject(value))
      extras[name] = readNotification(context, context.tree.at(place, name));
    else setMember(extras, name, value);
  }
  return extras;
}

/** The parameters of the operation and those of its path item that it does not replace, references followed. */
function parameterPlaces(context: ReadContext, entry: Pick<OperationEntry, "place" | "pathItem">): readonly Located[] {
  const { tree, report } = context;
  const found = new Map<string, Located>();
  for (const [holder, isOwn] of [
    [entry.place, true],
    [entry.pathItem, false],
  ] as const) {
    const list = tree.at(holder, "parameters");
    if (list.value === undefined || list.value === null) continue;
    if (!Array.isArray(list.value)) {
      report.lose(tree.show(list), "parameters-malformed", "The parameters are not a list.", "Correct the source.");
      continue;
    }
    const own = new Set<string>();
    list.value.forEach((_, index) => {
      const written = tree.at(list, index);
      const place = withKnownLocation(context, tree.follow(written));
      const { name, in: location } = asObject(place.value);
      const key = location === "body" ? "body" : `${String(location)}:${String(name)}`;
      if (typeof location !== "string" || (typeof name !== "string" && location !== "body")) {
        report.lose(
          tree.show(written),
          "parameter-malformed",
          "The parameter has no name or no place.",
          "Add name and in.",
        );
      } else if (own.has(key)) {
        report.lose(
          tree.show(written),
          "parameter-duplicate",
          `${key} is declared twice; the first one counts.`,
          "Remove one.",
        );
      } else if (isOwn || !found.has(key)) found.set(key, place);
      own.add(key);
    });
  }
  return [...found.values()];
}

/** Reads the place of a parameter whatever its case. */
function withKnownLocation(context: ReadContext, place: Located): Located {
  const location = asObject(place.value).in;
  if (typeof location !== "string") return place;
  const lower = location.trim().toLowerCase();
  const meant = lower === "formdata" ? "formData" : lower;
  if (meant === location || !(locations.has(meant) || meant === "body" || meant === "formData")) return place;
  context.report.repair(`${context.tree.show(place)}/in`, "parameter-place", location, meant);
  return { ...place, value: { ...asObject(place.value), in: meant } };
}

const locations = new Set(["path", "query", "header", "cookie"]);

function readParameter(context: ReadContext, place: Located, isSwagger: boolean): SourceParameter | undefined {
  const source = asObject(place.value);
  const location = String(source.in).toLowerCase();
  if (!locations.has(location)) {
    context.report.lose(
      context.tree.show(place),
      "parameter-place",
      `A parameter cannot stand in ${JSON.stringify(source.in)}.`,
      isSwagger
        ? "Use query, header, path, formData or body."
        : "Use query, header, path or cookie; describe a body as requestBody.",
    );
    return undefined;
  }
  const object = isSwagger ? readSwaggerParameter(context, place) : readOpenApiParameter(context, place);
  object.in = location;
  return {
    name: String(source.name),
    in: location as SourceParameter["in"],
    pointer: context.tree.show(place),
    object,
  };
}

function readOpenApiParameter(context: ReadContext, place: Located): Obj {
  const { tree, schemas } = context;
  const object: Obj = { ...asObject(place.value) };
  if (object.schema !== undefined) object.schema = schemas.convert(tree.at(place, "schema"));
  else if (isObject(object.content)) object.content = readContent(context, tree.at(place, "content"));
  else if (object.type !== undefined) return readSwaggerParameter(context, place);
  if (isObject(object.examples)) object.examples = readExamples(context, tree.at(place, "examples"));
  return object;
}

function readBody(context: ReadContext, place: Located): Obj {
  const object: Obj = { ...asObject(place.value) };
  if (isObject(object.content)) object.content = readContent(context, context.tree.at(place, "content"));
  return object;
}

function readContent(context: ReadContext, place: Located): Obj {
  const { tree, schemas } = context;
  const content: Obj = {};
  for (const type of Object.keys(asObject(place.value))) {
    const media = tree.follow(tree.at(place, type));
    const object: Obj = { ...asObject(media.value) };
    if (object.schema !== undefined) object.schema = schemas.convert(tree.at(media, "schema"));
    if (isObject(object.examples)) object.examples = readExamples(context, tree.at(media, "examples"));
    if (isObject(object.encoding)) object.encoding = readEncoding(context, tree.at(media, "encoding"));
    setMember(content, type, object);
  }
  return content;
}

function readEncoding(context: ReadContext, place: Located): Obj {
  const result: Obj = {};
  for (const [name, value] of Object.entries(asObject(place.value))) {
    const headers = asObject(value).headers;
    setMember(
      result,
      name,
      isObject(headers)
        ? { ...asObject(value), headers: readHeaders(context, context.tree.at(place, name, "headers")) }
        : value,
    );
  }
  return result;
}

function readExamples(context: ReadContext, place: Located): Obj {
  const examples: Obj = {};
  for (const name of Object.keys(asObject(place.value)))
    setMember(examples, name, context.tree.follow(context.tree.at(place, name)).value);
  return examples;
}

function readHeaders(context: ReadContext, place: Located): Obj {
  const headers: Obj = {};
  for (const name of Object.keys(asObject(place.value))) {
    const header = context.tree.follow(context.tree.at(place, name));
    setMember(headers, name, readOpenApiParameter(context, header));
  }
  return headers;
}

function readResponses(context: ReadContext, place: Located, operation: Obj, isSwagger: boolean): Obj {
  const { tree } = context;
  const responses: Obj = {};
  for (const [code, written] of Object.entries(asObject(place.value))) {
    if (code.startsWith("x-") || !isObject(written)) {
      if (!code.startsWith("x-"))
        context.report.lose(
          tree.show(tree.at(place, code)),
          "response-malformed",
          "The response is not an object.",
          "Correct it.",
        );
      else setMember(responses, code, written);
      continue;
    }
    const response = tree.follow(tree.at(place, code));
    setMember(
      responses,
      code,
      isOldResponse(response.value, isSwagger)
        ? readSwaggerResponse(context, operation, response)
        : readResponse(context, response),
    );
  }
  return responses;
}

/** Authors mix the versions: a response with `content` is of the newer form, one with `schema` of the older. */
const isOldResponse = (response: unknown, isSwagger: boolean): boolean => {
  const { content, schema } = asObject(response);
  return isObject(content) ? false : isSwagger || schema !== undefined;
};

function readResponse(context: ReadContext, place: Located): Obj {
  const { tree } = context;
  const object: Obj = { ...asObject(place.value) };
  if (isObject(object.headers)) object.headers = readHeaders(context, tree.at(place, "headers"));
  if (isObject(object.content)) object.content = readContent(context, tree.at(place, "content"));
  if (isObject(object.links)) object.links = readExamples(context, tree.at(place, "links"));
  return object;
}

function readCallbacks(context: ReadContext, place: Located): Obj {
  const { tree } = context;
  const callbacks: Obj = {};
  for (const name of Object.keys(asObject(place.value))) {
    const callback = tree.follow(tree.at(place, name));
    const converted: Obj = {};
    for (const expression of Object.keys(asObject(callback.value))) {
      const pathItem = tree.follow(tree.at(callback, expression));
      if (!isObject(pathItem.value)) {
        setMember(converted, expression, pathItem.value);
        continue;
      }
      const item: Obj = pathItemExtras(context, pathItem);
      for (const method of pathItemMethods) {
        const operation = tree.at(pathItem, method);
        if (!isObject(operation.value)) continue;
        const { callbacks: nested, ...plain } = operation.value;
        const read = readOperation(context, {
          method,
          path: expression,
          place: { ...operation, value: plain },
          pathItem,
        });
        item[method] = nested === undefined ? read.operation : { ...read.operation, callbacks: nested };
      }
      setMember(converted, expression, item);
    }
    setMember(callbacks, name, converted);
  }
  return callbacks;
}

/** Members of the root that are read, and what each has to be. */
const rootMembers: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ...["swagger", "openapi", "host", "basePath"].map((name) => [name, isScalar] as const),
  ...["paths", "webhooks", "definitions", "parameters", "responses", "securityDefinitions", "components"].map(
    (name) => [name, isObject] as const,
  ),
  ...["schemes", "consumes", "produces"].map((name) => [name, isListOfTexts] as const),
]);

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Reads the members of the root but for paths, webhooks and schemas. */
export function readRoot(context: ReadContext): Obj {
  const { tree } = context;
  const document = asObject(tree.document().value);
  const isSwagger = versionOf(document) === "2.0";
  const root: Obj = {};
  for (const [name, value] of Object.entries(document)) {
    const isRight = rootMembers.get(name);
    if (isRight === undefined) setMember(root, name, value);
    else if (value !== null && !isRight(value))
      context.report.lose(
        pointer("", name),
        "member-malformed",
        `${JSON.stringify(name)} is not of the type that it must have, so it says nothing.`,
        "Correct it.",
      );
  }
  const servers = isSwagger ? readSwaggerServers(document) : asList(document.servers);
  if (servers.length > 0) root.servers = servers;
  const schemes = readSecuritySchemes(context, isSwagger);
  const components: Obj = {};
  if (Object.keys(schemes).length > 0) components.securitySchemes = schemes;
  for (const [name, value] of Object.entries(asObject(document.components))) {
    if (!componentSections.has(name)) setMember(components, name, value);
  }
  if (Object.keys(components).length > 0) root.components = components;
  return root;
}

/** Sections of `components` that are read, or given back as unused parts; anything else is kept as it is. */
const componentSections = new Set([
  "schemas",
  "securitySchemes",
  "parameters",
  "responses",
  "requestBodies",
  "headers",
  "examples",
  "links",
  "callbacks",
  "pathItems",
]);

function readSecuritySchemes(context: ReadContext, isSwagger: boolean): Obj {
  const { tree } = context;
  const place = isSwagger
    ? tree.at(tree.document(), "securityDefinitions")
    : tree.at(tree.document(), "components", "securitySchemes");
  const schemes: Obj = {};
  for (const name of Object.keys(asObject(place.value))) {
    const scheme = tree.follow(tree.at(place, name));
    if (isObject(scheme.value)) setMember(schemes, name, isSwagger ? readSwaggerSecurity(scheme.value) : scheme.value);
    else
      context.report.lose(
        tree.show(tree.at(place, name)),
        "security-malformed",
        "The security scheme is not an object.",
        "Correct it.",
      );
  }
  return schemes;
}

/** Shared parts that nothing refers to; they are kept beside the definition, so that an export gives them back. */
export function unusedComponents(context: ReadContext): Obj {
  const { tree } = context;
  const document = asObject(tree.document().value);
  const holders: readonly (readonly [string, readonly string[]])[] =
    versionOf(document) === "2.0"
      ? [
          ["parameters", ["parameters"]],
          ["responses", ["responses"]],
        ]
      : ["parameters", "responses", "requestBodies", "headers", "examples", "links", "callbacks", "pathItems"].map(
          (section) => [section, ["components", section]] as const,
        );
  const unused: Obj = {};
  for (const [section, path] of holders) {
    const place = tree.at(tree.document(), ...path);
    const kept: Obj = {};
    for (const [name, value] of Object.entries(asObject(place.value))) {
      const item = tree.at(place, name);
      if (!tree.visited.has(`${item.file}#${item.pointer}`)) setMember(kept, name, value);
    }
    if (Object.keys(kept).length > 0) unused[section] = kept;
  }
  return unused;
}

export type { ReadContext, SourceModel };
