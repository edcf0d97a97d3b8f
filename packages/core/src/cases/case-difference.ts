import { extendPointer } from "../definition/json-pointer.ts";
import { isEqual } from "../diff/change.ts";

/** One place in which a case came out differently. */
export interface CaseDifference {
  /** What was compared: `request`, `output` or `error`, then a JSON pointer into it; requests of several are numbered. */
  readonly place: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Lists the innermost places in which two JSON values differ. */
export const compareValues = (place: string, expected: unknown, actual: unknown): readonly CaseDifference[] => {
  if (isEqual(expected, actual)) return [];
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return [{ place, expected, actual }];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => compareValues(extendPointer(place, name), expected[name], actual[name]));
};

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
