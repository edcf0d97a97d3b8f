/**
 * How a change of a definition concerns those who use it (definition 12).
 *
 *   breaking     a caller, a connection or a stored event may stop working        major
 *   behavioural  the same calls do something else                                 minor
 *   additive     something new that nobody has to know about                      patch
 *   cosmetic     words, pictures, examples                                        patch
 */
export type DefinitionChangeKind = "breaking" | "behavioural" | "additive" | "cosmetic";

/** A part of a version number. */
export type VersionStep = "major" | "minor" | "patch";

/** One difference between two versions of a definition. */
export interface DefinitionChange {
  readonly kind: DefinitionChangeKind;
  /** JSON pointer into the newer definition; into the older one for what was removed. */
  readonly pointer: string;
  readonly message: string;
}

/** The step that a kind of change asks for at least. */
export const stepOf: Readonly<Record<DefinitionChangeKind, VersionStep>> = Object.freeze({
  breaking: "major",
  behavioural: "minor",
  additive: "patch",
  cosmetic: "patch",
});

/**
 * Which way values travel. What callers send (`input`) must go on being accepted: narrower is breaking. What they get
 * (`output`) must go on being there and being what it was: gone, narrower or of another type is breaking.
 */
export type Direction = "input" | "output";

/** Collects changes. */
export type Report = (kind: DefinitionChangeKind, pointer: string, message: string) => void;

/** Tells whether two JSON values are equal, whatever the order of their members. */
export const isEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => isEqual(left[name], right[name]));
};

/** Shows a value in a message, shortened. */
export const show = (value: unknown): string => {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
