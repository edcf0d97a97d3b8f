import type { RouteAccess } from "../route.ts";
import { connectorName, resourceName, type Schema, text } from "../schemas/schema.ts";
import type { Scope } from "../scopes.ts";

/** Lets a key with the scope call a route. */
export const keyWith = (scope: Scope): RouteAccess => ({ kind: "key", scope });

/** Lets a key with the scope call a route, and the pages and users whom a policy admits. */
export const keyOrPageWith = (scope: Scope): RouteAccess => ({ kind: "key", scope, alsoPages: true });

/** Path parameters that several routes take. */
export const connectorParameter: Schema = connectorName("Name of the connector.");
export const versionParameter: Schema = text("Version of the connector.", { maxLength: 100 });
export const actionParameter: Schema = text("Name of the action.", {
  pattern: "^[A-Za-z][A-Za-z0-9_]*$",
  maxLength: 100,
});
export const idParameter: Schema = text("Id of the resource.", { minLength: 1, maxLength: 100 });
export const nameParameter: Schema = resourceName("Name of the resource.");

/** Query parameters of every paged list. */
export const pageQuery: Readonly<Record<string, Schema>> = {
  limit: { type: "integer", minimum: 1, maximum: 500, default: 50, description: "Most items of one page." },
  cursor: text("`cursor` of the page before."),
};
