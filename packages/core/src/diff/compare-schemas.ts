import type { ConnectorDefinition, Schema } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";
import { type Direction, isEqual, type Report, show } from "./change.ts";
import { compareBounds, isLabelledEnumeration } from "./compare-bounds.ts";

/** Shared schemas of both versions. */
export interface SharedSchemas {
  readonly before: ConnectorDefinition["$defs"];
  readonly after: ConnectorDefinition["$defs"];
}

type Keywords = Readonly<Record<string, unknown>>;

interface Comparison {
  readonly shared: SharedSchemas;
  readonly direction: Direction;
  readonly report: Report;
  /** Pairs of references that are being compared, so that recursive schemas end. */
  readonly open: ReadonlySet<string>;
}

/**
 * Compares two schemas of one place and reports what changed. `closed` says that an object without `additionalProperties`
 * takes no undeclared members, as at the top of inputs and parameters.
 */
export const compareSchemas = (
  before: Schema | undefined,
  after: Schema | undefined,
  pointer: string,
  options: {
    readonly shared: SharedSchemas;
    readonly direction: Direction;
    readonly closed: boolean;
    readonly report: Report;
  },
): void => {
  const { closed, ...comparison } = options;
  compare(before ?? {}, after ?? {}, pointer, { ...comparison, open: new Set() }, closed);
};

const compare = (before: Schema, after: Schema, pointer: string, comparison: Comparison, closed: boolean): void => {
  if (isEqual(before, after) && !hasReference(before)) return;
  if (typeof before === "boolean" || typeof after === "boolean") {
    compareBooleans(before, after, pointer, comparison);
    return;
  }
  const references = `${String(before.$ref)} ${String(after.$ref)}`;
  if (before.$ref !== undefined || after.$ref !== undefined) {
    if (comparison.open.has(references)) return;
    const inner = { ...comparison, open: new Set([...comparison.open, references]) };
    compareObjects(
      resolve(before, comparison.shared.before),
      resolve(after, comparison.shared.after),
      pointer,
      inner,
      closed,
    );
    return;
  }
  compareObjects(before, after, pointer, comparison, closed);
};

/** A schema with a reference is the referenced one with what stands beside the reference. */
const resolve = (schema: Keywords, shared: ConnectorDefinition["$defs"]): Keywords => {
  let current = schema;
  for (let depth = 0; typeof current.$ref === "string" && depth < 20; depth += 1) {
    const { $ref, ...beside } = current;
    const target = shared?.[String($ref).replace(/^#\/\$defs\//, "")];
    current = typeof target === "object" ? { ...(target as Keywords), ...beside } : beside;
  }
  return current;
};

const hasReference = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, "$ref") || Object.values(value).some(hasReference));

const compareBooleans = (before: Schema, after: Schema, pointer: string, { report, direction }: Comparison): void => {
  if (isEqual(before, after)) return;
  if (after === false) report("breaking", pointer, `Nothing is valid here any more`);
  else if (after === true || before === false) report("additive", pointer, "Any value is valid here now");
  else report(direction === "input" ? "breaking" : "additive", pointer, "Not every value is valid here any more");
};

const compareObjects = (
  before: Keywords,
  after: Keywords,
  pointer: string,
  comparison: Comparison,
  closed: boolean,
): void => {
  const { direction, report } = comparison;
  compareTypes(before, after, pointer, comparison);
  compareBounds(before, after, direction, pointer, report);
  compareProperties(before, after, pointer, comparison);
  compareRequired(before, after, pointer, comparison);
  compareOpenness(before, after, pointer, comparison, closed);
  if (before.items !== undefined || after.items !== undefined) {
    compare((before.items ?? {}) as Schema, (after.items ?? {}) as Schema, `${pointer}/items`, comparison, false);
  }
  compareLists(before, after, pointer, comparison);
  compareConditions(before, after, pointer, comparison);
  compareWords(before, after, pointer, comparison);
};

const typesOf = (schema: Keywords): readonly string[] | undefined =>
  schema.type === undefined ? undefined : ([] as unknown[]).concat(schema.type).map(String);

const covers = (types: readonly string[], type: string): boolean =>
  types.includes(type) || (type === "integer" && types.includes("number"));

const compareTypes = (before: Keywords, after: Keywords, pointer: string, { direction, report }: Comparison): void => {
  const [old, now] = [typesOf(before), typesOf(after)];
  if (isEqual(old?.toSorted(), now?.toSorted())) return;
  const message = `type changed from ${show(before.type)} to ${show(after.type)}`;
  const accepts = now === undefined || old?.every((type) => covers(now, type));
  // A consumer of an output must not meet a type that it does not know, so any change of a known type is one too many.
  const breaking = direction === "input" ? !accepts : old !== undefined;
  report(breaking ? "breaking" : "additive", `${pointer}/type`, message);
};

const propertiesOf = (schema: Keywords): Readonly<Record<string, Schema>> =>
  (schema.properties as Readonly<Record<string, Schema>> | undefined) ?? {};

const requiredOf = (schema: Keywords): readonly string[] => (schema.required as readonly string[] | undefined) ?? [];

const hasDefault = (schema: Schema | undefined): boolean => typeof schema === "object" && schema.default !== undefined;

