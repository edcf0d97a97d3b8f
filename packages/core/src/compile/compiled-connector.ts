/**
 * What compiling a definition yields: frozen, shared by all calls of that version, and made so that a call parses,
 * compiles and looks up nothing that the version already decides.
 */

import type { Action, AuthMethod, ConnectorDefinition } from "@junctor/sdk";
import type { CacheSettings } from "../cache/cache-types.ts";
import type { JsonObject } from "../ports/records.ts";
import type { CompiledTemplate, CompiledValue, TemplateUses } from "../templates/compiled-value.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type { CompiledFilterRule } from "./compile-filter.ts";
import type { HostRules } from "./host-rules.ts";
import type { InputValidator } from "./input-validator.ts";
import type { OutputFilter } from "./output-filter.ts";

/** A connector version, compiled. Its actions are compiled on first use, behind `action`. */
export interface CompiledConnector {
  readonly name: string;
  readonly version: string;
  /** Digest of the definition: two versions with the same digest behave alike. */
  readonly digest: string;
  readonly title: string;
  /** The normalised definition, for those who describe it (schemas, forms, discovery). Never changed. */
  readonly definition: ConnectorDefinition;
  /** By environment; the connection chooses one. A plain `baseUrl` is the environment `default`. Null: there is none. */
  readonly baseUrls: ReadonlyMap<string, CompiledBaseUrl> | null;
  /** `hosts` of the definition. */
  readonly hosts: HostRules;
  /** Names of `writeOnly` connection parameters, of every auth method. */
  readonly secretParameters: ReadonlySet<string>;
  /** The definition's `connection.auth`, in order. */
  readonly auth: readonly AuthMethod[];
  /** `connection.tls`. */
  readonly tls: CompiledValue | null;
  readonly actionNames: readonly string[];
  /** Compiles further templates of this definition: auth methods, actions on first use. */
  readonly templates: TemplateCompiler;
}

/** One `baseUrl`: parsed once if it is literal, rendered per connection otherwise. */
export interface CompiledBaseUrl {
  readonly environment: string;
  readonly fixed: BaseAddress | null;
  readonly template: CompiledTemplate | null;
  readonly uses: TemplateUses;
  /** Literal values of the environment that join `connection`. */
  readonly values: JsonObject;
}

/** A base URL, taken apart: `origin` without a path, `prefix` without a slash at its end. */
export interface BaseAddress {
  readonly origin: string;
  readonly hostname: string;
  /** With the port, if it is not the scheme's own. */
  readonly host: string;
  readonly prefix: string;
}

/** An action, compiled. `code` is the seam of a later part and refuses to run without it. */
export type CompiledAction = DeclarativeAction | CompositeAction | CodeAction;

/** What every kind of action has. */
export interface ActionCore {
  readonly name: string;
  readonly definition: Action;
  /** Checks the input and fills in defaults. */
  readonly input: InputValidator;
  /** Removes what the output schema does not declare; null where it closes nothing. */
  readonly output: OutputFilter | null;
  readonly timeout: CompiledDuration;
  /** Repeating has no effect beyond the first time: by its method or by its author's word. */
  readonly readOnly: boolean;
  /** Whether any template reads `user`; then anonymous callers are refused. */
  readonly readsUser: boolean;
}

/** Steps that are run in order; see `execute/run-composite.ts`. */
export interface CompositeAction extends ActionCore {
  readonly kind: "composite";
  /** Input, output, timeout, and the templates that belong to no request; it is admitted like an action and sends nothing. */
  readonly frame: DeclarativeAction;
  readonly steps: readonly CompiledStep[];
}

/** One step: a request, which is a declarative action of its own, or another action of the connector. */
export interface CompiledStep {
  readonly id: string;
  readonly when: CompiledValue | null;
  readonly forEach: CompiledValue | null;
  /** Runs of `forEach` at the same time. */
  readonly concurrency: number;
  /** Most elements of `forEach`. */
  readonly max: number;
  /** Neighbouring steps of the same group run at the same time; null: alone. */
  readonly group: string | null;
  readonly timeoutMs: number | null;
  readonly repeat: { readonly until: CompiledValue; readonly everyMs: number; readonly max: number } | null;
  readonly run:
    | { readonly kind: "request"; readonly action: DeclarativeAction }
    | { readonly kind: "action"; readonly name: string; readonly input: CompiledValue | null };
}

export interface CodeAction extends ActionCore {
  readonly kind: "code";
  readonly run: string;
}

/** One request and what happens with its answer. */
export interface DeclarativeAction extends ActionCore {
  readonly kind: "declarative";
  readonly exchange: CompiledExchange;
  readonly rateLimits: readonly CompiledRateLimit[];
  readonly pagination: CompiledPagination | null;
  readonly cache: CacheSettings | null;
  /** The answer may be passed on as it arrives: nothing reads its body, changes it or keeps it. */
  readonly passThrough: boolean;
}

/** Request, answer, errors and retry: what an action and a step of a composite have in common. */
export interface CompiledExchange {
  readonly request: CompiledRequest;
  readonly response: CompiledResponse;
  /** In the order in which they are tried; the built-in ones come after them. */
  readonly errors: readonly CompiledErrorRule[];
  readonly retry: CompiledRetry;
  readonly idempotencyKey: { readonly value: CompiledValue; readonly header: string | null } | null;
  /** Whether a request that may have been acted upon can be sent again. */
  readonly repeatable: boolean;
  /** Which members of `response` its templates read beyond status and body. */
  readonly responseReads: ResponseReads;
  /** Everything its templates read, so that secrets and variables are loaded before rendering. */
  readonly uses: TemplateUses;
}

