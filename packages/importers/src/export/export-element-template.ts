import type { JsonObject } from "@junctor/core";
import type { Loss } from "../import-result.ts";
import { asList, asObject, isObject, type Obj } from "../json-value.ts";
import { resolveSchema, typesOf } from "../openapi/resolve-schema.ts";
import { ImportReport } from "../report/import-report.ts";

/** How a template is meant to run. */
export interface ElementTemplateOptions {
  /** Id of the template; default: the connector's name under `dev.junctor`. */
  readonly id?: string;
  /** Job type that a worker of Junctor takes. Credentials stay on the server, so none is in the process model. */
  readonly taskType?: string;
}

/** A template and what it cannot say. */
export interface ElementTemplateExport {
  readonly template: JsonObject;
  readonly losses: readonly Loss[];
}

/**
 * Exports a definition as a Camunda 8 element template (service task): a choice of the actions, the fields of each behind a
 * condition, and the standard output, error and retry groups. Which connection is used is a field; credentials are not.
 */
export function exportElementTemplate(
  definition: JsonObject,
  options: ElementTemplateOptions = {},
): ElementTemplateExport {
  const report = new ImportReport();
  const actions = Object.entries(asObject(definition.actions)).filter(([, action]) => asObject(action).hidden !== true);
  const properties: Obj[] = [
    {
      type: "Hidden",
      value: options.taskType ?? `io.junctor:${String(definition.name)}:1`,
      binding: { type: "zeebe:taskDefinition", property: "type" },
    },
    actionChoice(actions),
    {
      id: "connection",
      label: "Connection",
      description: "Name of the connection in Junctor",
      group: "operation",
      type: "String",
      feel: "optional",
      binding: { type: "zeebe:input", name: "connection" },
    },
  ];
  for (const [name, action] of actions) properties.push(...fieldsOf(name, asObject(action), definition as Obj, report));
  properties.push(...standardProperties());
  const template: Obj = {
    $schema: "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json",
    name: definition.title,
    id: options.id ?? `dev.junctor.${String(definition.name)}`,
    version: versionNumber(String(definition.version)),
    ...(definition.description === undefined ? {} : { description: String(definition.description).slice(0, 500) }),
    category: { id: "connectors", name: "Connectors" },
    appliesTo: ["bpmn:Task"],
    elementType: { value: "bpmn:ServiceTask" },
    engines: { camunda: "^8.6" },
    groups: [
      { id: "operation", label: "Operation" },
      { id: "input", label: "Input" },
      { id: "output", label: "Output mapping" },
      { id: "error", label: "Error handling" },
      { id: "retries", label: "Retries" },
    ],
    properties,
    ...(typeof definition.icon === "string" && definition.icon.startsWith("data:")
      ? { icon: { contents: definition.icon } }
      : {}),
  };
  return { template: template as JsonObject, losses: report.losses };
}

/** A number that grows with the version: 1.2.3 → 1002003. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version
    .split(/[.+-]/)
    .slice(0, 3)
    .map((part) => Math.min(Number(part) || 0, 999));
  return major * 1_000_000 + minor * 1_000 + patch;
}

function actionChoice(actions: readonly (readonly [string, unknown])[]): Obj {
  const binding = { type: "zeebe:input", name: "action" };
  const [first] = actions;
  if (actions.length === 1 && first !== undefined)
    return { id: "action", type: "Hidden", value: first[0], group: "operation", binding };
  return {
    id: "action",
    label: "Action",
    group: "operation",
    type: "Dropdown",
    value: first?.[0] ?? "",
    choices: actions.map(([name, action]) => ({ name: String(asObject(action).title ?? name), value: name })),
    binding,
  };
}

function fieldsOf(action: string, definition: Obj, document: Obj, report: ImportReport): readonly Obj[] {
  const definitions = asObject(document.$defs);
  const input = resolveSchema(definition.input, definitions);
  const required = new Set(asList(input.required).map(String));
  return Object.entries(asObject(input.properties)).flatMap(([name, property]) => {
    const schema = resolveSchema(property, definitions);
    if (schema.importance === "hidden") return [];
    if (schema.format === "binary")
      report.lose(
        `/actions/${action}/input/properties/${name}`,
        "export-file",
        "A process variable cannot hold a file; its base64 text is taken.",
        "Pass a document reference.",
      );
    return [fieldOf(action, name, schema, required.has(name), typesOf(property, definitions))];
  });
}

function fieldOf(action: string, name: string, schema: Obj, isRequired: boolean, types: ReadonlySet<string>): Obj {
  const field: Obj = {
    id: `${action}_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`,
    label: String(schema.title ?? name),
    ...(typeof schema.description === "string" ? { description: schema.description.slice(0, 500) } : {}),
    group: "input",
    binding: { type: "zeebe:input", name: `input.${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}` },
    condition: { property: "action", equals: action },
    ...(isRequired ? { constraints: { notEmpty: true } } : { optional: true }),
  };
  const choices = asList(schema.oneOf)
    .filter((choice) => isObject(choice) && choice.const !== undefined)
    .map(asObject);
  const values =
    choices.length > 0
      ? choices.map((choice) => ({ name: String(choice.title ?? choice.const), value: String(choice.const) }))
      : asList(schema.enum)
          .filter((value) => value !== null)
          .map((value) => ({ name: String(value), value: String(value) }));
  const fallback = schema.default;
  if (values.length > 0)
    return {
      ...field,
      type: "Dropdown",
      choices: values,
      ...(fallback === undefined ? {} : { value: String(fallback) }),
    };
  if (types.has("boolean"))
    return { ...field, type: "Boolean", feel: "static", ...(typeof fallback === "boolean" ? { value: fallback } : {}) };
  if (types.has("integer") || types.has("number"))
    return { ...field, type: "Number", feel: "static", ...(typeof fallback === "number" ? { value: fallback } : {}) };
  if (types.has("object") || types.has("array") || types.size === 0)
    return {
      ...field,
      type: "Text",
      feel: "required",
      ...(fallback === undefined ? {} : { value: `=${JSON.stringify(fallback)}` }),
    };
  return {
    ...field,
    type: "String",
    feel: "optional",
    ...(typeof fallback === "string" && fallback !== "" ? { value: fallback } : {}),
  };
}

const standardProperties = (): readonly Obj[] => [
  {
    id: "resultVariable",
    label: "Result variable",
    group: "output",
    type: "String",
    binding: { type: "zeebe:taskHeader", key: "resultVariable" },
  },
  {
    id: "resultExpression",
    label: "Result expression",
    group: "output",
    type: "Text",
    feel: "required",
    binding: { type: "zeebe:taskHeader", key: "resultExpression" },
  },
  {
    id: "errorExpression",
    label: "Error expression",
    group: "error",
    type: "Text",
    feel: "required",
    binding: { type: "zeebe:taskHeader", key: "errorExpression" },
  },
  {
    id: "retryCount",
    label: "Retries",
    group: "retries",
    type: "String",
    value: "3",
    feel: "optional",
    binding: { type: "zeebe:taskDefinition", property: "retries" },
  },
  {
    id: "retryBackoff",
    label: "Retry backoff",
    group: "retries",
    type: "String",
    value: "PT30S",
    binding: { type: "zeebe:taskHeader", key: "retryBackoff" },
  },
];
