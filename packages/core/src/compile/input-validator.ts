import type { ProblemDetail } from "@junctor/contract";
import type { ConnectorDefinition, Schema } from "@junctor/sdk";
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { nearestName } from "../definition/nearest-name.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { acceptFiles, readFiles } from "./file-input.ts";
import { createPatternTest } from "./safe-reg-exp.ts";

/** Checks the input of a call against the action's schema. */
export interface InputValidator {
  /** Returns the input with defaults filled in, never changing its argument. Throws INPUT_INVALID with pointers. */
  check(input: Json): Json;
}

/** Our annotations, which the validator must let pass. */
const ANNOTATIONS = ["optionsFrom", "schemaFrom", "importance", "x-file"];

/** Ajv asks for the type of its own regular expressions, of which it uses `test` alone. */
type RegExpEngine = NonNullable<NonNullable<ConstructorParameters<typeof Ajv2020>[0]>["code"]>["regExp"] & object;

let shared: Ajv2020 | undefined;

/** One validator compiler for all schemas: making one costs megabytes. Schemas are not kept in it. */
function validatorCompiler(): Ajv2020 {
  if (shared === undefined) {
    shared = new Ajv2020({
      allErrors: false,
      useDefaults: true,
      strict: false,
      addUsedSchema: false,
      validateSchema: false,
      validateFormats: true,
      // Authors write formats that nobody knows; they bind nothing, and are no reason to write to the log.
      logger: false,
      keywords: ANNOTATIONS,
      code: { regExp: Object.assign(createPatternTest, { code: "createPatternTest" }) as unknown as RegExpEngine },
    });
    formats.default(shared);
    shared.addFormat("binary", true);
  }
  return shared;
}

/** What a value is called that its schema does not know: an input of an action, or a parameter of a connection. */
export type InputNoun = "an input of this action" | "a parameter of this connection";

/** Compiles the input schema of an action; without one only an empty input is accepted. `noun` is for its messages. */
export function compileInputValidator(
  schema: Schema | undefined,
  definitions: ConnectorDefinition["$defs"],
  pointer: string,
  noun: InputNoun = "an input of this action",
): InputValidator {
  const closed = closeTopLevel(schema ?? { type: "object" });
  const { schema: accepting, files } = acceptFiles(closed);
  const complete = typeof accepting === "boolean" ? accepting : { ...accepting, $defs: definitions };
  const validate = compileValidator(complete, pointer);
  const text = JSON.stringify(complete);
  const hasDefaults = text.includes('"default":');
  return Object.freeze({
    check(input: Json): Json {
      const given = input === null || input === undefined ? {} : input;
      const copy = hasDefaults ? cloneJson(given) : given;
      if (!validate(copy)) throw describeFailure(validate.errors ?? [], complete, noun);
      return files ? readFiles(copy, closed as Exclude<Schema, boolean>) : copy;
    },
  });
}

function compileValidator(schema: boolean | object, pointer: string): ValidateFunction {
  const compiler = validatorCompiler();
  try {
    const validate = compiler.compile(schema);
    // The compiler keeps every schema it has seen; an evicted action must not stay behind in there.
    if (typeof schema === "object") compiler.removeSchema(schema);
    return validate;
  } catch (error) {
    throw new ConnectorError("DEFINITION_INVALID", `The schema at ${pointer} cannot be used: ${messageOf(error)}`, {
      cause: error,
      details: [{ pointer, message: messageOf(error), hint: "Schemas follow JSON Schema 2020-12." }],
    });
  }
}

/** An undeclared input is refused unless the schema says otherwise (definition 1, *Schemas*). */
function closeTopLevel(schema: Schema): Schema {
  if (typeof schema === "boolean" || Object.hasOwn(schema, "additionalProperties")) return schema;
  const keyword = ["allOf", "anyOf", "oneOf", "$ref", "if", "dependentSchemas"].some((one) =>
    Object.hasOwn(schema, one),
  )
    ? "unevaluatedProperties"
    : "additionalProperties";
  return Object.hasOwn(schema, keyword) ? schema : { ...schema, [keyword]: false };
}

function describeFailure(errors: readonly ErrorObject[], schema: unknown, noun: InputNoun): ConnectorError {
  const details = errors.map((error) => describeError(error, schema, noun));
  const first = details[0];
  return new ConnectorError(
    "INPUT_INVALID",
    first === undefined
      ? "The input does not match the action's schema."
      : `The input ${first.pointer || "(root)"} is wrong: ${first.message}`,
    { details, ...(first?.hint !== undefined && { hint: first.hint }) },
  );
}

/** Describes one failed check without quoting the value, which may be a secret. */
function describeError(error: ErrorObject, schema: unknown, noun: InputNoun): ProblemDetail {
  const { keyword, params, instancePath, message = "is not valid" } = error;
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const name = String(params.additionalProperty ?? params.unevaluatedProperty);
    const known = Object.keys(findProperties(schema, error.schemaPath));
    const hint = known.length === 0 ? "Leave it out." : suggestName(name, known);
    return { pointer: `${instancePath}/${name}`, message: `"${name}" is not ${noun}.`, hint };
  }
  if (keyword === "required") {
    const name = String(params.missingProperty);
    return { pointer: `${instancePath}/${name}`, message: `"${name}" is required.`, hint: `Give "${name}".` };
  }
  const allowed = params.allowedValues as readonly unknown[] | undefined;
  const hint = allowed === undefined ? undefined : `Allowed are: ${allowed.slice(0, 20).map(String).join(", ")}.`;
  return { pointer: instancePath, message: `It ${message}.`, ...(hint !== undefined && { hint }) };
}

function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const guess = nearest === undefined ? "" : `Did you mean "${nearest}"? `;
  return `${guess}Known are: ${known.slice(0, 20).join(", ")}.`;
}

/** Finds the `properties` beside the keyword that a schema path names (`#/properties/buyer/additionalProperties`). */
function findProperties(schema: unknown, schemaPath: string): object {
  const parts = schemaPath.split("/").slice(1, -1);
  const found = parts.reduce<unknown>((part, name) => {
    const key = decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof part === "object" && part !== null ? (part as Record<string, unknown>)[key] : undefined;
  }, schema);
  return (found as { readonly properties?: object } | undefined)?.properties ?? {};
}

/** Copies JSON, so that defaults are not written into the caller's data. */
export function cloneJson(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(cloneJson);
  if (Object.getOwnPropertySymbols(value).length > 0) return value;
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const member = cloneJson((value as Record<string, Json>)[key] as Json);
    if (key === "__proto__") Object.defineProperty(copy, key, { value: member, enumerable: true });
    else copy[key] = member;
  }
  return copy;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
