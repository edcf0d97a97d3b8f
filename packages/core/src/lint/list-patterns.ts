import { extendPointer } from "../definition/json-pointer.ts";
import type { SchemaSite } from "./list-schemas.ts";

/** A regular expression of a schema: the value of `pattern`, or a name under `patternProperties`. */
export interface PatternSite {
  readonly pointer: string;
  readonly pattern: string;
  readonly part: "key" | "value";
}

/** Lists the regular expressions of schemas. */
export const listPatterns = (schemas: readonly SchemaSite[]): readonly PatternSite[] =>
  schemas.flatMap(({ pointer, schema }): PatternSite[] => [
    ...(typeof schema.pattern === "string"
      ? [{ pointer: `${pointer}/pattern`, pattern: schema.pattern, part: "value" as const }]
      : []),
    ...Object.keys((schema.patternProperties as Readonly<Record<string, unknown>> | undefined) ?? {}).map(
      (pattern) => ({
        pointer: extendPointer(pointer, "patternProperties", pattern),
        pattern,
        part: "key" as const,
      }),
    ),
  ]);

/** Says why a pattern is no regular expression; undefined when it is one. */
export const patternError = (pattern: string): string | undefined => {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
  }
};

/**
 * Tells whether an unbounded repetition stands inside another one, as in `(a+)+` or `(\d*,?)*`: the usual cause of
 * exponential time. Knows groups, classes and escapes; a bound such as `{2,5}` counts from ten up.
 */
export const hasNestedRepetition = (pattern: string): boolean => {
  const groups: { repeats: boolean }[] = [{ repeats: false }];
  let closed: { repeats: boolean } | undefined;
  for (let at = 0; at < pattern.length; at += 1) {
    const mark = pattern[at];
    const inner = closed;
    closed = undefined;
    if (mark === "\\") at += 1;
    else if (mark === "[") at = endOfClass(pattern, at);
    else if (mark === "(") groups.push({ repeats: false });
    else if (mark === ")") closed = groups.length > 1 ? groups.pop() : undefined;
    else if (isUnbounded(pattern, at)) {
      if (inner?.repeats === true) return true;
      const group = groups.at(-1);
      if (group !== undefined) group.repeats = true;
    }
    // A group that ended without repetition hands what it holds to the group around it.
    if (inner?.repeats) {
      const group = groups.at(-1);
      if (group !== undefined) group.repeats = true;
    }
  }
  return false;
};

const isUnbounded = (pattern: string, at: number): boolean => {
  const mark = pattern[at];
  if (mark === "*" || mark === "+") return true;
  const bound = mark === "{" ? /^\{\d+,(\d*)\}/.exec(pattern.slice(at)) : null;
  return bound !== null && (bound[1] === "" || Number(bound[1]) >= 10);
};

const endOfClass = (pattern: string, start: number): number => {
  for (let at = start + 1; at < pattern.length; at += 1) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern[at] === "]") return at;
  }
  return pattern.length;
};
