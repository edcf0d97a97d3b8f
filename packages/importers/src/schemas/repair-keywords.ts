import { asObject, equalJson, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";
import { isPattern, repairPattern } from "./repair-pattern.ts";

/** The member under which a schema keeps what our dialect cannot say, for exports to give it back. */
export const keptMember = "x-openapi";

const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

/** Type names that authors write, and what they mean. */
const meant: ReadonlyMap<string, readonly [type: string | undefined, format?: string]> = new Map(
  Object.entries({
    file: ["string", "binary"],
    int: ["integer"],
    int32: ["integer", "int32"],
    int64: ["integer", "int64"],
    long: ["integer", "int64"],
    float: ["number", "float"],
    double: ["number", "double"],
    decimal: ["number"],
    bool: ["boolean"],
    str: ["string"],
    text: ["string"],
    date: ["string", "date"],
    datetime: ["string", "date-time"],
    "date-time": ["string", "date-time"],
    uuid: ["string", "uuid"],
    guid: ["string", "uuid"],
    list: ["array"],
    map: ["object"],
    dictionary: ["object"],
    any: [undefined],
    mixed: [undefined],
    "": [undefined],
  } satisfies Record<string, readonly [type: string | undefined, format?: string]>),
);

const counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] as const;
const numbers = ["minimum", "maximum", "multipleOf"] as const;

/** Keeps a keyword aside under `x-openapi`, where it binds nobody. */
export function keepAside(schema: Obj, keyword: string, value: unknown): void {
  const kept: Obj = { ...asObject(schema[keptMember]) };
  setMember(kept, keyword, value);
  schema[keptMember] = kept;
  delete schema[keyword];
}

/**
 * Brings the keywords of a schema of Swagger 2.0 or OpenAPI 3.0 (or a sloppy one of 3.1) into JSON Schema 2020-12, in
 * place. Sub-schemas are converted already.
 */
export function repairKeywords(schema: Obj, place: string, report: ImportReport): void {
  repairType(schema, place, report);
  repairNullable(schema);
  repairBounds(schema, place, report);
  repairLists(schema, place, report);
  repairText(schema, place, report);
  repairExamples(schema);
  repairDefault(schema, place, report);
  annotate(schema);
}

/** What the extensions of Power-Platform connectors say to forms, in the words of our dialect; the extensions stay. */
function annotate(schema: Obj): void {
  const summary = schema["x-ms-summary"];
  if (typeof summary === "string" && summary.trim() !== "" && schema.title === undefined) schema.title = summary;
  const visibility = String(schema["x-ms-visibility"] ?? "")
    .trim()
    .toLowerCase();
  if (visibility === "advanced") schema.importance = "advanced";
  if (visibility === "internal") schema.importance = "hidden";
  labelChoices(schema);
  for (const name of Array.isArray(schema.required) ? schema.required : []) {
    const property = asObject(asObject(schema.properties)[String(name)]);
    if (property.importance === "hidden" && property.default === undefined) property.importance = "advanced";
  }
}

/** `x-ms-enum-values` gives each choice a name: in our dialect, `oneOf` of `const` and `title`. */
function labelChoices(schema: Obj): void {
  const values = schema["x-ms-enum-values"];
  if (!Array.isArray(values) || schema.oneOf !== undefined || schema.anyOf !== undefined) return;
  const choices = values.filter(
    (entry) => isObject(entry) && entry.value !== undefined && fitsType(entry.value, schema.type),
  );
  const distinct = new Set(choices.map((entry) => JSON.stringify(asObject(entry).value)));
  if (choices.length === 0 || choices.length !== values.length || distinct.size !== choices.length) return;
  const allowed = schema.enum;
  if (Array.isArray(allowed) && !choices.every((entry) => allowed.includes(asObject(entry).value))) return;
  schema.oneOf = choices.map((entry) => {
    const { value, displayName } = asObject(entry);
    return { const: value, ...(typeof displayName === "string" && displayName !== "" ? { title: displayName } : {}) };
  });
}

function repairType(schema: Obj, place: string, report: ImportReport): void {
  const type = schema.type;
  if (type === undefined) return;
  if (Array.isArray(type)) {
    const known = [...new Set(type.filter((name) => types.has(name as string)))];
    if (known.length === type.length && known.length > 0) return;
    keepAside(schema, "type", type);
    if (known.length > 0) schema.type = known;
    return;
  }
  if (typeof type === "string" && types.has(type)) return;
  const name = String(type);
  const lower = name.toLowerCase();
  const [means, format] = types.has(lower) ? [lower] : (meant.get(lower) ?? [undefined]);
  keepAside(schema, "type", type);
  if (means !== undefined) schema.type = means;
  if (format !== undefined && schema.format === undefined) schema.format = format;
  if (name === "file") return;
  report.repair(pointer(place, "type"), "schema-type", name, means ?? "any type");
  report.lose(
    place,
    "schema-type",
    `${JSON.stringify(name)} is no type of JSON Schema; it was read as ${means ?? "any type"}.`,
    "Correct the type in the source.",
  );
}

