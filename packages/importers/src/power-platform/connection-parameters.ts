import { asFilledText, asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { identifier } from "../openapi/names.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";

/** A connection parameter: its name in the definition, its schema, and whether it must be given. */
export interface ConnectionParameter {
  readonly source: string;
  readonly name: string;
  readonly schema: Obj;
  readonly required: boolean;
  readonly secret: boolean;
}

/** The parameters of a connector or of one of its sets; OAuth settings are apart, because they become a method. */
export interface ReadParameters {
  readonly parameters: readonly ConnectionParameter[];
  readonly oauth: readonly { readonly name: string; readonly settings: Obj; readonly place: string }[];
}

/** The name that a connection parameter has in the definition (`token:TenantId` → `tokenTenantId`). */
export const parameterName = (source: string): string =>
  /^[A-Za-z_]\w*$/.test(source) ? source : identifier(source) || "parameter";

/** Reads `connectionParameters`. */
export function readConnectionParameters(source: unknown, place: string, report: ImportReport): ReadParameters {
  const parameters: ConnectionParameter[] = [];
  const oauth: { name: string; settings: Obj; place: string }[] = [];
  for (const [name, value] of Object.entries(asObject(source))) {
    const where = pointer(place, name);
    const parameter = asObject(value);
    const type = String(parameter.type ?? "string")
      .trim()
      .toLowerCase();
    if (type === "oauthsetting") oauth.push({ name, settings: asObject(parameter.oAuthSettings), place: where });
    else if (type === "gatewaysetting" || type === "connection" || type === "managedidentity") {
      report.lose(
        where,
        "connection-parameter-type",
        `A parameter of type ${type} belongs to the platform it comes from.`,
        "A private network is reached through the operator's egress policy.",
      );
    } else {
      if (!jsonTypes.has(type)) report.repair(pointer(where, "type"), "connection-parameter-type", type, "string");
      parameters.push(readParameter(name, parameter, type));
    }
  }
  return { parameters, oauth };
}

const jsonTypes: ReadonlyMap<string, string> = new Map([
  ["string", "string"],
  ["securestring", "string"],
  ["int", "integer"],
  ["integer", "integer"],
  ["bool", "boolean"],
  ["boolean", "boolean"],
  ["array", "array"],
  ["object", "object"],
  ["secureobject", "object"],
]);

/** Flags of constraints are texts, in any case. */
const isTrue = (value: unknown): boolean => String(value).trim().toLowerCase() === "true";

function readParameter(source: string, parameter: Obj, type: string): ConnectionParameter {
  const ui = asObject(parameter.uiDefinition);
  const constraints = asObject(ui.constraints);
  const secret = type === "securestring" || type === "secureobject";
  const schema: Obj = { type: jsonTypes.get(type) ?? "string" };
  const title = asFilledText(ui.displayName) ?? asFilledText(ui.displayname);
  if (title !== undefined) schema.title = title.trim();
  const description = asFilledText(ui.description) ?? asFilledText(ui.tooltip);
  if (description !== undefined) schema.description = description;
  if (secret) schema.writeOnly = true;
  const choices = readChoices(parameter, constraints);
  if (choices.length > 0) schema.oneOf = choices;
  const fallback = readDefault(parameter.defaultValue ?? constraints.default, schema.type);
  if (fallback !== undefined && (choices.length === 0 || choices.some((choice) => choice.const === fallback)))
    schema.default = fallback;
  const isHidden = isTrue(constraints.hidden);
  const isOptionalHere = asList(constraints.capability).includes("gateway");
  const required = isTrue(constraints.required) && !isOptionalHere && schema.default === undefined;
  if (isHidden) schema.importance = required ? "advanced" : "hidden";
  return { source, name: parameterName(source), schema, required: required && !isHidden, secret };
}

function readChoices(parameter: Obj, constraints: Obj): readonly Obj[] {
  const choices = new Map<unknown, Obj>();
  for (const entry of [...asList(parameter.allowedValues), ...asList(constraints.allowedValues)]) {
    if (!isObject(entry) || entry.value === undefined || typeof entry.value === "object" || choices.has(entry.value))
      continue;
    const title = asFilledText(entry.text) ?? asFilledText(asObject(entry.uiDefinition).displayName);
    choices.set(entry.value, { const: entry.value, ...(title === undefined ? {} : { title }) });
  }
  return [...choices.values()];
}

function readDefault(value: unknown, type: unknown): unknown {
  if (value === undefined || value === null || value === "" || typeof value === "object") return undefined;
  if (type === "integer") return Number.isInteger(Number(value)) ? Number(value) : undefined;
  if (type === "boolean") return String(value).toLowerCase() === "true";
  return String(value);
}

/** Writes parameters as the members of an object schema. */
export function toSchema(parameters: readonly ConnectionParameter[]): {
  readonly properties: Obj;
  readonly required: readonly string[];
} {
  const properties: Obj = {};
  for (const parameter of parameters) setMember(properties, parameter.name, parameter.schema);
  return {
    properties,
    required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
  };
}
