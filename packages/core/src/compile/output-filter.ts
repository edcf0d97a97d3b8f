import type { Json } from "../ports/records.ts";

/** Removes what an output schema with `additionalProperties: false` does not declare (definition 1, *Schemas*). */
export interface OutputFilter {
  apply(value: Json): Json;
}
