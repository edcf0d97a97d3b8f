/** Longest value of the `X-Path-Params` header. */
export const pathParamsLimit = 4096;

/** Values a path parameter may have: 1–200 unreserved characters (RFC 3986), no `..`, not `.` alone. */
const allowed = /^(?!\.$)(?!.*\.\.)[A-Za-z0-9._~-]{1,200}$/;

/** What is wrong with the path parameters of a widget call; `code` is part of the wire format. */
export type PathParamsProblem =
  | { readonly code: "MISSING_PATH_PARAMETERS"; readonly params: readonly string[] }
  | { readonly code: "INVALID_PATH_PARAMETERS"; readonly params: readonly string[] };

export type PathParams =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: PathParamsProblem };

/**
 * Reads and checks the `X-Path-Params` header, which carries form-urlencoded pairs. Missing names are reported before
 * bad values are looked at; names nobody declared are left out. Of a name that comes twice the first counts.
 */
export function readPathParams(header: string | undefined, declared: readonly string[]): PathParams {
  const given = new URLSearchParams(header !== undefined && header.length <= pathParamsLimit ? header : "");
  const missing = declared.filter((name) => !given.has(name));
  if (missing.length > 0) return { ok: false, problem: { code: "MISSING_PATH_PARAMETERS", params: missing } };
  const values = Object.fromEntries(declared.map((name) => [name, given.get(name) ?? ""]));
  const invalid = declared.filter((name) => !allowed.test(values[name] ?? ""));
  if (invalid.length > 0) return { ok: false, problem: { code: "INVALID_PATH_PARAMETERS", params: invalid } };
  return { ok: true, values };
}
