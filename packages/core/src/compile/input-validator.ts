import type { Json } from "../ports/records.ts";

/** Checks the input of a call against the action's schema. */
export interface InputValidator {
  /** Returns the input with defaults filled in, never changing its argument. Throws INPUT_INVALID with pointers. */
  check(input: Json): Json;
}
