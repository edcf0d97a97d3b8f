import type { ClientAuthentication, TokenRequest } from "@junctor/sdk";
import type { AuthSession, AuthTemplates } from "../auth/auth-method.ts";
import { checkHeaderName, writeHeaderValue } from "../compile/compile-headers.ts";
import { SHORT_FORM, writeQueryValue } from "../compile/compile-query.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import type { RenderScope } from "../templates/template-host.ts";
import type { ClientCredentials } from "./client-authentication.ts";
import type { CredentialRequest } from "./credential-exchange.ts";
import { sensitiveValues } from "./scrub.ts";

/**
 * A token request: the standard parameters of the grant, over which the definition's `tokenRequest` or `refreshRequest` is
 * merged member by member. The tolerance for servers that bend the rules is in what may be merged:
 *
 *   method         POST, or GET and PUT; with GET everything travels in the query
 *   contentType    form (RFC 6749), or JSON
 *   headers, query, body   add, replace, or with null remove; a renamed parameter is one removal and one addition
 */
export interface CompiledTokenRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly json: boolean;
  readonly contentType: string;
  readonly headers: Overrides;
  readonly query: Overrides;
  readonly body: Overrides;
  readonly clientAuthentication: ClientAuthentication;
}

/** Members to merge over the standard ones; null removes. */
type Overrides = ReadonlyArray<readonly [name: string, value: CompiledValue | null]>;

const formType = "application/x-www-form-urlencoded";

/** The request of RFC 6749 without changes: for device authorization and revocation. */
export function standardTokenRequest(clientAuthentication: ClientAuthentication): CompiledTokenRequest {
  return { method: "POST", json: false, contentType: formType, headers: [], query: [], body: [], clientAuthentication };
}

/** Compiles `tokenRequest` or `refreshRequest`; absent, it is the standard request. */
export function compileTokenRequest(
  request: TokenRequest | undefined,
  standard: ClientAuthentication,
  templates: AuthTemplates,
  pointer: string,
): CompiledTokenRequest {
  const overrides = (name: "headers" | "query" | "body"): Overrides => {
    const map = request?.[name];
    if (map === undefined) return [];
    if (typeof map === "string") {
      throw new ConnectorError("DEFINITION_INVALID", `The ${name} at ${pointer} must be a map.`, {
        details: [{ pointer: `${pointer}/${name}`, message: "Name each parameter; a whole expression is not merged." }],
      });
    }
    return Object.entries(map).map(([key, value]) => [
      key,
      value === null ? null : templates.value(value as Json, `${pointer}/${name}/${escapePointer(key)}`, ["oauth"]),
    ]);
  };
  const contentType = request?.contentType ?? formType;
  return Object.freeze({
    method: request?.method ?? "POST",
    json: /\bjson\b/i.test(contentType),
    contentType,
    headers: overrides("headers"),
    query: overrides("query"),
    body: overrides("body"),
    clientAuthentication: request?.clientAuthentication ?? standard,
  });
}

/** A request ready to send, with the values that must not appear in a message about it. */
export interface WrittenTokenRequest extends CredentialRequest {
  readonly secrets: readonly string[];
}

/** Writes a token request: standard parameters, client authentication, then the definition's changes. */
export function writeTokenRequest(
  compiled: CompiledTokenRequest,
  url: string,
  standard: ReadonlyArray<readonly [name: string, value: string | undefined]>,
  client: ClientCredentials,
  scope: RenderScope,
  what: string,
): WrittenTokenRequest {
  const body = new Map<string, unknown>();
  for (const [name, value] of [...standard, ...client.parameters]) if (value !== undefined) body.set(name, value);
  merge(body, compiled.body, scope);
  const headers = new Map<string, unknown>([["accept", "application/json"], ...client.headers]);
  merge(headers, compiled.headers, scope, (name) => name.toLowerCase());
  const query = new Map<string, unknown>();
  merge(query, compiled.query, scope);
  const inQuery = compiled.method === "GET";
  if (inQuery) for (const [name, value] of body) if (!query.has(name)) query.set(name, value);
  const hasBody = !inQuery && body.size > 0;
  if (hasBody) headers.set("content-type", compiled.contentType);
  return {
    what,
    method: compiled.method,
    url: addParameters(url, query),
    headers: writeHeaders(headers),
    body: hasBody ? writeBody(body, compiled.json) : null,
    secrets: sensitiveValues([...body, ...headers, ...query]),
  };
}

