import type { HostCallable } from "@junctor/jinja";
import { BASE64_FILTERS } from "./base64-functions.ts";
import { CSV_FILTERS } from "./csv-functions.ts";
import { DIGEST_FILTERS, DIGEST_FUNCTIONS } from "./digest-functions.ts";
import { JSON_FILTERS } from "./json-functions.ts";
import { JWT_FUNCTIONS } from "./jwt-functions.ts";
import { LOOKUP_FILTERS } from "./lookup-functions.ts";
import { MARKUP_FILTERS } from "./markup-functions.ts";
import { TIME_FILTERS, TIME_FUNCTIONS } from "./time-functions.ts";

/** What connector templates offer beside the language itself. */
export interface TemplateFunctions {
  readonly functions: Readonly<Record<string, HostCallable>>;
  readonly filters: Readonly<Record<string, HostCallable>>;
}

/** Lists the host functions and filters of connector templates; all are synchronous and declare their budgets. */
export function createTemplateFunctions(): TemplateFunctions {
  return {
    functions: { ...TIME_FUNCTIONS, ...DIGEST_FUNCTIONS, ...JWT_FUNCTIONS },
    filters: {
      ...JSON_FILTERS,
      ...BASE64_FILTERS,
      ...DIGEST_FILTERS,
      ...TIME_FILTERS,
      ...LOOKUP_FILTERS,
      ...CSV_FILTERS,
      ...MARKUP_FILTERS,
    },
  };
}