const compareProperties = (before: Keywords, after: Keywords, pointer: string, comparison: Comparison): void => {
  const { direction, report } = comparison;
  const [old, now] = [propertiesOf(before), propertiesOf(after)];
  for (const [name, property] of Object.entries(old)) {
    const at = extendPointer(pointer, "properties", name);
    const next = Object.hasOwn(now, name) ? now[name] : undefined;
    if (next === undefined) report("breaking", at, `${JSON.stringify(name)} was removed from the ${direction}`);
    else compare(property, next, at, comparison, false);
  }
  for (const [name, property] of Object.entries(now)) {
    if (Object.hasOwn(old, name)) continue;
    const demanded = direction === "input" && requiredOf(after).includes(name) && !hasDefault(property);
    const at = extendPointer(pointer, "properties", name);
    if (demanded) report("breaking", at, `${JSON.stringify(name)} is new and required`);
    else report("additive", at, `${JSON.stringify(name)} is new in the ${direction}`);
  }
};

const compareRequired = (
  before: Keywords,
  after: Keywords,
  pointer: string,
  { direction, report }: Comparison,
): void => {
  const [old, now] = [requiredOf(before), requiredOf(after)];
  const [oldProperties, properties] = [propertiesOf(before), propertiesOf(after)];
  const at = `${pointer}/required`;
  for (const name of now) {
    const wasThere = Object.hasOwn(oldProperties, name) || !Object.hasOwn(properties, name);
    if (!wasThere) continue;
    if (!old.includes(name)) {
      const harmless = direction === "output" || hasDefault(properties[name]);
      report(harmless ? "additive" : "breaking", at, `${JSON.stringify(name)} is required now`);
    } else if (direction === "input" && hasDefault(oldProperties[name]) && !hasDefault(properties[name])) {
      report("breaking", at, `${JSON.stringify(name)} is required and lost its default`);
    }
  }
  for (const name of old) {
    if (now.includes(name) || !Object.hasOwn(properties, name)) continue;
    report(
      direction === "output" ? "breaking" : "additive",
      at,
      direction === "output" ? `${JSON.stringify(name)} may be absent now` : `${JSON.stringify(name)} is optional now`,
    );
  }
};

const compareOpenness = (
  before: Keywords,
  after: Keywords,
  pointer: string,
  comparison: Comparison,
  closed: boolean,
): void => {
  const { direction, report } = comparison;
  const fallback = !closed;
  const [old, now] = [
    (before.additionalProperties ?? fallback) as Schema,
    (after.additionalProperties ?? fallback) as Schema,
  ];
  const at = `${pointer}/additionalProperties`;
  if (isEqual(old, now) && !hasReference(old)) return;
  if (typeof old === "object" && typeof now === "object") {
    compare(old, now, at, comparison, false);
    return;
  }
  const tighter = old === true || now === false;
  if (!tighter) {
    const extent = now === true ? "" : "partly ";
    report("additive", at, `Undeclared members are ${extent}allowed in the ${direction} now`);
    return;
  }
  report(
    "breaking",
    at,
    direction === "input" ? "Undeclared members are refused now" : "Undeclared members are removed now",
  );
};

/** `allOf` demands, the others offer; `prefixItems` are places. Branches are compared in their order. */
const compareLists = (before: Keywords, after: Keywords, pointer: string, comparison: Comparison): void => {
  const { direction, report } = comparison;
  for (const keyword of ["allOf", "anyOf", "oneOf", "prefixItems"] as const) {
    if (keyword === "oneOf" && (isLabelledEnumeration(before) || isLabelledEnumeration(after))) continue;
    const old = (before[keyword] as readonly Schema[] | undefined) ?? [];
    const now = (after[keyword] as readonly Schema[] | undefined) ?? [];
    for (let index = 0; index < Math.max(old.length, now.length); index += 1) {
      const at = extendPointer(pointer, keyword, index);
      const [one, other] = [old[index], now[index]];
      if (one !== undefined && other !== undefined) compare(one, other, at, comparison, false);
      else {
        const demands = keyword === "allOf" || (keyword !== "prefixItems" && (old.length === 0 || now.length === 0));
        const added = one === undefined;
        const narrower = demands ? added : !added;
        report(
          narrower ? "breaking" : "additive",
          at,
          `A branch of ${keyword} was ${added ? "added to" : "removed from"} the ${direction}`,
        );
      }
    }
  }
};

/** Keywords whose effect depends on the value: a change cannot be told to be harmless, unless the keyword goes. */
const CONDITIONS = [
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "contains",
  "propertyNames",
  "patternProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
];

const compareConditions = (
  before: Keywords,
  after: Keywords,
  pointer: string,
  { direction, report }: Comparison,
): void => {
  for (const keyword of CONDITIONS) {
    const [old, now] = [before[keyword], after[keyword]];
    if (isEqual(old, now)) continue;
    const gone = now === undefined;
    report(
      gone ? "additive" : "breaking",
      `${pointer}/${keyword}`,
      `The condition ${keyword} of the ${direction} was ${gone ? "removed" : old === undefined ? "added" : "changed"}`,
    );
  }
};

const WORDS = [
  "title",
  "description",
  "examples",
  "deprecated",
  "importance",
  "readOnly",
  "optionsFrom",
  "schemaFrom",
  "$comment",
];

const compareWords = (before: Keywords, after: Keywords, pointer: string, { direction, report }: Comparison): void => {
  if (!isEqual(before.default, after.default)) {
    report(
      "behavioural",
      `${pointer}/default`,
      `default changed from ${show(before.default)} to ${show(after.default)}`,
    );
  }
  if (Boolean(before.writeOnly) !== Boolean(after.writeOnly)) {
    report(
      "behavioural",
      `${pointer}/writeOnly`,
      `This ${direction} is ${after.writeOnly === true ? "a secret now" : "no secret any more"}`,
    );
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names) {
    if (!WORDS.includes(name) && !name.startsWith("x-")) continue;
    if (!isEqual(before[name], after[name])) report("cosmetic", extendPointer(pointer, name), `${name} changed`);
  }
};
