import type { ProblemDetail } from "@junctor/contract";
import { nearestName } from "@junctor/core";
import type { ErrorObject } from "ajv";
import { describeForm } from "./form-words.ts";
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
  const { kept, told } = chooseBranches(errors, prefix);
  const own = kept.filter((error) => !summaries.has(error.keyword));
  const described = own.length > 0 || told.length > 0 ? own : kept;
  const details = [...told, ...described.map((error) => describeViolation(error, prefix))];
  const unique = new Map(details.map((detail) => [`${detail.pointer} ${detail.message}`, detail]));
  return [...unique.values()].slice(0, maxDetails);
}

/** One of several shapes, told apart by a member that each of them wants another constant of: `kind`. */
interface TaggedChoice {
  readonly tag: string;
  /** The constant of each branch, in order. */
  readonly known: readonly unknown[];
}

/**
 * Keeps of a choice between shapes only what the shape that was meant says. If none was, the member that tells them apart is
 * the reason, and what the shapes miss is none.
 */
function chooseBranches(errors: readonly ErrorObject[], prefix: string) {
  let kept = errors;
  const told: ProblemDetail[] = [];
  for (const choice of errors.filter((error) => error.keyword === "oneOf")) {
    const tagged = readTag(choice.schema);
    const { data } = choice;
    if (tagged === undefined || typeof data !== "object" || data === null || Array.isArray(data)) continue;
    const { tag, known } = tagged;
    const value = (data as Readonly<Record<string, unknown>>)[tag];
    const meant = known.indexOf(value);
    const branches = `${choice.schemaPath}/`;
    kept = kept.filter((error) => {
      const isInside = error.schemaPath.startsWith(branches) && error.instancePath.startsWith(choice.instancePath);
      return !isInside || error.schemaPath.startsWith(`${branches}${meant}/`);
    });
    if (meant !== -1) continue;
    kept = kept.filter((error) => error !== choice);
    told.push(describeTag(below(prefix + choice.instancePath, tag), value, known.map(String)));
  }
  return { kept, told };
}

function readTag(branches: unknown): TaggedChoice | undefined {
  const shapes = (Array.isArray(branches) ? branches : []) as readonly {
    readonly properties?: Readonly<Record<string, { readonly const?: unknown } | undefined>>;
  }[];
  const tag = Object.keys(shapes[0]?.properties ?? {}).find((name) =>
    shapes.every(({ properties }) => properties?.[name]?.const !== undefined),
  );
  return tag === undefined ? undefined : { tag, known: shapes.map(({ properties }) => properties?.[tag]?.const) };
}

function describeTag(pointer: string, value: unknown, known: readonly string[]): ProblemDetail {
  if (value === undefined) return { pointer, message: "is required", hint: `Name one of ${known.join(", ")}.` };
  return { pointer, message: `must be one of ${known.join(", ")}`, ...suggest(value, known) };
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
    case "enum": {
      const allowed = params.allowedValues as readonly unknown[];
      return { pointer, message: `must be one of ${allowed.join(", ")}`, ...suggest(error.data, allowed.map(String)) };
    }
    case "const":
      return { pointer, message: `must be ${JSON.stringify(params.allowedValue)}` };
    case "minLength":
      return {
        pointer,
        message: params.limit === 1 ? "must not be empty" : `must have at least ${params.limit} characters`,
      };
    case "maxLength":
      return { pointer, message: `must have at most ${params.limit} characters` };
    case "pattern":
      return { pointer, ...describeText(String(params.pattern), error) };
    case "format":
      return { pointer, ...describeText(String(params.format), error) };
    default:
      return { pointer, message: error.message ?? "is not valid" };
  }
}

const below = (pointer: string, name: string): string => `${pointer}/${escapePointer(name)}`;

/** Says what a text must look like, and how long it may be: who has it wrong may have both wrong. */
function describeText(
  form: string,
  { parentSchema }: ErrorObject,
): { readonly message: string; readonly hint: string } {
  const { maxLength, description } = (parentSchema ?? {}) as {
    readonly maxLength?: number;
    readonly description?: string;
  };
  const words = describeForm(form);
  if (words === undefined)
    return { message: "does not have the form that is needed", hint: description ?? "Correct it." };
  return maxLength === undefined ? words : { ...words, message: `${words.message}; at most ${maxLength} characters` };
}

/** Only the name that was probably meant is said, never the value. */
function suggest(value: unknown, known: readonly string[]): { readonly hint?: string } {
  const nearest = typeof value === "string" ? nearestName(value, known) : undefined;
  return nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` };
}

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
