// Generated from packages/sdk/schema/connector-v1-short.json by packages/sdk/scripts/generate-types.ts. Do not edit: npm run generate

/** The short form: one URL and one method, or the steps of a composite. It normalises to one action, execute. */
export interface ShortConnector {
  /** Address of this schema; it names the format version. */
  readonly "$schema"?: string;
  /** Name for people; unique in the workspace. */
  readonly name: string;
  /** Name by which widgets call the connector. Default: derived from name. */
  readonly permalink?: string;
  /** What the connector is for. */
  readonly description?: string;
  /** Absolute https URL; path and query take templates, the host get_variable with a literal default. */
  readonly url?: string;
  readonly method?: ShortMethod;
  /** Headers. Default: []. */
  readonly headers?: readonly ShortRow[];
  /** Query parameters. Default: []. */
  readonly query_parameters?: readonly ShortRow[];
  /** Parameters that url names as pathParams.<key>. Default: []. */
  readonly path_parameters?: readonly ShortPathRow[];
  readonly authentication?: ShortAuthentication;
  /** Template of the body; empty = the caller's body. Default: "". */
  readonly request_body?: string;
  /** Template of the answer; empty = the upstream's. Default: "". */
  readonly response_body?: string;
  /** Content type of the answer; empty = the upstream's. Default: "". */
  readonly response_content_type?: string;
  /** Steps of a composite, run in order. */
  readonly steps?: readonly ShortStep[];
  readonly [extension: `x-${string}`]: unknown;
}

/** HTTP method; locked. Default: "GET". */
export type ShortMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** A header or query parameter. */
export interface ShortRow {
  /** Name. */
  readonly key: string;
  /** Template of the value. Default: "". */
  readonly value?: string;
  /** Whether the caller's value wins. Default: false. */
  readonly overridable?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** A path parameter. */
export interface ShortPathRow {
  /** Name. */
  readonly key: string;
  /** Kept for documents that have it; without effect. */
  readonly value?: string;
  /** Kept for documents that have it; without effect. */
  readonly overridable?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** How requests are authenticated. */
export interface ShortAuthentication {
  /** Kind of authentication; apikey is an alias of api_key. */
  readonly type: "none" | "api_key" | "apikey" | "oauth_client_credentials" | "jwt" | "oauth_jwt_bearer";
  readonly config?: ShortAuthenticationConfig;
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of the kind of authentication; every text is a template. */
export interface ShortAuthenticationConfig {
  /** Header or query name (api_key). */
  readonly key?: string;
  /** The credential with its prefix (api_key). */
  readonly value?: string;
  /** Where the key goes (api_key). */
  readonly in?: "header" | "query";
  /** Client id. */
  readonly client_id?: string;
  /** Client secret. */
  readonly client_secret?: string;
  /** Token endpoint. */
  readonly token_url?: string;
  /** Scopes, separated by spaces. */
  readonly scope?: string;
  /** PEM key or HMAC secret. */
  readonly private_key?: string;
  /** Signature algorithm. Default: "RS256". */
  readonly algorithm?: string;
  /** Claims of the token (jwt). */
  readonly claims?: { readonly [name: string]: unknown };
  /** Further header members, such as kid. */
  readonly jwt_headers?: { readonly [name: string]: unknown };
  /** Claim sub (oauth_jwt_bearer). */
  readonly subject?: string;
  /** Claim aud (oauth_jwt_bearer). */
  readonly audience?: string;
  /** Seconds to keep the access token (oauth_jwt_bearer). Default: 3600. */
  readonly token_ttl?: number | string;
  /** Merged over the standard claims (oauth_jwt_bearer). */
  readonly additional_claims?: { readonly [name: string]: unknown };
  readonly [extension: `x-${string}`]: unknown;
}

/** A step of a composite. */
export interface ShortStep {
  /** Name under which later templates read the step. */
  readonly name: string;
  /** Absolute https URL. */
  readonly url: string;
  readonly method?: ShortMethod;
  /** Headers. Default: []. */
  readonly headers?: readonly ShortRow[];
  /** Query parameters. Default: []. */
  readonly query_parameters?: readonly ShortRow[];
  readonly authentication?: ShortAuthentication;
  /** Template of the body. Default: "". */
  readonly request_body?: string;
  /** Template of what the step yields. Default: "". */
  readonly response_body?: string;
  /** Without effect in a step. */
  readonly response_content_type?: string;
  readonly [extension: `x-${string}`]: unknown;
}
