import type { ErrorObject } from "ajv";
import type { Severity } from "./finding.ts";
import { extendPointer, valueAt } from "./json-pointer.ts";
import { nearestName } from "./nearest-name.ts";
import {
  describePlace,
  listTypes,
  nameHint,
  patternHint,
  patternMessage,
  refusedMember,
  typeName,
} from "./schema-error-words.ts";

/** What the schema check has to say about one place, before it gets a line and a column. */
export interface SchemaComplaint {
  readonly rule: string;
  readonly severity: Severity;
  readonly pointer: string;
  /** Whether the position is that of the member's name or of its value. */
  readonly part: "key" | "value";
  readonly message: string;
  readonly hint?: string;
  /** The name that was probably meant, for an unknown key. */
  readonly nearest?: string;
}

/**
 * Turns errors of the JSON Schema validator into complaints in plain words: one per place, without the noise of branches
 * that were never meant. `schema` is the one that was validated against; it gives the names that a place knows.
 */
export const explainSchemaErrors = (
  errors: readonly ErrorObject[],
  document: unknown,
  schema: unknown,
): readonly SchemaComplaint[] => {
  const complaints: SchemaComplaint[] = [];
  const seen = new Set<string>();
  for (const error of withoutStrayBranches(errors)) {
    const complaint = explain(error, document, schema);
    if (complaint === undefined) continue;
    const key = `${complaint.rule} ${complaint.pointer} ${complaint.message}`;
    if (seen.has(key)) continue;
    seen.add(key);
    complaints.push(complaint);
  }
  return complaints;
};

/** Keywords that only say that something inside them failed. */
const WRAPPERS: ReadonlySet<string> = new Set(["if", "allOf"]);

/** A branch that fails by one of these at the value itself was not meant for such a value. */
const MISMATCHES: ReadonlySet<string> = new Set(["type", "const", "enum", "pattern"]);

/**
 * Drops what branches of anyOf and oneOf say that the value was not meant for. If a branch got past the value itself, its
 * complaints stay and the union's goes. If none did, the union's stays; but where the type was right and only the text
 * wrong, the branch says it better.
 */
