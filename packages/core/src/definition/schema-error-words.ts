import type { ErrorObject } from "ajv";

/** Names the place at a pointer for people. */
export const describePlace = (pointer: string): string => {
  if (pointer === "") return "The connector";
  const segments = pointer.split("/");
  const last = segments.at(-1) ?? "";
  const before = segments.at(-2) ?? "";
  const kinds: Readonly<Record<string, string>> = {
    actions: "Action",
    triggers: "Trigger",
    auth: "Auth method",
    steps: "Step",
    login: "Step",
    errors: "Error rule",
    rateLimits: "Rate limit",
    options: "Source of options",
    schemas: "Source of schemas",
  };
  const kind = kinds[before];
  return kind === undefined ? JSON.stringify(last) : `${kind} ${JSON.stringify(last)}`;
};

/** Says why a member cannot stand beside the others. */
export const refusedMember = (pointer: string): string => {
  const name = pointer.split("/").at(-1) ?? "";
  return `${JSON.stringify(name)} cannot stand beside the other members here: an action has exactly one of "request", "steps" and "run", a step one of "request" and "action", a body one of "body" and "text"`;
};

/** Names the type of a value. */
export const typeName = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return TYPE_NAMES[typeof value] ?? typeof value;
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};

/** Names the types that a place takes. */
export const listTypes = (type: unknown): string =>
  (Array.isArray(type) ? type : [type]).map((one) => TYPE_NAMES[String(one)] ?? String(one)).join(" or ");

/** What texts of a fixed form must look like, by the name of the schema or member that asks for it. */
const FORMS: readonly { readonly test: RegExp; readonly message: string; readonly hint: string }[] = [
  {
    test: /Duration/,
    message: "This is not a duration",
    hint: 'Write it in ISO 8601 with weeks, days, hours, minutes and seconds, such as "PT15S", "PT0.5S" or "P1D"',
  },
  {
    test: /properties\/name\/|AuthMethodCommon/,
    message: "This is not a valid name",
    hint: 'Use lower-case letters, digits and single hyphens, such as "my-connector"',
  },
  {
    test: /properties\/version\//,
    message: "This is not a semantic version",
    hint: 'Write three numbers of at most 15 digits without leading zeros, such as "1.0.0"',
  },
  {
    test: /%24schema|\$schema/,
    message: "This format version is not known here",
    hint: 'Use "https://junctor.dev/schema/connector/v1.json", or update Junctor',
  },
  { test: /properties\/color\//, message: "This is not a colour", hint: 'Write it like "#2563eb"' },
  {
    test: /properties\/hosts\//,
    message: "This is not a host",
    hint: 'Write a name such as "api.example.com" or "*.example.com", without scheme, port and path',
  },
  {
    test: /code/,
    message: "This is not an error code",
    hint: 'Use capitals, digits and underscores, such as "OUT_OF_STOCK"',
  },
  {
    test: /FunctionName/,
    message: "This is not the name of a function",
    hint: 'Use a JavaScript identifier, such as "approve"',
  },
];

const formOf = (error: ErrorObject): (typeof FORMS)[number] | undefined =>
  FORMS.find(({ test }) => test.test(error.schemaPath));

/** Says which form a text should have had. */
export const patternMessage = (error: ErrorObject): string =>
  formOf(error)?.message ?? "This text does not have the form that is needed here";
/** Shows that form. */
export const patternHint = (error: ErrorObject): string =>
  formOf(error)?.hint ?? `It must match ${String(error.params.pattern)}`;

/** Says what names look like at a place. */
export const nameHint = (pointer: string): string => {
  if (/\/headers$/.test(pointer)) return "A header name has letters, digits and hyphens";
  return "Use a letter first, then letters, digits and underscores";
};
