import { asList, asObject, asTexts, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import type { SchemaRegistry } from "../schemas/schema-registry.ts";
import type { Located, SourceTree } from "../source/source-tree.ts";

/** What the readers of one import work with. */
export interface ReadContext {
  readonly tree: SourceTree;
  readonly schemas: SchemaRegistry;
  readonly report: ImportReport;
}

/** Members of a Swagger parameter or header that belong into its schema. */
const schemaMembers = new Set([
  "type",
  "format",
  "items",
  "default",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "enum",
  "multipleOf",
  "x-nullable",
]);

const collectionStyles: Record<string, Obj> = {
  csv: { explode: false },
  ssv: { style: "spaceDelimited", explode: false },
  pipes: { style: "pipeDelimited", explode: false },
  multi: { explode: true },
  tsv: { explode: false, "x-collection-format": "tsv" },
};

/** Splits a Swagger 2.0 parameter or header into its own members and those of its schema. */
export function splitSchema(context: ReadContext, place: Located): { readonly object: Obj; readonly schema: unknown } {
  const object: Obj = {};
  const schema: Obj = {};
  for (const [name, value] of Object.entries(asObject(place.value))) {
    if (schemaMembers.has(name)) schema[name] = value;
    else setMember(object, name, value);
  }
  const converted = isObject(object.schema)
    ? context.schemas.convert(context.tree.at(place, "schema"))
    : context.schemas.convert({ ...place, value: schema });
  delete object.schema;
  return { object, schema: converted };
}

/** Converts a Swagger 2.0 parameter that is neither body nor form data. */
export function readSwaggerParameter(context: ReadContext, place: Located): Obj {
  const { object, schema } = splitSchema(context, place);
  const { collectionFormat, ...rest } = object;
  const style = serialisation(collectionFormat, schema, object.in === "query");
  if (collectionFormat !== undefined && collectionStyles[String(collectionFormat)] === undefined) {
    context.report.note(
      context.tree.show(place),
      "collection-format",
      `The collection format ${JSON.stringify(collectionFormat)} is unknown; values are joined by commas.`,
      "Use csv, ssv, tsv, pipes or multi.",
    );
    return { ...rest, ...style, "x-collection-format": collectionFormat, schema };
  }
  return { ...rest, ...style, schema };
}

function serialisation(format: unknown, schema: unknown, inQuery: boolean): Obj {
  const type = asObject(schema).type;
  const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
  if (!isList) return {};
  const style = collectionStyles[String(format ?? "csv")] ?? { explode: false };
  return inQuery ? style : format === undefined || format === "csv" ? {} : { "x-collection-format": String(format) };
}

/** The content types of a body: what the operation or the document says, or what its parameters need. */
function consumed(context: ReadContext, operation: Obj, isForm: boolean, hasFile: boolean): readonly string[] {
  const root = asObject(context.tree.document().value);
  const own = asTexts(operation.consumes);
  const declared = own.length > 0 ? own : asTexts(root.consumes);
  if (!isForm) return declared.length > 0 ? declared : ["application/json"];
  const forms = declared.filter((type) => /^multipart\/|^application\/x-www-form-urlencoded/i.test(type));
  if (hasFile && !forms.some((type) => /^multipart\//i.test(type))) return ["multipart/form-data"];
  return forms.length > 0 ? forms : [hasFile ? "multipart/form-data" : "application/x-www-form-urlencoded"];
}

/** Makes the request body of what Swagger 2.0 calls body and form-data parameters. */
export function readSwaggerBody(context: ReadContext, operation: Obj, places: readonly Located[]): Obj | undefined {
  const body = places.find((place) => asObject(place.value).in === "body");
  if (body !== undefined) return bodyOf(context, operation, body);
  const fields = places.filter((place) => asObject(place.value).in === "formData");
  return fields.length === 0 ? undefined : formOf(context, operation, fields);
}

function bodyOf(context: ReadContext, operation: Obj, place: Located): Obj {
  const { in: _, name, schema, required, description, ...rest } = asObject(place.value);
  const converted = schema === undefined ? {} : context.schemas.convert(context.tree.at(place, "schema"));
  const content: Obj = {};
  for (const type of consumed(context, operation, false, false)) setMember(content, type, { schema: converted });
  return {
    ...rest,
    ...(description === undefined ? {} : { description }),
    ...(required === undefined ? {} : { required }),
    ...(name === undefined ? {} : { "x-body-name": name }),
    content,
  };
}

function formOf(context: ReadContext, operation: Obj, fields: readonly Located[]): Obj {
  const properties: Obj = {};
  const required: string[] = [];
  const encoding: Obj = {};
  let hasFile = false;
  for (const field of fields) {
    const { object, schema } = splitSchema(context, field);
    const { in: _, name, required: isRequired, collectionFormat, ...rest } = object;
    if (typeof name !== "string") continue;
    if (isRequired === true) required.push(name);
    if (asObject(field.value).type === "file") hasFile = true;
    const { "x-collection-format": other, ...style } = serialisation(collectionFormat, schema, true);
    if (Object.keys(style).length > 0) encoding[name] = { style: "form", ...style };
    setMember(properties, name, {
      ...asObject(schema),
      ...rest,
      ...(other === undefined ? {} : { "x-collection-format": other }),
    });
  }
  const schema: Obj = { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
  const content: Obj = {};
  for (const type of consumed(context, operation, true, hasFile)) {
    setMember(content, type, { schema, ...(Object.keys(encoding).length > 0 ? { encoding } : {}) });
  }
  return { content, ...(required.length > 0 ? { required: true } : {}), "x-form-data": true };
}

/** Converts a Swagger 2.0 response. */
export function readSwaggerResponse(context: ReadContext, operation: Obj, place: Located): Obj {
  const { schema, headers, examples, ...rest } = asObject(place.value);
  const response: Obj = { ...rest };
  if (isObject(headers)) {
    const converted: Obj = {};
    for (const name of Object.keys(headers)) {
      const split = splitSchema(context, context.tree.at(place, "headers", name));
      const { collectionFormat, ...header } = split.object;
      setMember(converted, name, {
        ...header,
        ...(collectionFormat === undefined ? {} : { "x-collection-format": collectionFormat }),
        schema: split.schema,
      });
    }
    response.headers = converted;
  }
  const content: Obj = {};
  if (schema !== undefined) {
    const converted = context.schemas.convert(context.tree.at(place, "schema"));
    for (const type of produced(context, operation)) setMember(content, type, { schema: converted });
  }
  if (isObject(examples)) {
    const isByType = Object.keys(examples).every((type) => type.includes("/"));
    if (!isByType) response["x-examples"] = examples;
    else
      for (const [type, example] of Object.entries(examples))
        setMember(content, type, { ...asObject(content[type]), example });
  } else if (examples !== undefined) response["x-examples"] = examples;
  if (Object.keys(content).length > 0) response.content = content;
  return response;
}

function produced(context: ReadContext, operation: Obj): readonly string[] {
  const own = asTexts(operation.produces);
  const declared = own.length > 0 ? own : asTexts(asObject(context.tree.document().value).produces);
  return declared.length > 0 ? declared : ["application/json"];
}

const flowNames: Record<string, string> = {
  implicit: "implicit",
  password: "password",
  application: "clientCredentials",
  accessCode: "authorizationCode",
};

/** Converts a Swagger 2.0 security definition. */
export function readSwaggerSecurity(definition: Obj): Obj {
  const { type, ...rest } = definition;
  if (type === "basic") return { ...rest, type: "http", scheme: "basic" };
  if (type !== "oauth2") return { ...definition };
  const { flow, authorizationUrl, tokenUrl, refreshUrl, scopes, ...others } = rest;
  const name = flowNames[String(flow)] ?? (tokenUrl === undefined ? "implicit" : "authorizationCode");
  const settings: Obj = { scopes: isObject(scopes) ? scopes : {} };
  for (const [key, value] of Object.entries({ authorizationUrl, tokenUrl, refreshUrl })) {
    if (value !== undefined) settings[key] = value;
  }
  return {
    ...others,
    type: "oauth2",
    flows: { [name]: settings },
    ...(flow === undefined || flowNames[String(flow)] !== undefined ? {} : { "x-flow": flow }),
  };
}

/** The servers that scheme, host and base path of a Swagger 2.0 document stand for. */
export function readSwaggerServers(document: Obj): readonly Obj[] {
  const base = typeof document.basePath === "string" ? document.basePath : "";
  const path = base === "" || base.startsWith("/") ? base : `/${base}`;
  if (typeof document.host !== "string" || document.host.trim() === "") return path === "" ? [] : [{ url: path }];
  const host = document.host.trim().replace(/^[a-z]+:\/\//i, "");
  const schemes = asList(document.schemes).filter((scheme) => scheme === "https" || scheme === "http");
  return (schemes.length > 0 ? schemes : ["https"]).map((scheme) => ({ url: `${scheme}://${host}${path}` }));
}
