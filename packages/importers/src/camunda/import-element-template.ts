import type { FormatReader } from "../format-reader.ts";
import { asFilledText, asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { actionName, connectorName, identifier } from "../openapi/names.ts";
import { literal, memberOf } from "../openapi/template-text.ts";
import type { ImportReport } from "../report/import-report.ts";
import { importError } from "../source/limits.ts";
import { type FeelNames, readContext, readFeel } from "./read-feel.ts";
import { readTemplateAuth } from "./template-auth.ts";

/** A property of an element template, with its place. */
interface Property {
  readonly place: string;
  readonly value: Obj;
  /** Name of the input mapping it is bound to. */
  readonly input: string;
}

/** Imports REST element templates (`io.camunda:http-json`): one action per operation that the template offers. */
export const importElementTemplate: FormatReader = (source, report) => {
  const tree = source.tree.document().value;
  const templates = Array.isArray(tree)
    ? tree.map((value, index) => ({ value: asObject(value), place: `/${index}` }))
    : [{ value: asObject(tree), place: "" }];
  let found = 0;
  let imported = 0;
  const definitions = templates.flatMap(({ value, place }) => {
    const definition = readTemplate(value, place, report);
    if (definition === undefined) return [];
    found += operationsOf(propertiesOf(value, place)).length;
    imported += Object.keys(asObject(definition.actions)).length;
    return [definition];
  });
  if (definitions.length === 0)
    throw importError(
      "None of the templates is one over the REST connector.",
      "Templates of other job types hold no request.",
    );
  return { definitions, found, imported };
};

function propertiesOf(template: Obj, place: string): readonly Property[] {
  return asList(template.properties).flatMap((entry, index) => {
    const value = asObject(entry);
    const binding = asObject(value.binding);
    const input =
      binding.type === "zeebe:input"
        ? String(binding.name ?? "")
        : binding.type === "zeebe:taskHeader"
          ? `header:${String(binding.key)}`
          : binding.type === "zeebe:taskDefinition" || binding.type === "zeebe:taskDefinition:type"
            ? "taskType"
            : "";
    return [{ place: `${place}/properties/${index}`, value, input }];
  });
}

/** Names of the operations between which the template chooses; one without a name if there is no choice. */
function operationsOf(properties: readonly Property[]): readonly { readonly id: string; readonly label: string }[] {
  const choice = properties.find((property) => property.input === "operationId");
  const choices = asList(choice?.value.choices).map(asObject);
  if (choices.length > 0)
    return choices.map((entry) => ({ id: String(entry.value), label: String(entry.name ?? entry.value) }));
  return [{ id: String(choice?.value.value ?? ""), label: "" }];
}

function readTemplate(template: Obj, place: string, report: ImportReport): Obj | undefined {
  const properties = propertiesOf(template, place);
  const type = properties.find(
    (property) =>
      property.input === "taskType" && String(asObject(property.value.binding).property ?? "type") === "type",
  );
  if (!/http-json/.test(String(type?.value.value ?? "")) && !properties.some((property) => property.input === "url")) {
    report.skip(
      place,
      "template-type",
      `The job type ${JSON.stringify(type?.value.value ?? "unknown")} is not the REST connector.`,
    );
    return undefined;
  }
  const title = asFilledText(template.name) ?? "Element template";
  const definition: Obj = {
    name: connectorName(title),
    title,
    version: `1.0.${Number.isInteger(template.version) ? String(template.version) : "0"}`,
  };
  const description = asFilledText(template.description);
  if (description !== undefined) definition.description = description;
  const documentation = asFilledText(template.documentationRef);
  if (documentation !== undefined) definition.links = { documentation };
  const icon = asFilledText(asObject(template.icon).contents);
  if (icon?.startsWith("data:") === true) definition.icon = icon;
  const actions: Obj = {};
  for (const operation of operationsOf(properties)) {
    const own = properties.filter((property) => applies(property, operation.id));
    const action = readOperation(own, operation, definition, report, place);
    if (action === undefined) continue;
    setMember(actions, actionName(operation.id === "" ? identifier(title) : operation.id, "call", title), action);
  }
  if (Object.keys(actions).length === 0) return undefined;
  const connection = readTemplateAuth(
    properties.map((property) => ({ ...property })),
    report,
  );
  if (connection !== undefined) definition.connection = connection;
  if (String(definition.baseUrl).includes("connection.baseUrl")) definition.connection = askForBase(connection);
  loseRest(properties, report);
  return { ...definition, actions };
}

/** A template without a fixed address asks for it when connecting. */
function askForBase(connection: Obj | undefined): Obj {
  const parameters = asObject(connection?.parameters);
  return {
    ...connection,
    parameters: {
      type: "object",
      ...parameters,
      properties: {
        baseUrl: { type: "string", format: "uri", title: "Base URL" },
        ...asObject(parameters.properties),
      },
      required: [...new Set(["baseUrl", ...asList(parameters.required).map(String)])],
    },
  };
}

/** Whether a property is there for an operation: it has no condition, or one that the operation meets. */
function applies(property: Property, operation: string): boolean {
  const condition = asObject(property.value.condition);
  const all = isObject(property.value.condition)
    ? Array.isArray(condition.allMatch)
      ? condition.allMatch
      : [condition]
    : [];
  return all.map(asObject).every((one) => {
    if (one.property !== "operationId") return true;
    if (Array.isArray(one.oneOf)) return one.oneOf.includes(operation);
    return one.equals === undefined || one.equals === operation;
  });
}

const reserved = new Set([
  "operationId",
  "operationPath",
  "url",
  "baseUrl",
  "method",
  "queryParameters",
  "headers",
  "body",
  "taskType",
  "connectionTimeoutInSeconds",
  "readTimeoutInSeconds",
  "writeTimeoutInSeconds",
  "storeResponse",
  "skipEncoding",
  "ignoreNullValues",
  "groovyScript",
]);

/** Settings of the task; those that change what is sent or given back are losses. */
const settings: ReadonlyMap<string, string> = new Map([
  ["connectionTimeoutInSeconds", "timeout"],
  ["readTimeoutInSeconds", "timeout"],
  ["writeTimeoutInSeconds", "timeout"],
  ["storeResponse", "response.decode"],
  ["skipEncoding", "request.query"],
  ["ignoreNullValues", "request.body"],
  ["groovyScript", "response.body"],
  ["header:retryBackoff", "retry"],
]);

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Words of FEEL that are no names. */
const operators: ReadonlySet<string> = new Set(
  "if then else for in return some every satisfies and or not between instance of null true false function".split(" "),
);

function readOperation(
  properties: readonly Property[],
  operation: { readonly id: string; readonly label: string },
  definition: Obj,
  report: ImportReport,
  place: string,
): Obj | undefined {
  const by = (name: string): Property | undefined => properties.find((property) => property.input === name);
  const input: Obj = {};
  const required: string[] = [];
  for (const property of properties) {
    const name = property.input;
    if (
      name === "" ||
      reserved.has(name) ||
      name.startsWith("authentication") ||
      name.startsWith("header:") ||
      property.value.type === "Hidden"
    )
      continue;
    setMember(input, name, inputSchema(property.value));
    if (asObject(property.value.constraints).notEmpty === true) required.push(name);
  }
  const names: FeelNames = (name) => {
    if (Object.hasOwn(input, name)) return memberOf("input", name);
    const property = by(name);
    const bound = property?.value.value;
    if (typeof bound === "string" && name !== "baseUrl") return readValue(bound, () => undefined);
    if (property !== undefined || !/^[A-Za-z_]\w*$/.test(name) || operators.has(name)) return undefined;
    // A name that no property of the template is bound to is a variable of the process: whoever calls gives it.
    setMember(input, name, {});
    report.repair(place, `feel-variable-${name}`, "a variable of the process", `the input ${name}`);
    return memberOf("input", name);
  };
  const method = String(by("method")?.value.value ?? "GET").toUpperCase();
  if (!methods.has(method)) {
    report.skip(by("method")?.place ?? place, "template-method", "The method is not one that a connector calls.");
    return undefined;
  }
  const address = readAddress(by("url"), by("operationPath"), by("baseUrl"), names);
  if (address === undefined) {
    report.skip(
      by("url")?.place ?? place,
      "template-url",
      `The URL of ${operation.id || "the template"} is an expression that cannot be read.`,
    );
    return undefined;
  }
  if (definition.baseUrl === undefined) definition.baseUrl = address.baseUrl;
  for (const name of Object.keys(input))
    if (!required.includes(name) && address.path.includes(`{{ ${memberOf("input", name)} }}`)) required.push(name);
  const request: Obj = { method, path: address.path };
  for (const [section, member] of [
    ["queryParameters", "query"],
    ["headers", "headers"],
  ] as const) {
    const map = readMap(by(section), names, report);
    if (map !== undefined) request[member] = map;
  }
  addFreeFields(properties, request, input, required, names, report);
  const action: Obj = { title: operation.label === "" ? String(definition.title) : operation.label, request };
  if (Object.keys(input).length > 0)
    action.input = {
      type: "object",
      properties: input,
      additionalProperties: false,
      ...(required.length > 0 ? { required } : {}),
    };
  return action;
}

/** A body is a FEEL context, an expression, or a field that whoever models fills in. */
function addFreeFields(
  properties: readonly Property[],
  request: Obj,
  input: Obj,
  required: string[],
  names: FeelNames,
  report: ImportReport,
): void {
  const body = properties.find((property) => property.input === "body");
  if (body === undefined) return;
  const written = body.value.value;
  if (body.value.type === "Hidden" && typeof written === "string" && written.startsWith("=")) {
    const entries = readContext(written.slice(1), names);
    const code = readFeel(written.slice(1), names);
    if (entries !== undefined)
      request.body = Object.fromEntries(entries.map(([name, value]) => [name, `{{ ${value} }}`]));
    else if (code !== undefined) request.body = `{{ ${code} }}`;
    else
      report.lose(body.place, "feel", "The expression of the body cannot be read.", "Write the body into the action.");
    return;
  }
  setMember(input, "body", {
    ...(typeof body.value.description === "string" ? { description: body.value.description } : {}),
  });
  if (asObject(body.value.constraints).notEmpty === true) required.push("body");
  request.body = "{{ input.body }}";
}

function inputSchema(property: Obj): Obj {
  const schema: Obj = {
    type: property.type === "Boolean" ? "boolean" : property.type === "Number" ? "number" : "string",
  };
  if (property.feel === "required") delete schema.type;
  if (typeof property.label === "string") schema.title = property.label;
  if (typeof property.description === "string") schema.description = property.description;
  const choices = asList(property.choices).map(asObject);
  if (choices.length > 0)
    schema.oneOf = choices.map((choice) => ({
      const: choice.value,
      ...(typeof choice.name === "string" ? { title: choice.name } : {}),
    }));
  const { value, constraints } = property;
  if (value !== undefined && !(typeof value === "string" && (value.startsWith("=") || value === "")))
    schema.default = value;
  const { minLength, maxLength, pattern } = asObject(constraints);
  if (typeof minLength === "number") schema.minLength = minLength;
  if (typeof maxLength === "number") schema.maxLength = maxLength;
  const expression = typeof pattern === "string" ? pattern : asObject(pattern).value;
  if (typeof expression === "string") schema.pattern = expression;
  return schema;
}

/** The code of a value: an expression, or a constant. */
const readValue = (value: string, names: FeelNames): string | undefined =>
  value.startsWith("=")
    ? readFeel(value.slice(1), names)
    : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Takes the URL apart: `= baseUrl + operationPath`, or one address. */
function readAddress(
  url: Property | undefined,
  path: Property | undefined,
  base: Property | undefined,
  names: FeelNames,
): { readonly baseUrl: string; readonly path: string } | undefined {
  const baseValue = asFilledText(base?.value.value) ?? asFilledText(asObject(asList(base?.value.choices)[0]).value);
  const written = asFilledText(url?.value.value);
  const pathTemplate = path === undefined ? undefined : toText(asFilledText(path.value.value) ?? "", names);
  if (written !== undefined && /operationPath/.test(written) && pathTemplate !== undefined) {
    const fixed = /"(https?:\/\/[^"]+)"/.exec(written)?.[1] ?? baseValue;
    return fixed === undefined
      ? { baseUrl: "{{ connection.baseUrl }}", path: slash(pathTemplate) }
      : { baseUrl: fixed.replace(/\/+$/, ""), path: slash(pathTemplate) };
  }
  if (written === undefined || written === "")
    return { baseUrl: baseValue?.replace(/\/+$/, "") ?? "{{ connection.baseUrl }}", path: slash(pathTemplate ?? "/") };
  const text = toText(written, names);
  const match = text === undefined ? null : /^(https?:\/\/[^/?]+)(\/[^?]*)?/i.exec(text);
  return match === null ? undefined : { baseUrl: match[1] as string, path: match[2] ?? "/" };
}

