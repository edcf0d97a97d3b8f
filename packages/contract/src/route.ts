import type { ErrorCode } from "./errors.ts";
import type { Schema } from "./schemas/schema.ts";
import type { Scope } from "./scopes.ts";

/** Who may call a route: everybody, or a key with a scope. There is no default, so a route cannot forget to say. */
export type RouteAccess =
  | { readonly kind: "public" }
  | {
      readonly kind: "key";
      readonly scope: Scope;
      /** Whether whom a policy admits may call it too: pages by their publishable key, users by their token. Default false. */
      readonly alsoPages?: true;
    };

/** What a route takes as its body. */
export interface RouteBody {
  /** Name of a schema of the API's document. */
  readonly schema: string;
  /** Whether the request must have a body. Default true. */
  readonly required?: boolean;
  /** Largest body in bytes, where it differs from the server's limit. */
  readonly maxBytes?: number;
}

/** What a route answers when it succeeds. */
export interface RouteAnswer {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  /** Name of a schema; absent for an empty body or one that is not JSON. */
  readonly schema?: string;
  /** Content type; default `application/json` where there is a schema. */
  readonly contentType?: string;
  /** Further content types that the answer may have, such as an action's text or file. */
  readonly alsoAnyContentType?: boolean;
}

/** One operation of the HTTP API, as data: the server mounts it, the document describes it, clients are typed by it. */
export interface Route {
  /** Unique name, `operationId` in the document. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `{name}` parameters, below the server's base path. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: RouteAccess;
  /** Schema of each path parameter. */
  readonly parameters?: Readonly<Record<string, Schema>>;
  /** Schema of each query parameter; all are optional. */
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: RouteBody;
  readonly answer: RouteAnswer;
  /** Codes that this route may answer beyond {@link commonErrors}. */
  readonly errors?: readonly ErrorCode[];
}

/** Codes that any route may answer. */
export const commonErrors: readonly ErrorCode[] = [
  "REQUEST_INVALID",
  "TOO_MANY_REQUESTS",
  "OVERLOADED",
  "STORE_UNAVAILABLE",
  "SHUTTING_DOWN",
  "INTERNAL",
];

/** Codes that any route with a key may answer. */
export const keyErrors: readonly ErrorCode[] = ["UNAUTHENTICATED", "FORBIDDEN"];

/** Codes that a route which pages and users may call answers beside {@link keyErrors}. */
export const pageErrors: readonly ErrorCode[] = ["ORIGIN_REFUSED", "USER_TOKEN_INVALID"];

/** Codes that any route with a body may answer. */
export const bodyErrors: readonly ErrorCode[] = ["REQUEST_MALFORMED", "REQUEST_TOO_LARGE", "MEDIA_TYPE_UNSUPPORTED"];

/** Lists every code that a route may answer, without repetition. */
export function routeErrors(route: Route): readonly ErrorCode[] {
  return [
    ...new Set([
      ...(route.errors ?? []),
      ...(route.access.kind === "key" ? keyErrors : []),
      ...(route.access.kind === "key" && route.access.alsoPages === true ? pageErrors : []),
      ...(route.body === undefined ? [] : bodyErrors),
      ...commonErrors,
    ]),
  ];
}