function repairNullable(schema: Obj): void {
  const flag = schema.nullable === true || schema["x-nullable"] === true;
  if (schema.nullable !== undefined && typeof schema.nullable === "boolean") delete schema.nullable;
  if (!flag) return;
  if (typeof schema.type === "string") {
    schema.type = [schema.type, "null"];
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
  } else if (Array.isArray(schema.type)) {
    if (!schema.type.includes("null")) schema.type = [...schema.type, "null"];
  } else if (isComposed(schema)) {
    const inner: Obj = {};
    for (const keyword of ["$ref", "allOf", "anyOf", "oneOf", "not", "enum", "discriminator"]) {
      if (schema[keyword] === undefined) continue;
      inner[keyword] = schema[keyword];
      delete schema[keyword];
    }
    schema.anyOf = [inner, { type: "null" }];
  }
}

const isComposed = (schema: Obj): boolean =>
  schema.$ref !== undefined || schema.allOf !== undefined || schema.anyOf !== undefined || schema.oneOf !== undefined;

function repairBounds(schema: Obj, place: string, report: ImportReport): void {
  for (const [flag, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof schema[flag] !== "boolean") continue;
    const exclusive = schema[flag] === true && schema[bound] !== undefined;
    const value = schema[bound];
    if (schema[flag] === true && !exclusive) keepAside(schema, flag, true);
    delete schema[flag];
    if (exclusive) {
      schema[flag] = value;
      delete schema[bound];
    }
  }
  for (const keyword of [...numbers, "exclusiveMinimum", "exclusiveMaximum"] as const)
    repairNumber(schema, keyword, place, report);
  for (const keyword of counts) {
    repairNumber(schema, keyword, place, report);
    const value = schema[keyword];
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 0)) keepAside(schema, keyword, value);
  }
  if (typeof schema.multipleOf === "number" && schema.multipleOf <= 0)
    keepAside(schema, "multipleOf", schema.multipleOf);
}

function repairNumber(schema: Obj, keyword: string, place: string, report: ImportReport): void {
  const value = schema[keyword];
  if (value === undefined || typeof value === "number") return;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  keepAside(schema, keyword, value);
  if (Number.isNaN(number)) return;
  schema[keyword] = number;
  report.repair(pointer(place, keyword), "schema-number", String(value), String(number));
}

function repairLists(schema: Obj, place: string, report: ImportReport): void {
  if (schema.required !== undefined) {
    const names = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
    const unique = [...new Set(names)];
    if (!Array.isArray(schema.required) || unique.length !== schema.required.length) {
      keepAside(schema, "required", schema.required);
      if (unique.length > 0) schema.required = unique;
    }
  }
  if (schema.enum !== undefined) repairEnum(schema, place, report);
  for (const keyword of ["allOf", "anyOf", "oneOf", "prefixItems"]) {
    if (schema[keyword] !== undefined && (!Array.isArray(schema[keyword]) || schema[keyword].length === 0)) {
      keepAside(schema, keyword, schema[keyword]);
    }
  }
  for (const keyword of ["properties", "patternProperties", "dependentSchemas"]) {
    if (schema[keyword] !== undefined && !isObject(schema[keyword])) keepAside(schema, keyword, schema[keyword]);
  }
  if (typeof schema.uniqueItems !== "boolean" && schema.uniqueItems !== undefined)
    keepAside(schema, "uniqueItems", schema.uniqueItems);
}

function repairEnum(schema: Obj, place: string, report: ImportReport): void {
  const values = schema.enum;
  if (!Array.isArray(values) || values.length === 0) {
    keepAside(schema, "enum", values);
    return;
  }
  const fitting = values.filter((value) => fitsType(value, schema.type));
  if (fitting.length === 0 && schema.type !== undefined) {
    const read = values.map((value) => readAs(value, schema.type));
    keepAside(schema, "enum", values);
    if (read.every((value) => value !== undefined)) {
      schema.enum = unique(read);
      report.repair(pointer(place, "enum"), "enum-type", JSON.stringify(values[0]), JSON.stringify(read[0]));
    }
    return;
  }
  const distinct = unique(values);
  if (distinct.length !== values.length) {
    keepAside(schema, "enum", values);
    schema.enum = distinct;
  }
}

const unique = (values: readonly unknown[]): readonly unknown[] =>
  values.filter((value, index) => values.findIndex((other) => equalJson(other, value)) === index);