function merge(
  into: Map<string, unknown>,
  overrides: Overrides,
  scope: RenderScope,
  nameOf: (name: string) => string = (name) => name,
): void {
  for (const [name, value] of overrides) {
    const rendered = value === null ? undefined : renderValue(value, scope);
    if (rendered === undefined || rendered === null) into.delete(nameOf(name));
    else into.set(nameOf(name), rendered);
  }
}

/** Adds query parameters to a URL, encoded, behind those it has. */
export function addParameters(url: string, query: ReadonlyMap<string, unknown>): string {
  const parts = [...query]
    .map(([name, value]) => writeQueryValue(name, value, SHORT_FORM))
    .filter((part) => part !== "");
  if (parts.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${parts.join("&")}`;
}

/** Writes headers as a flat list; refuses names and values that headers cannot have. */
export function writeHeaders(headers: ReadonlyMap<string, unknown>): string[] {
  const flat: string[] = [];
  for (const [name, value] of headers) {
    checkHeaderName(name, "the request's headers");
    const text = writeHeaderValue(name, value);
    if (text !== undefined) flat.push(name, text);
  }
  return flat;
}

function writeBody(body: ReadonlyMap<string, unknown>, json: boolean): string {
  if (json) return JSON.stringify(Object.fromEntries(body));
  return writeForm(body);
}

/** Writes form parameters; a list is a repeated parameter, an object is refused. */
export function writeForm(body: ReadonlyMap<string, unknown>): string {
  const form = new URLSearchParams();
  for (const [name, value] of body) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === null || item === undefined) continue;
      if (typeof item === "object") {
        throw new ConnectorError("VALUE_REFUSED", `The form parameter "${name}" is an object.`, {
          hint: "Write it as text, for instance with tojson, or send JSON.",
        });
      }
      form.append(name, String(item));
    }
  }
  return form.toString();
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Names the host of a URL's source text that templates decide: true if an expression stands before the first path slash. */
export function isHostComputed(source: string): boolean {
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(source)?.[1];
  return host === undefined || host.includes("{");
}

/** Refuses to send the client's secret to a host that neither the author wrote nor the same connection brought its secret for. */
export function requireTokenHost(
  url: string,
  rule: { readonly computed: boolean; readonly ownClient: boolean; readonly allowsHost: AuthTemplates["allowsHost"] },
): void {
  if (!rule.computed || rule.ownClient) return;
  const parsed = URL.parse(url);
  if (parsed !== null && rule.allowsHost(parsed)) return;
  throw new ConnectorError(
    "SECRET_HOST_REFUSED",
    `The client's secret may not go to ${parsed?.host ?? "this address"}.`,
    {
      hint: 'Name the host in the definition\'s "hosts", or let the connection bring its own clientId and clientSecret.',
    },
  );
}

/** Makes one value of a session's rendering: text or undefined. */
export function renderOptionalText(value: CompiledValue | null, scope: RenderScope): string | undefined {
  if (value === null) return undefined;
  const rendered = renderValue(value, scope);
  if (typeof rendered === "string") return rendered === "" ? undefined : rendered;
  return typeof rendered === "number" ? String(rendered) : undefined;
}

/** Binds further values into the session's `connection` root: those of the stored row, and of token answers. */
export function connectionWith(
  session: AuthSession,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = session.scope.context.connection;
  return { ...(known !== null && typeof known === "object" ? (known as Record<string, unknown>) : {}), ...values };
}
