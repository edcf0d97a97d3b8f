/** A step of a path into a JSON document: the name of a member, or an index of a list. */
export type Segment = string | number;

/** Writes a path as a JSON pointer (RFC 6901); the empty path is `""`. */
export const toPointer = (path: readonly Segment[]): string =>
  path.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Adds one step to a JSON pointer. */
export const extendPointer = (pointer: string, ...path: readonly Segment[]): string => pointer + toPointer(path);

/** Reads a JSON pointer into its segments, all as text. */
export const readPointer = (pointer: string): readonly string[] =>
  pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));

/** Gives the value at a pointer, `undefined` where there is none; own members only. */
export const valueAt = (document: unknown, pointer: string): unknown => {
  let value = document;
  for (const segment of readPointer(pointer)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
};