const slash = (path: string): string => (path.startsWith("/") ? path : `/${path}`);

/** Writes a FEEL text as a template text. */
function toText(value: string, names: FeelNames): string | undefined {
  if (!value.startsWith("=")) return literal(value);
  const parts: string[] = [];
  for (const part of value.slice(1).split(/\+(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const code = readFeel(part, names);
    if (code === undefined) return undefined;
    const constant = /^'((?:[^'\\]|\\.)*)'$/.exec(code)?.[1];
    const plain = /^\((.*) \| string\)$/.exec(code)?.[1] ?? code;
    parts.push(constant === undefined ? `{{ ${plain} }}` : literal(constant.replaceAll(/\\(.)/g, "$1")));
  }
  return parts.join("");
}

function readMap(property: Property | undefined, names: FeelNames, report: ImportReport): Obj | undefined {
  const value = property?.value.value;
  if (property === undefined || typeof value !== "string" || !value.startsWith("=")) return undefined;
  const entries = readContext(value.slice(1), names);
  if (entries === undefined) {
    report.lose(
      property.place,
      "feel",
      "The expression cannot be read; its parameters are not sent.",
      "Write query and headers into the action.",
    );
    return undefined;
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([name, code]) => [name, `{{ ${code} }}`]));
}

/** Output and error mapping belong to the process model, but an expression in them is a fact. */
function loseRest(properties: readonly Property[], report: ImportReport): void {
  for (const { input, value, place } of properties) {
    const written = value.value;
    const member = settings.get(input);
    if (member !== undefined && written !== undefined && !["", "false", "=false", false].includes(written as string))
      report.lose(
        place,
        "template-setting",
        `${input.replace(/^header:/, "")} is a setting of the task and is not carried over.`,
        `Set ${member} in the action.`,
      );
    if (
      /^header:(resultExpression|errorExpression)$/.test(input) &&
      typeof written === "string" &&
      written.trim() !== ""
    ) {
      report.lose(
        place,
        "feel-result",
        `${input.slice(7)} is an expression of the process model.`,
        "Use response.body and errors in the action.",
      );
    }
  }
}
