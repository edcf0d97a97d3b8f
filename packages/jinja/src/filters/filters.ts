import { nativeTable } from "../runtime/native.ts";
import { HTML_FILTERS } from "./html-filters.ts";
import { NUMBER_FILTERS } from "./number-filters.ts";
import { SELECTION_FILTERS } from "./selection-filters.ts";
import { SEQUENCE_FILTERS } from "./sequence-filters.ts";
import { TEXT_FILTERS } from "./text-filters.ts";
import { VALUE_FILTERS } from "./value-filters.ts";

/** The built-in filters by name. */
export const FILTERS = nativeTable(
  TEXT_FILTERS,
  SEQUENCE_FILTERS,
  SELECTION_FILTERS,
  NUMBER_FILTERS,
  HTML_FILTERS,
  VALUE_FILTERS,
);
