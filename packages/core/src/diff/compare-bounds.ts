import { type Direction, isEqual, type Report, show } from "./change.ts";

type Keywords = Readonly<Record<string, unknown>>;

/** Bounds below which (1) or above which (-1) values are refused. */
const BOUNDS: Readonly<Record<string, 1 | -1>> = {
  minimum: 1,
  exclusiveMinimum: 1,
  minLength: 1,
  minItems: 1,
  minProperties: 1,
  minContains: 1,
  maximum: -1,
  exclusiveMaximum: -1,
  maxLength: -1,
  maxItems: -1,
  maxProperties: -1,
  maxContains: -1,
};

/** Compares bounds, enumerations, patterns and formats: what a value of a type must be like. */
export const compareBounds = (
  before: Keywords,
  after: Keywords,
  direction: Direction,
  pointer: string,
  report: Report,
): void => {
  const narrower = (keyword: string, message: string): void =>
    report("breaking", `${pointer}/${keyword}`, `${message}, which narrows the ${direction}`);
  const wider = (keyword: string, message: string): void => report("additive", `${pointer}/${keyword}`, message);
  for (const [keyword, sign] of Object.entries(BOUNDS)) {
    const [old, now] = [before[keyword], after[keyword]];
    if (old === now) continue;
    const message = `${keyword} changed from ${show(old)} to ${show(now)}`;
    const tighter = now !== undefined && (old === undefined || (Number(now) - Number(old)) * sign > 0);
    (tighter ? narrower : wider)(keyword, message);
  }
  compareEnumeration(before, after, narrower, wider);
  for (const keyword of ["pattern", "uniqueItems", "contentEncoding", "contentMediaType"]) {
    const [old, now] = [before[keyword] || undefined, after[keyword] || undefined];
    if (isEqual(old, now)) continue;
    (now === undefined ? wider : narrower)(keyword, `${keyword} changed from ${show(old)} to ${show(now)}`);
  }
  compareFormat(before.format, after.format, direction, pointer, report, narrower, wider);
  compareMultiple(before.multipleOf, after.multipleOf, narrower, wider);
};

type Tell = (keyword: string, message: string) => void;

/** `const` is an enumeration of one, `oneOf` of constants one with labels. */
const valuesOf = (schema: Keywords): { readonly keyword: string; readonly values: readonly unknown[] } | undefined => {
  if (schema.const !== undefined) return { keyword: "const", values: [schema.const] };
  if (Array.isArray(schema.enum)) return { keyword: "enum", values: schema.enum };
  const labelled = schema.oneOf as readonly Keywords[] | undefined;
  if (Array.isArray(labelled) && labelled.length > 0 && labelled.every((one) => one.const !== undefined)) {
    return { keyword: "oneOf", values: labelled.map((one) => one.const) };
  }
  return undefined;
};

/** Tells whether `oneOf` is a list of labelled constants, which counts as an enumeration. */
export const isLabelledEnumeration = (schema: Keywords): boolean => valuesOf(schema)?.keyword === "oneOf";

const compareEnumeration = (before: Keywords, after: Keywords, narrower: Tell, wider: Tell): void => {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (old === undefined && now === undefined) return;
  if (now === undefined) {
    wider(old?.keyword ?? "enum", "Any value is allowed now");
    return;
  }
  if (old === undefined) {
    narrower(now.keyword, `Only ${now.values.map(show).join(", ")} is allowed now`);
    return;
  }
  const has = (list: readonly unknown[], value: unknown): boolean => list.some((one) => isEqual(one, value));
  const gone = old.values.filter((value) => !has(now.values, value));
  const added = now.values.filter((value) => !has(old.values, value));
  if (gone.length > 0) narrower(now.keyword, `${gone.map(show).join(", ")} is no longer allowed`);
  if (added.length > 0) wider(now.keyword, `${added.map(show).join(", ")} is allowed now`);
};

/** `binary` makes a text a file, so coming and going are a change of type. Other formats narrow. */
const compareFormat = (
  old: unknown,
  now: unknown,
  direction: Direction,
  pointer: string,
  report: Report,
  narrower: Tell,
  wider: Tell,
): void => {
  if (old === now) return;
  const message = `format changed from ${show(old)} to ${show(now)}`;
  if (old === "binary" || now === "binary")
    report("breaking", `${pointer}/format`, `${message}: the ${direction} is another type`);
  else (now === undefined ? wider : narrower)("format", message);
};

const compareMultiple = (old: unknown, now: unknown, narrower: Tell, wider: Tell): void => {
  if (old === now) return;
  const message = `multipleOf changed from ${show(old)} to ${show(now)}`;
  const looser = now === undefined || (typeof old === "number" && typeof now === "number" && old % now === 0);
  (looser ? wider : narrower)("multipleOf", message);
};
