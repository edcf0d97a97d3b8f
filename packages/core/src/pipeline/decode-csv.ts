import { parse } from "csv-parse/sync";
import type { DecodeSettings } from "../compile/compiled-connector.ts";

/** Reads CSV: rows as objects named by the first line, or as lists where it has no such line. */
export function decodeCsv(text: string, settings: DecodeSettings | null): unknown {
  const header = settings?.header ?? true;
  return parse(text, {
    bom: true,
    columns: header ? (names: string[]) => names.map((name) => (name === "__proto__" ? "proto" : name)) : false,
    delimiter: settings?.delimiter ?? ",",
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 1024 * 1024,
  });
}