const withoutStrayBranches = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  let kept = errors.filter(
    // What fails inside propertyNames is reported by the keyword itself, with the name.
    (error) => !WRAPPERS.has(error.keyword) && (error.propertyName === undefined || error.keyword === "propertyNames"),
  );
  for (const union of kept.filter((error) => error.keyword === "anyOf" || error.keyword === "oneOf")) {
    if (branchesAreRequirements(union)) {
      kept = kept.filter((error) => error === union || !error.schemaPath.startsWith(`${union.schemaPath}/`));
      continue;
    }
    const isMismatch = (error: ErrorObject): boolean =>
      error.instancePath === union.instancePath && MISMATCHES.has(error.keyword);
    const isInside = (error: ErrorObject): boolean =>
      error !== union &&
      !isMismatch(error) &&
      (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`));
    if (kept.some(isInside)) {
      kept = kept.filter((error) => error !== union && !isMismatch(error));
      continue;
    }
    const better = kept.find((error) => isMismatch(error) && (error.keyword === "pattern" || error.keyword === "enum"));
    kept = kept.filter(
      (error) => error === better || !(isMismatch(error) || (better !== undefined && error === union)),
    );
  }
  return kept;
};

/** `anyOf: [{ required: [a] }, { required: [b] }]` says that one of several members is needed. */
const branchesAreRequirements = (union: ErrorObject): boolean =>
  Array.isArray(union.schema) &&
  union.schema.every(
    (branch: unknown) => typeof branch === "object" && branch !== null && "required" in branch && !("type" in branch),
  );

const names = (list: readonly string[]): string => list.map((name) => JSON.stringify(name)).join(", ");

const explain = (error: ErrorObject, document: unknown, schema: unknown): SchemaComplaint | undefined => {
  const pointer = error.instancePath;
  const at = (part: "key" | "value", message: string, hint?: string): SchemaComplaint => ({
    rule: `schema/${RULES[error.keyword] ?? "invalid"}`,
    severity: "error",
    pointer,
    part,
    message,
    ...(hint === undefined ? {} : { hint }),
  });
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      // A member whose own value is wrong counts as unevaluated too; its own complaint is enough.
      return knownKeys(error.parentSchema, schema).has(key) ? undefined : unknownKey(error, key, schema, document);
    }
    case "required": {
      const missing = String(params.missingProperty);
      // The discriminator complains about its own member.
      if ((error.parentSchema as { readonly discriminator?: unknown }).discriminator !== undefined) return undefined;
      // Where others exclude it, it is one of several that would do: an action's request, steps and run.
      const choices = [...excludedKeys(error.parentSchema), missing];
      const list = choices.map((name) => JSON.stringify(name)).join(" or ");
      return choices.length === 1
        ? at("value", `${describePlace(pointer)} has no ${list}`, `Add ${list}`)
        : at("value", `${describePlace(pointer)} needs ${list}`, `Add ${list}`);
    }
    case "dependentRequired":
      return at(
        "value",
        `${JSON.stringify(params.property)} needs ${JSON.stringify(params.missingProperty)} beside it`,
        `Add ${JSON.stringify(params.missingProperty)}`,
      );
    case "type":
      return at("value", `This must be ${listTypes(params.type)}, not ${typeName(valueAt(document, pointer))}`);
    case "enum": {
      const allowed = (params.allowedValues as readonly unknown[]).map((value) => JSON.stringify(value));
      const value = valueAt(document, pointer);
      const near =
        typeof value === "string"
          ? nearestName(value, (params.allowedValues as readonly unknown[]).map(String))
          : undefined;
      return at(
        "value",
        `This must be one of ${allowed.join(", ")}`,
        near === undefined ? undefined : `Did you mean ${JSON.stringify(near)}?`,
      );
    }
    case "const":
      return at("value", `This must be ${JSON.stringify(params.allowedValue)}`);
    case "pattern":
      return at("value", patternMessage(error), patternHint(error));
    case "propertyNames":
      return {
        ...at("key", `${JSON.stringify(params.propertyName)} cannot be a name here`, nameHint(pointer)),
        pointer: extendPointer(pointer, String(params.propertyName)),
      };
    case "false schema":
      return at("key", refusedMember(pointer), "Keep one of them");
    case "discriminator": {
      const tag = String(params.tag);
      const value = params.tagValue;
      const known = discriminatorValues(error.parentSchema, schema);
      const near = typeof value === "string" ? nearestName(value, known) : undefined;
      const message =
        value === undefined
          ? `${describePlace(pointer)} has no ${JSON.stringify(tag)}`
          : `There is no ${tag} ${JSON.stringify(value)}; known are ${names(known)}`;
      const place = value === undefined ? pointer : extendPointer(pointer, tag);
      return {
        ...at("value", message, near === undefined ? undefined : `Did you mean ${JSON.stringify(near)}?`),
        pointer: place,
      };
    }
    case "anyOf":
    case "oneOf":
      return explainUnion(error, at);
    case "format":
      return at("value", `This is not a valid ${String(params.format)}`);
    default:
      return at("value", `This ${error.message ?? "is not valid"}`);
  }
};

const RULES: Readonly<Record<string, string>> = {
  additionalProperties: "unknown-key",
  unevaluatedProperties: "unknown-key",
  required: "missing-key",
  dependentRequired: "missing-key",
  type: "wrong-type",
  enum: "unknown-value",
  const: "unknown-value",
  discriminator: "unknown-value",
  pattern: "wrong-form",
  format: "wrong-form",
  propertyNames: "wrong-name",
  "false schema": "excluded-key",
  anyOf: "no-alternative",
  oneOf: "no-alternative",
};

const unknownKey = (error: ErrorObject, key: string, schema: unknown, document: unknown): SchemaComplaint => {
  const known = knownKeys(error.parentSchema, schema);
  const present = valueAt(document, error.instancePath);
  const free = [...known].filter(
    (name) => typeof present !== "object" || present === null || !Object.hasOwn(present, name),
  );
  const nearest = nearestName(key, [...free, ...excludedKeys(error.parentSchema)]);
  return {
    rule: "schema/unknown-key",
    severity: "error",
    pointer: extendPointer(error.instancePath, key),
    part: "key",
    message: `There is no ${JSON.stringify(key)} here${nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`}`,
    hint:
      nearest === undefined
        ? `Known keys: ${[...known].join(", ")}. Your own data goes under a name that begins with x-`
        : `Rename it to ${JSON.stringify(nearest)}`,
    ...(nearest === undefined ? {} : { nearest }),
  };
};

interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

/** Collects the members that an object may have, through `allOf` and references. */
const knownKeys = (node: unknown, root: unknown): ReadonlySet<string> => {
  const keys = new Set<string>();
  const collect = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { $ref, properties, allOf } = part as SchemaNode;
    if ($ref?.startsWith("#/")) collect(valueAt(root, $ref.slice(1)));
    for (const [name, property] of Object.entries(properties ?? {})) if (property !== false) keys.add(name);
    for (const each of allOf ?? []) collect(each);
  };
  collect(node);
  return keys;
};

/** Lists the members that a branch rules out because another branch has them. */
const excludedKeys = (node: unknown): readonly string[] =>
  Object.entries((node as SchemaNode | undefined)?.properties ?? {}).flatMap(([name, property]) =>
    property === false && name !== "input" ? [name] : [],
  );

const discriminatorValues = (node: unknown, root: unknown): readonly string[] =>
  ((node as SchemaNode | undefined)?.oneOf ?? []).flatMap((branch) => {
    const target = valueAt(root, ((branch as SchemaNode).$ref ?? "#").slice(1)) as SchemaNode | undefined;
    const constant = (target?.properties?.type as { readonly const?: string } | undefined)?.const;
    return constant === undefined ? [] : [constant];
  });

const explainUnion = (
  error: ErrorObject,
  at: (part: "key" | "value", message: string, hint?: string) => SchemaComplaint,
): SchemaComplaint => {
  const branches = (Array.isArray(error.schema) ? error.schema : []) as readonly {
    readonly required?: readonly string[];
    readonly type?: string | readonly string[];
    readonly $ref?: string;
  }[];
  const required = branches.flatMap((branch) => branch.required ?? []);
  if (required.length > 0 && branchesAreRequirements(error)) {
    const several = error.keyword === "oneOf" && error.params.passingSchemas !== null;
    const list = required.map((name) => JSON.stringify(name)).join(" or ");
    return several
      ? at(
          "value",
          `${describePlace(error.instancePath)} has more than one of ${names(required)}`,
          `Keep one of ${names(required)}`,
        )
      : at("value", `${describePlace(error.instancePath)} needs ${list}`, `Add ${list}`);
  }
  return at("value", "This value has none of the forms that are allowed here", "See the reference of this key");
};
