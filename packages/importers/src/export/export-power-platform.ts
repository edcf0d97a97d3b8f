import type { JsonObject } from "@junctor/core";
import type { Loss } from "../import-result.ts";
import { asList, asObject, isObject, type Obj, setMember, without } from "../json-value.ts";
import { pathItemMethods } from "../openapi/source-model.ts";
import { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";
import { pageableOf } from "./plain-operation.ts";
import { propertiesFor } from "./power-platform-properties.ts";
import { openApiOf } from "./write-openapi.ts";

/** The two files of a Power-Platform connector, and what they cannot say. */
export interface PowerPlatformExport {
  readonly definition: JsonObject;
  readonly properties: JsonObject;
  readonly losses: readonly Loss[];
}

/** Exports a definition as `apiDefinition.swagger.json` and `apiProperties.json`. */
export function exportPowerPlatform(definition: JsonObject): PowerPlatformExport {
  const report = new ImportReport();
  const document = openApiOf(definition as Obj);
  const swagger = toSwagger(document, report);
  loseBehaviour(definition as Obj, report);
  const properties = propertiesFor(definition as Obj, report);
  return { definition: swagger as JsonObject, properties: properties as JsonObject, losses: report.losses };
}

/** What an action does besides one request has no place in a Swagger document. */
function loseBehaviour(definition: Obj, report: ImportReport): void {
  for (const [name, action] of Object.entries(asObject(definition.actions))) {
    const place = pointer("/actions", name);
    for (const member of ["steps", "run", "pagination", "retry", "cache", "errors", "rateLimits", "idempotencyKey"]) {
      if (member === "pagination" && pageableOf(asObject(action)) !== undefined) continue;
      if (asObject(action)[member] !== undefined)
        report.lose(
          pointer(place, member),
          `export-${member}`,
          `${member} has no counterpart in a Power-Platform connector.`,
          "Use a policy or a script there.",
        );
    }
  }
  for (const [name, trigger] of Object.entries(asObject(definition.triggers))) {
    if (asObject(trigger)["x-openapi"] === undefined)
      report.lose(
        pointer("/triggers", name),
        "export-trigger",
        "The trigger has no operation of its own in the document.",
        "Describe it with x-ms-trigger there.",
      );
  }
}

function toSwagger(document: Obj, report: ImportReport): Obj {
  const { openapi: _, servers, components, webhooks, paths, ...rest } = document;
  const address = readServer(servers, report);
  const swaggerPaths: Obj = {};
  for (const [path, item] of Object.entries(asObject(paths)))
    setMember(swaggerPaths, path.replace(/#.*$/, ""), toPathItem(asObject(item), pointer("/paths", path), report));
  if (webhooks !== undefined)
    report.lose(
      "/webhooks",
      "export-webhooks",
      "Swagger 2.0 has no webhooks.",
      "Describe a subscribing operation with x-ms-trigger.",
    );
  const schemes = Object.entries(asObject(asObject(components).securitySchemes)).map(
    ([name, scheme]) =>
      [name, toSecurity(asObject(scheme), pointer("/components/securitySchemes", name), report)] as const,
  );
  const definitions = Object.fromEntries(
    Object.entries(asObject(asObject(components).schemas)).map(([name, schema]) => [
      name,
      toSchema(schema, pointer("/components/schemas", name), report),
    ]),
  );
  return {
    swagger: "2.0",
    ...rest,
    ...address,
    consumes: ["application/json"],
    produces: ["application/json"],
    paths: swaggerPaths,
    ...(Object.keys(definitions).length > 0 ? { definitions } : {}),
    ...(schemes.length > 0
      ? { securityDefinitions: Object.fromEntries(schemes.filter(([, scheme]) => scheme !== undefined)) }
      : {}),
  };
}

function readServer(servers: unknown, report: ImportReport): Obj {
  const list = asList(servers).map(asObject);
  if (list.length > 1)
    report.lose(
      "/servers/1",
      "export-servers",
      "A Swagger document has one host.",
      "Make a connector for each environment.",
    );
  const match = /^(https?):\/\/([^/]+)(\/.*)?$/i.exec(String(list[0]?.url ?? ""));
  if (match === null) return { host: "localhost", basePath: "/", schemes: ["https"] };
  const host = (match[2] ?? "").replaceAll(/\{[^}]*\}/g, (name) =>
    String(asObject(asObject(list[0]?.variables)[name.slice(1, -1)]).default ?? "value"),
  );
  return { host, basePath: match[3] ?? "/", schemes: [match[1]] };
}

function toPathItem(item: Obj, place: string, report: ImportReport): Obj {
  const result: Obj = {};
  for (const [name, value] of Object.entries(item)) {
    if ((pathItemMethods as readonly string[]).includes(name) && isObject(value))
      result[name] = toOperation(value, pointer(place, name), report);
    else if (name === "x-ms-notification-content") result[name] = toSchema(value, pointer(place, name), report);
    else if (name !== "servers") setMember(result, name, value);
  }
  return result;
}

function toOperation(operation: Obj, place: string, report: ImportReport): Obj {
  const { parameters, requestBody, responses, callbacks, servers, ...rest } = operation;
  if (callbacks !== undefined)
    report.lose(
      pointer(place, "callbacks"),
      "export-callbacks",
      "Swagger 2.0 has no callbacks.",
      "Describe a trigger.",
    );
  if (servers !== undefined)
    report.lose(
      pointer(place, "servers"),
      "export-servers",
      "Swagger 2.0 has no servers of operations.",
      "Use the policy dynamichosturl.",
    );
  const list = asList(parameters).flatMap((parameter, index) =>
    toParameter(asObject(parameter), pointer(place, "parameters", index), report),
  );
  const body = asObject(requestBody);
  const types = Object.keys(asObject(body.content));
  const [type] = types;
  if (types.length > 1)
    report.lose(
      pointer(place, "requestBody"),
      "export-body-types",
      "One of several content types is exported.",
      "Nothing to do if they are the same.",
    );
  const result: Obj = { ...rest };
  if (type !== undefined) {
    const schema = asObject(asObject(body.content)[type]).schema;
    list.push(...toBody(type, schema, body, pointer(place, "requestBody"), report));
    if (!type.includes("json")) result.consumes = [type];
  }
  if (list.length > 0) result.parameters = list;
  result.responses = Object.fromEntries(
    Object.entries(asObject(responses)).map(([code, response]) => [
      code,
      toResponse(asObject(response), pointer(place, "responses", code), report, result),
    ]),
  );
  return result;
}

function toParameter(parameter: Obj, place: string, report: ImportReport): readonly Obj[] {
  const { schema, style, explode, content, example, examples, allowReserved, ...rest } = parameter;
  if (parameter.in === "cookie") {
    report.lose(place, "export-cookie", "Swagger 2.0 has no cookie parameters.", "Send the Cookie header by a policy.");
    return [];
  }
  if (content !== undefined || style === "deepObject" || allowReserved === true)
    report.lose(
      place,
      "export-style",
      "The serialisation of this parameter has no counterpart in Swagger 2.0.",
      "Take it as a text.",
    );
  const own = asObject(toSchema(schema, place, report));
  const plain =
    own.type === "object" || own.$ref !== undefined || own.type === undefined
      ? { ...without(own, "$ref", "properties", "required", "allOf"), type: "string" }
      : own;
  const formats: Record<string, string> = { spaceDelimited: "ssv", pipeDelimited: "pipes" };
  const collection =
    plain.type === "array"
      ? {
          collectionFormat: formats[String(style)] ?? (explode === false || parameter.in !== "query" ? "csv" : "multi"),
        }
      : {};
  return [
    { ...rest, ...plain, ...(rest.description === undefined ? {} : { description: rest.description }), ...collection },
  ];
}

function toBody(type: string, schema: unknown, body: Obj, place: string, report: ImportReport): readonly Obj[] {
  const converted = asObject(toSchema(schema, place, report));
  if (/multipart|form-urlencoded/i.test(type)) {
    const required = asList(converted.required);
    return Object.entries(asObject(converted.properties)).map(([name, property]) => {
      const own = asObject(property);
      const isFile = own.format === "binary";
      return {
        name,
        in: "formData",
        ...(required.includes(name) ? { required: true } : {}),
        ...(isFile ? { ...without(own, "format"), type: "file" } : own),
      };
    });
  }
  const extensions = Object.fromEntries(
    Object.entries(body).filter(([name]) => name.startsWith("x-") && name !== "x-body-name" && name !== "x-form-data"),
  );
  return [
    {
      name: String(body["x-body-name"] ?? "body"),
      in: "body",
      ...(body.required === true ? { required: true } : {}),
      ...(body.description === undefined ? {} : { description: body.description }),
      schema: converted,
      ...extensions,
    },
  ];
}

function toResponse(response: Obj, place: string, report: ImportReport, operation: Obj): Obj {
  const { content, links, headers, ...rest } = response;
  if (links !== undefined)
    report.lose(pointer(place, "links"), "export-links", "Swagger 2.0 has no links.", "Nothing to do.");
  const result: Obj = { description: "", ...rest };
  const [type] = Object.keys(asObject(content));
  if (type !== undefined) {
    const schema = asObject(asObject(content)[type]).schema;
    if (schema !== undefined) result.schema = toSchema(schema, place, report);
    if (!type.includes("json")) operation.produces = [type];
  }
  if (isObject(headers)) {
    result.headers = Object.fromEntries(
      Object.entries(headers).map(([name, header]) => [
        name,
        { ...without(asObject(header), "schema"), ...asObject(toSchema(asObject(header).schema, place, report)) },
      ]),
    );
  }
  return result;
}

const composed = new Set([
  "oneOf",
  "anyOf",
  "not",
  "if",
  "then",
  "else",
  "prefixItems",
  "patternProperties",
  "dependentRequired",
  "dependentSchemas",
  "const",
  "contains",
  "propertyNames",
  "unevaluatedProperties",
]);

/** Writes a schema of 2020-12 with the words of Swagger 2.0. */
function toSchema(value: unknown, place: string, report: ImportReport): unknown {
  if (Array.isArray(value)) return value.map((item) => toSchema(item, place, report));
  if (typeof value === "string") return value.replace("#/components/schemas/", "#/definitions/");
  if (!isObject(value)) return value;
  const result: Obj = {};
  for (const [name, item] of Object.entries(value)) {
    if (composed.has(name)) {
      if (name !== "oneOf" || value.enum === undefined)
        report.lose(
          pointer(place, name),
          `export-schema-${name}`,
          `Swagger 2.0 has no ${name}.`,
          "Describe the common shape.",
        );
    } else if (name === "type" && Array.isArray(item)) {
      const types = item.filter((type) => type !== "null");
      if (types.length === 1) result.type = types[0];
      else
        report.lose(
          pointer(place, "type"),
          "export-schema-types",
          "Swagger 2.0 has one type per schema.",
          "Leave the type out.",
        );
      if (types.length < item.length) result["x-nullable"] = true;
    } else if (name === "examples" && Array.isArray(item)) result.example = item[0];
    else if (name === "exclusiveMinimum" && typeof item === "number")
      Object.assign(result, { minimum: item, exclusiveMinimum: true });
    else if (name === "exclusiveMaximum" && typeof item === "number")
      Object.assign(result, { maximum: item, exclusiveMaximum: true });
    else if (["default", "enum", "example"].includes(name) || name.startsWith("x-")) setMember(result, name, item);
    else if (!["importance", "optionsFrom", "schemaFrom", "writeOnly", "deprecated", "$comment"].includes(name))
      setMember(result, name, toSchema(item, pointer(place, name), report));
  }
  return result;
}

function toSecurity(scheme: Obj, place: string, report: ImportReport): Obj | undefined {
  const { type, scheme: http, flows, "x-name": _, ...rest } = scheme;
  if (type === "http" && http === "basic") return { ...rest, type: "basic" };
  if (type === "apiKey" && scheme.in !== "cookie") return { ...rest, type };
  if (type === "http" && http === "bearer") {
    report.lose(
      place,
      "export-bearer",
      "Swagger 2.0 has no bearer scheme; an API key in Authorization takes its place.",
      "Add the word Bearer by the policy setheader.",
    );
    return { type: "apiKey", in: "header", name: "Authorization" };
  }
  if (type === "oauth2") {
    const names: Record<string, string> = {
      authorizationCode: "accessCode",
      clientCredentials: "application",
      implicit: "implicit",
      password: "password",
    };
    const [name, flow] = Object.entries(asObject(flows))[0] ?? [];
    if (name !== undefined) return { ...rest, type: "oauth2", flow: names[name] ?? "accessCode", ...asObject(flow) };
  }
  report.lose(
    place,
    "export-security",
    `The scheme ${String(type)} has no counterpart in Swagger 2.0.`,
    "Use an API key.",
  );
  return undefined;
}
