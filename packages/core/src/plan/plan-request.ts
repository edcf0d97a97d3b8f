import { parseBaseAddress } from "../compile/compile-base-url.ts";
import { bodyFormat } from "../compile/compile-body.ts";
import { checkHeaderName, writeHeaderValue } from "../compile/compile-headers.ts";
import { SHORT_FORM, writeQueryValue } from "../compile/compile-query.ts";
import type { BaseAddress, CompiledBody, CompiledExchange, CompiledRequest } from "../compile/compiled-connector.ts";
import { type HostRules, matchesHost } from "../compile/host-rules.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledTemplate } from "../templates/compiled-value.ts";
import { Deferred } from "../templates/deferred.ts";
import { tidyPath } from "../templates/encode-url.ts";
import { renderTemplate, renderText, renderValue } from "../templates/render-value.ts";
import type { RenderScope } from "../templates/template-host.ts";
import type {
  DeferredBody,
  DeferredHeader,
  DeferredParameter,
  DeferredParts,
  DeferredTarget,
  Plan,
  PlannedBody,
} from "./plan.ts";
import { writeBody } from "./write-body.ts";

/** What a request is planned from beside its definition. Everything in it is data: the same in, the same plan out. */
export interface PlanInput {
  /** Closed: shows no secret. */
  readonly scope: RenderScope;
  /** The connection's base URL; null where the connector has none. */
  readonly base: BaseAddress | null;
  readonly hosts: HostRules;
  /** Separates multipart parts; random per call. */
  readonly boundary: string;
  /** The caller's body as it came, for a request that passes it on. */
  readonly bodyText?: string | undefined;
}

/** Plans one request: renders what can be rendered, keeps back what reads a secret, and sends nothing. */
export function planRequest(exchange: CompiledExchange, input: PlanInput): Plan {
  const { request } = exchange;
  const { scope } = input;
  const address = planAddress(request, input);
  const query = planQuery(request, scope, address.query);
  const headers = planHeaders(exchange, scope);
  const body = planBody(request, input, headers);
  const target = planTarget(address, query);
  const deferred: DeferredParts | null =
    typeof target === "string" && headers.deferred === null && body.deferred === null
      ? null
      : {
          target: typeof target === "string" ? null : target,
          headers: headers.deferred ?? [],
          body: body.deferred,
        };
  return {
    method: request.method,
    origin: address.base.origin,
    hostname: address.base.hostname,
    host: address.base.host,
    target: typeof target === "string" ? target : null,
    headers: headers.pairs,
    body: body.planned,
    credentialHost: address.credentialHost,
    deferred,
  };
}

interface Address {
  readonly base: Pick<BaseAddress, "origin" | "hostname" | "host">;
  readonly prefix: string;
  readonly path: string | Deferred;
  /** Query that a whole URL brought along, without `?`. */
  readonly query: string;
  readonly credentialHost: boolean;
}

function planAddress(request: CompiledRequest, input: PlanInput): Address {
  const url = request.url === null ? undefined : renderUrl(request.url, input.scope);
  if (url !== undefined) return planWholeUrl(url, request, input);
  const { base } = input;
  if (base === null || request.path === null) {
    throw new ConnectorError(
      "VALUE_REFUSED",
      "The request has no URL: its url is undefined and there is no base URL and path.",
      {
        hint: 'Give the connector a "baseUrl", or the action a "path".',
      },
    );
  }
  return {
    base,
    prefix: base.prefix,
    path: renderPath(request.path, input.scope),
    query: "",
    credentialHost: true,
  };
}

function renderUrl(url: string | CompiledTemplate, scope: RenderScope): string | undefined {
  const rendered = typeof url === "string" ? url : renderTemplate(url, scope);
  if (rendered === undefined || rendered === null || rendered === "") return undefined;
  if (typeof rendered === "string") return rendered;
  throw new ConnectorError("VALUE_REFUSED", "The URL of the request is not text, or reads a secret.", {
    hint: "A secret cannot be part of a URL; put it into query or headers.",
  });
}

