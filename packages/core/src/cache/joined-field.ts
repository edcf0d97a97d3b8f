import type { HttpHeaders } from "../ports/http.ts";

/** Reads a header as one field value: repeated fields are one list (RFC 9110 section 5.2). */
export function joined(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}
