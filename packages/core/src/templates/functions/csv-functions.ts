import { type HostCallable, TemplateError } from "@junctor/jinja";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { describe, readArgument, readText } from "./arguments.ts";

/** Reads CSV (RFC 4180): with a header a list of objects, without one a list of lists. */
const fromCsv: HostCallable = {
  budget: { steps: 200, stepsPer64Bytes: 30, growth: 8 },
  call: ([value, ...args], named) => {
    if (typeof value !== "string")
      throw new TemplateError("TypeError", `from_csv needs a text, not ${describe(value)}`);
    const given = { args, named };
    const header = readArgument(given, 1, "header") ?? true;
    try {
      return parse(value, {
        delimiter: readText(given, 0, "delimiter", ","),
        columns: header === true,
        bom: true,
        skip_empty_lines: true,
        relax_column_count: header !== true,
      }) as unknown;
    } catch (error) {
      throw new TemplateError("ValueError", `from_csv: ${error instanceof Error ? error.message : "invalid CSV"}`);
    }
  },
};

/** Writes a list of objects or lists as CSV (RFC 4180), objects with a header. */
const toCsv: HostCallable = {
  budget: { steps: 200, stepsPer64Bytes: 30, growth: 4 },
  call: ([value, ...args], named) => {
    if (!Array.isArray(value)) throw new TemplateError("TypeError", `to_csv needs a list, not ${describe(value)}`);
    const given = { args, named };
    const header = readArgument(given, 1, "header") ?? !Array.isArray(value[0]);
    return stringify(value as unknown[][], {
      delimiter: readText(given, 0, "delimiter", ","),
      header: header === true,
      record_delimiter: "\r\n",
      cast: { boolean: (flag) => (flag ? "true" : "false") },
    });
  },
};

/** Filters for CSV. */
export const CSV_FILTERS: Readonly<Record<string, HostCallable>> = { from_csv: fromCsv, to_csv: toCsv };