function planWholeUrl(text: string, request: CompiledRequest, input: PlanInput): Address {
  // A next link may be relative to the base URL (RFC 8288 allows it, and some APIs do it).
  const absolute = /^https?:/i.test(text) || input.base === null ? text : new URL(text, input.base.origin).href;
  const question = absolute.search(/[?#]/);
  const base = parseBaseAddress(question < 0 ? absolute : absolute.slice(0, question), "/request/url");
  const url = URL.parse(absolute);
  if (url === null) throw new ConnectorError("VALUE_REFUSED", "The URL of the request cannot be read.");
  const ownHost = input.base !== null && base.host === input.base.host;
  if (request.hostComputed && !ownHost && !matchesHost(input.hosts, url)) {
    throw new ConnectorError(
      "VALUE_REFUSED",
      `The host ${base.hostname} was computed from data and is not one of the connector's.`,
      {
        hint: `Add "${base.hostname}" to "hosts" if requests may go there.`,
      },
    );
  }
  const credentialHost = ownHost || request.hostDeclared || matchesHost({ ...input.hosts, any: false }, url);
  return { base, prefix: "", path: url.pathname, query: url.search.slice(1), credentialHost };
}

function renderPath(path: string | CompiledTemplate, scope: RenderScope): string | Deferred {
  if (typeof path === "string") return path;
  if (path.secret && !scope.open) return new Deferred(path, scope.locals);
  return tidyPath(renderText(path, scope));
}

type PlannedQuery = string | readonly (string | DeferredParameter)[];

function planQuery(request: CompiledRequest, scope: RenderScope, given: string): PlannedQuery {
  const { parts, whole } = request.query;
  let text = given;
  let mixed: (string | DeferredParameter)[] | null = null;
  const append = (part: string): void => {
    if (part === "") return;
    if (mixed === null) text = text === "" ? part : `${text}&${part}`;
    else mixed.push(part);
  };
  for (const part of parts) {
    if (typeof part === "string") {
      append(part);
      continue;
    }
    const value = renderValue(part.value, scope);
    if (part.value.secret && !scope.open) {
      mixed ??= text === "" ? [] : [text];
      mixed.push({ name: part.name, value, style: part.style });
    } else append(writeQueryValue(part.name, value, part.style));
  }
  if (whole !== null) {
    const rendered = renderWhole(renderValue(whole, scope), "query");
    for (const name of Object.keys(rendered)) append(writeQueryValue(name, rendered[name], SHORT_FORM));
  }
  return mixed ?? text;
}

function planTarget({ prefix, path }: Address, query: PlannedQuery): string | DeferredTarget {
  if (typeof path !== "string" || typeof query !== "string") {
    return { prefix, path, query: typeof query === "string" ? (query === "" ? [] : [query]) : query };
  }
  return joinTarget(prefix + path, query);
}

/** Joins path and query; a path may have brought a query of its own. */
export function joinTarget(path: string, query: string): string {
  if (query === "") return path === "" ? "/" : path;
  return `${path === "" ? "/" : path}${path.includes("?") ? "&" : "?"}${query}`;
}

interface PlannedHeaders {
  /** Shared with the compiled request until something is added. */
  pairs: readonly string[];
  deferred: DeferredHeader[] | null;
}

function planHeaders(exchange: CompiledExchange, scope: RenderScope): PlannedHeaders {
  const { headers } = exchange.request;
  const key = exchange.idempotencyKey;
  if (headers.entries.length === 0 && headers.whole === null && key === null) {
    return { pairs: headers.fixed, deferred: null };
  }
  const pairs = [...headers.fixed];
  let deferred: DeferredHeader[] | null = null;
  const add = (name: string, value: unknown, secret: boolean, pointer?: string): void => {
    if (secret && !scope.open) {
      deferred ??= [];
      deferred.push({ name, value });
      return;
    }
    const text = writeHeaderValue(name, value, pointer);
    if (text !== undefined) pairs.push(name, text);
  };
  for (const { name, value, pointer } of headers.entries) add(name, renderValue(value, scope), value.secret, pointer);
  if (headers.whole !== null) {
    const rendered = renderWhole(renderValue(headers.whole, scope), "headers");
    for (const name of Object.keys(rendered)) {
      checkHeaderName(name, "/request/headers");
      replacePair(pairs, name);
      add(name, rendered[name], false);
    }
  }
  if (key !== null && key.header !== null) add(key.header, renderValue(key.value, scope), key.value.secret);
  return { pairs, deferred };
}

function replacePair(pairs: string[], name: string): void {
  const wanted = name.toLowerCase();
  for (let index = pairs.length - 2; index >= 0; index -= 2) {
    if (pairs[index]?.toLowerCase() === wanted) pairs.splice(index, 2);
  }
}

function renderWhole(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (value instanceof Deferred || typeof value !== "object" || Array.isArray(value)) {
    throw new ConnectorError("VALUE_REFUSED", `The ${what} of the request must be an object that reads no secret.`, {
      hint: "Give parameters that read a secret one by one, by name.",
    });
  }
  return value as Readonly<Record<string, unknown>>;
}

interface BodyParts {
  readonly planned: PlannedBody | null;
  readonly deferred: DeferredBody | null;
}

const NO_BODY: BodyParts = Object.freeze({ planned: null, deferred: null });

function planBody(request: CompiledRequest, input: PlanInput, headers: PlannedHeaders): BodyParts {
  const { body } = request;
  const { scope, boundary, bodyText } = input;
  if (body === null) return NO_BODY;
  const contentType = renderContentType(body, scope);
  const format = body.format ?? bodyFormat(contentType);
  const value = renderValue(body.value, scope);
  if (value === undefined) return NO_BODY;
  if (!request.headers.contentType) {
    const written = format === "multipart" ? `${contentType}; boundary=${boundary}` : contentType;
    headers.pairs = [...headers.pairs, "content-type", written];
  }
  if (body.passedOn && bodyText !== undefined) return { planned: { kind: "text", text: bodyText }, deferred: null };
  if (body.value.secret && !scope.open) return { planned: null, deferred: { format, tree: value } };
  return { planned: writeBody(format, value, body.pointer, boundary), deferred: null };
}

function renderContentType(body: CompiledBody, scope: RenderScope): string {
  if (typeof body.contentType === "string") return body.contentType;
  return writeHeaderValue("content-type", renderTemplate(body.contentType, scope)) ?? "application/octet-stream";
}