/** Members of `response` that are made only for templates that read them. */
export interface ResponseReads {
  readonly headers: boolean;
  readonly text: boolean;
  readonly cookies: boolean;
  readonly links: boolean;
  readonly statusCode: boolean;
}

export interface CompiledRequest {
  readonly method: string;
  /** `path` as text with encoded interpolations; null where only `url` is given. */
  readonly path: string | CompiledTemplate | null;
  /** `url`; used where it is defined. */
  readonly url: string | CompiledTemplate | null;
  /** Whether the host of `url` may come from the input or an answer; then it must be one that is declared. */
  readonly hostComputed: boolean;
  /** Whether the host of `url` counts as one of the connector's own, although no list names it. */
  readonly hostDeclared: boolean;
  readonly query: CompiledQuery;
  readonly headers: CompiledHeaders;
  readonly body: CompiledBody | null;
  /** False: no credential. Null: the connection's method. Else the name of a method. */
  readonly auth: false | string | null;
  readonly followRedirects: boolean;
}

/**
 * Headers of a request. `fixed` is ready to send (flat pairs) and is all there is for most requests; `entries` are
 * rendered per call; `whole` is one expression that yields an object, whose members win.
 */
export interface CompiledHeaders {
  readonly fixed: readonly string[];
  readonly entries: readonly CompiledEntry[];
  readonly whole: CompiledValue | null;
  /** Whether a header gives the content type, in place of `contentType`. */
  readonly contentType: boolean;
}

/** Query of a request, in the order of the definition: encoded text (`a=1&b=2`), or an entry to render. */
export interface CompiledQuery {
  readonly parts: readonly (string | CompiledQueryEntry)[];
  readonly whole: CompiledValue | null;
}

export interface CompiledEntry {
  readonly name: string;
  readonly value: CompiledValue;
  readonly pointer: string;
}

export interface CompiledQueryEntry extends CompiledEntry {
  readonly style: QueryStyle;
}

/** OpenAPI 3 `style`, `explode` and `allowReserved` of a query parameter. */
export interface QueryStyle {
  readonly style: "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  readonly explode: boolean;
  readonly allowReserved: boolean;
  /** Whether an object may be written; false in the short form. */
  readonly objects: boolean;
}

/** How a body is written. The content type decided it when the definition was compiled, unless it is a template. */
export interface CompiledBody {
  readonly format: BodyFormat | null;
  readonly contentType: string | CompiledTemplate;
  readonly value: CompiledValue;
  /** Imported: no template shapes the caller's body, so its text goes out as it came. */
  readonly passedOn: boolean;
  readonly pointer: string;
}

export type BodyFormat = "json" | "form" | "multipart" | "xml" | "text" | "binary";

export interface CompiledResponse {
  readonly decode: DecodeSettings | null;
  /** `response.body`; null passes the decoded body on. */
  readonly body: CompiledValue | null;
  readonly text: CompiledTemplate | string | null;
  readonly contentType: string | CompiledTemplate | null;
  /** Upstream errors are answers (`onError: "pass"`). */
  readonly passErrors: boolean;
  /** `response.filter`; null lets everything pass. */
  readonly filter: readonly CompiledFilterRule[] | null;
  /** `binary`: the answer is streamed to the caller, as `contentType` if that is given. */
  readonly binary: boolean;
}

/** `response.decode` in its long form; absent settings follow the answer's content type. */
export interface DecodeSettings {
  readonly type: "json" | "jsonLines" | "csv" | "xml" | "form" | "text" | "binary" | null;
  readonly charset: string | null;
  readonly gzip: boolean;
  readonly delimiter: string;
  readonly header: boolean;
  readonly lists: readonly string[];
  /** Imported templates: text is UTF-8, whatever character set is stated; bytes that are not give None. */
  readonly utf8: boolean;
}

export interface CompiledErrorRule {
  readonly when: CompiledValue | null;
  readonly then: "fail" | "retry" | "reauthenticate" | "ignore";
  readonly code: string | null;
  readonly message: CompiledValue | null;
  readonly after: CompiledValue | null;
  readonly retryable: boolean | null;
  /** Whether the condition reads the body, so that every answer must be decoded first. */
  readonly readsBody: boolean;
  /** Whether `message` or `after` reads the body, so that an error answer must be decoded first. */
  readonly describesBody: boolean;
  readonly pointer: string;
}

export interface CompiledRetry {
  /** Attempts in all, the first included; a template may read `input`. */
  readonly attempts: number | CompiledTemplate;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export interface CompiledRateLimit {
  readonly limit: number;
  readonly windowMs: number;
  readonly scope: "connection" | "connector" | "workspace";
  readonly remaining: CompiledValue | null;
  readonly reset: CompiledValue | null;
  /** Tells limits of one connector apart; equal for equal settings of all its actions. */
  readonly key: string;
}

export interface CompiledPagination {
  readonly items: CompiledValue;
  readonly next: CompiledValue | null;
  readonly more: CompiledValue | null;
  readonly size: number | null;
  readonly maxPages: number;
}

/** A duration in milliseconds, or a template over `input` that yields one (ISO 8601). */
export type CompiledDuration = number | CompiledTemplate;
