import type { ProblemDetail } from "@junctor/contract";
import { nearestName } from "@junctor/core";
import type { ErrorObject } from "ajv";
import { escapePointer } from "./parse-json.ts";

/** Most reasons that one problem lists. */
const maxDetails = 20;

/** Keywords that only say that something below them failed, which is reported itself. */
const summaries = new Set(["if", "anyOf", "oneOf", "$ref"]);

/**
 * Turns a validator's errors into reasons with pointers and hints. Values are never quoted: they may be secrets.
 * `prefix` is put before each pointer.
 */
export function describeViolations(errors: readonly ErrorObject[], prefix = ""): readonly ProblemDetail[] {
  const own = errors.filter((error) => !summaries.has(error.keyword));
  const described = (own.length > 0 ? own : errors).map((error) => describeViolation(error, prefix));
  const unique = new Map(described.map((detail) => [`${detail.pointer} ${detail.message}`, detail]));
  return [...unique.values()].slice(0, maxDetails);
}

function describeViolation(error: ErrorObject, prefix: string): ProblemDetail {
  const pointer = prefix + error.instancePath;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case "required": {
      const name = String(params.missingProperty);
      return { pointer: below(pointer, name), message: "is required", hint: `Add the member "${name}".` };
    }
    case "additionalProperties": {
      const name = String(params.additionalProperty);
      return { pointer: below(pointer, name), message: "is not known here", hint: suggestName(name, error) };
    }
    case "type":
      return { pointer, message: `must be ${[params.type].flat().join(" or ")}, not ${typeName(error.data)}` };
    case "enum":
      return { pointer, message: `must be one of ${(params.allowedValues as readonly unknown[]).join(", ")}` };
    case "const":
      return { pointer, message: `must be ${JSON.stringify(params.allowedValue)}` };
    default:
      return { pointer, message: error.message ?? "is not valid" };
  }
}

const below = (pointer: string, name: string): string => `${pointer}/${escapePointer(name)}`;

function suggestName(name: string, error: ErrorObject): string {
  const schema = error.parentSchema as { readonly properties?: Readonly<Record<string, unknown>> } | undefined;
  const known = Object.keys(schema?.properties ?? {});
  if (known.length === 0) return "Leave it out.";
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return `Known are: ${known.join(", ")}.`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
