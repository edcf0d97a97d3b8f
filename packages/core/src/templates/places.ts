/**
 * The places of a definition in which templates stand, and the context roots each of them offers (definition 2,
 * *Context roots*). Lint and compile read this one table.
 */

/** How a place treats secrets: kept back until the attempt, shown (rendered in an open scope), or not offered. */
export type SecretRule = "deferred" | "shown" | "refused";

/** One kind of place. */
export interface Place {
  readonly name: string;
  readonly roots: readonly string[];
  readonly secrets: SecretRule;
}

const GENERAL = ["user", "workspace", "call"] as const;

const place = (name: string, roots: readonly string[], secrets: SecretRule = "refused"): Place =>
  Object.freeze({ name, roots: Object.freeze([...roots]), secrets });

const request = [...GENERAL, "input", "connection", "page"];
const response = [...GENERAL, "response", "input", "steps", "items", "connection"];

/** All places by name. Steps, triggers and `dynamic` add their roots through `extendPlace`. */
export const places = Object.freeze({
  baseUrl: place("baseUrl", ["connection", "workspace"]),
  request: place("request", request, "deferred"),
  response: place("response", response),
  errors: place("errors", [...GENERAL, "response", "input", "page", "error", "steps"]),
  pagination: place("pagination", [...GENERAL, "response", "input", "page"]),
  rateLimits: place("rateLimits", [...GENERAL, "response", "input", "page"]),
  static: place("static", []),
  input: place("input", ["input"]),
  auth: place("auth", [...GENERAL, "connection"], "shown"),
  tls: place("tls", ["connection", "workspace"], "shown"),
});

/** Adds roots to a place (`steps`, `item`, `cursor`, `oauth` …). */
export function extendPlace(base: Place, roots: readonly string[], secrets: SecretRule = base.secrets): Place {
  return place(base.name, [...base.roots, ...roots], secrets);
}
