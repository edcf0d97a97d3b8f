import type { Evaluate } from "../runtime/frame.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { Range, Tuple } from "../runtime/values.ts";
import type { Compiled } from "./state.ts";

/** Makes a compiled constant. */
export function constant(value: unknown): Compiled {
  const give = (): unknown => value;
  return { evaluate: give, fold: give };
}

/**
 * Adds what can be computed at compile time. Values that a template could change (lists, dicts) are made anew at each run;
 * whatever fails is left to the run, where it fails with its place.
 */
export function withFolding(parts: readonly Compiled[], compute: () => unknown, evaluate: Evaluate): Compiled {
  for (const part of parts) if (part.fold === null) return { evaluate, fold: null };
  try {
    const value = compute();
    if (isImmutable(value)) return constant(value);
    return { evaluate, fold: compute };
  } catch {
    return { evaluate, fold: null };
  }
}

function isImmutable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Tuple) return value.items.every(isImmutable);
  return value instanceof Float || value instanceof Markup || value instanceof Range;
}

const NOT_CONSTANT = { kind: "not constant" };

/** Gives the value of a constant part; throws when the part is not constant. */
export function foldedValue(part: Compiled): unknown {
  // Thrown without a stack, as this is the common case and no error.
  if (part.fold === null) throw NOT_CONSTANT;
  return part.fold();
}
