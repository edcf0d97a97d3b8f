import { Float } from "../runtime/host-values.ts";

/** Gives the native value of a literal. */
export function exportConstant(value: unknown): unknown {
  return value instanceof Float ? value.value : value;
}