function repairText(schema: Obj, place: string, report: ImportReport): void {
  for (const keyword of ["title", "description", "format", "$comment"]) {
    if (schema[keyword] !== undefined && typeof schema[keyword] !== "string")
      keepAside(schema, keyword, schema[keyword]);
  }
  for (const keyword of ["deprecated", "readOnly", "writeOnly"]) {
    if (schema[keyword] !== undefined && typeof schema[keyword] !== "boolean")
      keepAside(schema, keyword, schema[keyword]);
  }
  for (const keyword of ["$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$vocabulary"]) {
    if (typeof schema[keyword] === "string") keepAside(schema, keyword, schema[keyword]);
  }
  const pattern = schema.pattern;
  if (pattern === undefined) return;
  if (typeof pattern === "string" && isPattern(pattern)) return;
  const repaired = typeof pattern === "string" ? repairPattern(pattern) : undefined;
  keepAside(schema, "pattern", pattern);
  if (repaired !== undefined) {
    schema.pattern = repaired;
    report.repair(pointer(place, "pattern"), "pattern-dialect", String(pattern), repaired);
  } else {
    report.note(
      pointer(place, "pattern"),
      "pattern-unchecked",
      "The pattern is not a regular expression of ECMAScript; values are not checked against it.",
      "Rewrite the pattern, or leave it: the API checks the value itself.",
    );
  }
}

function repairExamples(schema: Obj): void {
  if (schema.example !== undefined && schema.examples === undefined) {
    schema.examples = [schema.example];
    delete schema.example;
  }
  if (schema.examples !== undefined && !Array.isArray(schema.examples)) keepAside(schema, "examples", schema.examples);
}

function repairDefault(schema: Obj, place: string, report: ImportReport): void {
  if (schema.default === undefined || defaultFits(schema.default, schema)) return;
  const value = schema.default;
  const read = readAs(value, schema.type);
  keepAside(schema, "default", value);
  if (read !== undefined && defaultFits(read, schema)) {
    schema.default = read;
    report.repair(pointer(place, "default"), "default-type", JSON.stringify(value), JSON.stringify(read));
  } else {
    report.note(
      pointer(place, "default"),
      "default-unfit",
      "The default does not match its own schema; it is kept as text and not filled in.",
      "Correct the default in the source.",
    );
  }
}

/** Says whether a value may stand as the default beside these keywords (structure is not checked). */
export function defaultFits(value: unknown, schema: Obj): boolean {
  if (schema.type !== undefined && !fitsType(value, schema.type)) return false;
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => equalJson(item, value))) return false;
  if (typeof value === "string") {
    const length = [...value].length;
    if (typeof schema.minLength === "number" && length < schema.minLength) return false;
    if (typeof schema.maxLength === "number" && length > schema.maxLength) return false;
    if (typeof schema.pattern === "string" && isPattern(schema.pattern) && !new RegExp(schema.pattern, "u").test(value))
      return false;
    if (typeof schema.format === "string" && !fitsFormat(value, schema.format)) return false;
  }
  if (typeof value === "number") {
    if (typeof schema.minimum === "number" && value < schema.minimum) return false;
    if (typeof schema.maximum === "number" && value > schema.maximum) return false;
  }
  if (isObject(value) && Array.isArray(schema.required)) {
    return schema.required.every((name) => Object.hasOwn(value, String(name)));
  }
  if (Array.isArray(value) && isObject(schema.items)) {
    const items = schema.items;
    return value.every((item) => defaultFits(item, items));
  }
  return true;
}

const formats: Record<string, RegExp> = {
  date: /^\d{4}-\d\d-\d\d$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

const fitsFormat = (value: string, format: string): boolean => formats[format]?.test(value) ?? true;

/** Says whether a value is of a JSON Schema type (or of one of several). */
export function fitsType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true;
  if (Array.isArray(type)) return type.some((name) => fitsType(value, name));
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    default:
      return true;
  }
}

/** Reads a value as the type that its author had in mind (`"10"` → 10); undefined if that cannot be said. */
export function readAs(value: unknown, type: unknown): unknown {
  const wanted = Array.isArray(type) ? type.find((name) => name !== "null") : type;
  if (wanted === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (wanted === "integer" || wanted === "number") {
    if (typeof value !== "string" || !/^-?\d+(\.\d+)?$/.test(value.trim())) return undefined;
    const number = Number(value);
    return wanted === "integer" && !Number.isInteger(number) ? undefined : number;
  }
  if (wanted === "boolean" && typeof value === "string") {
    if (/^true$/i.test(value)) return true;
    if (/^false$/i.test(value)) return false;
  }
  if (wanted === "array" && (typeof value === "string" || typeof value === "number") && value !== "") return [value];
  return undefined;
}
