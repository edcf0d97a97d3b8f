import type {
  AuthMethod,
  ConnectorDefinition,
  ErrorRule,
  Pagination,
  RequestSpec,
  ResponseSpec,
  Step,
  TokenReading,
  TokenRequest,
  Trigger,
} from "@junctor/sdk";
import { listCertainNames, listDeclaredNames } from "../definition/declared-names.ts";
import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, type Place, places } from "../templates/places.ts";
import type { SiteOwner, SitePart, TemplateSite } from "./template-site.ts";

/** Where a walk is: what may be read, and by whom. */
interface Scope {
  readonly owner: SiteOwner;
  readonly steps: ReadonlySet<string> | null;
}

/** Takes a value with its place. */
type Emit = (value: unknown, pointer: string, part: SitePart, place: Place, scope: Scope) => void;

const GENERAL = ["user", "workspace", "call"];

/** Places that only triggers, connections and dynamic sources have (definition 2, *Context roots*). */
const own = (name: string, roots: readonly string[], secrets: Place["secrets"] = "refused"): Place =>
  Object.freeze({ name, roots, secrets });

const withoutUser = (place: Place): Place =>
  own(
    place.name,
    place.roots.filter((root) => root !== "user"),
    place.secrets,
  );

/**
 * Lists every string of a definition in which a template may stand, literals included, with the context roots that its
 * place offers. Compile knows the same places by the parts it compiles; this is the whole table, for reading only.
 */
export const listTemplates = (definition: ConnectorDefinition): readonly TemplateSite[] => {
  const sites: TemplateSite[] = [];
  const emit: Emit = (value, pointer, part, place, scope) => {
    if (typeof value === "string") sites.push({ pointer, source: value, part, place, ...scope });
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) emit(item, extendPointer(pointer, index), part, place, scope);
    } else if (typeof value === "object" && value !== null) {
      emitObject(value as Readonly<Record<string, unknown>>, pointer, part, place, scope, emit);
    }
  };
  const connection: Scope = { owner: ownerOf("connection", "", null, null), steps: null };
  emitBaseUrl(definition, emit, connection);
  emitConnection(definition, emit, connection);
  emitDefaults(definition, emit);
  for (const name of Object.keys(definition.actions ?? {})) emitAction(definition, name, emit);
  for (const [name, trigger] of Object.entries(definition.triggers ?? {})) emitTrigger(definition, name, trigger, emit);
  emitDynamic(definition, emit);
  return sites;
};

/** Values of these keys of a repetition see the element. */
const EACH_INNER = ["value", "key", "when"];

const emitObject = (
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  part: SitePart,
  place: Place,
  scope: Scope,
  emit: Emit,
): void => {
  if (!Object.hasOwn(object, "$each")) {
    for (const [name, value] of Object.entries(object)) emit(value, extendPointer(pointer, name), part, place, scope);
    return;
  }
  emit(object.$each, `${pointer}/$each`, part, place, scope);
  const inner = extendPlace(place, [typeof object.as === "string" ? object.as : "item", "index"]);
  for (const name of EACH_INNER) {
    if (object[name] !== undefined) emit(object[name], extendPointer(pointer, name), part, inner, scope);
  }
};

const ownerOf = (
  kind: SiteOwner["kind"],
  name: string,
  input: ReadonlySet<string> | null,
  certainInput: ReadonlySet<string> | null,
): SiteOwner => ({ kind, name, input, certainInput });

const emitBaseUrl = ({ baseUrl }: ConnectorDefinition, emit: Emit, scope: Scope): void => {
  if (typeof baseUrl === "string") emit(baseUrl, "/baseUrl", "baseUrl", places.baseUrl, scope);
  for (const [name, environment] of Object.entries(typeof baseUrl === "object" ? baseUrl : {})) {
    emit(environment.baseUrl, extendPointer("/baseUrl", name, "baseUrl"), "baseUrl", places.baseUrl, scope);
  }
};

const emitConnection = ({ connection }: ConnectorDefinition, emit: Emit, scope: Scope): void => {
  for (const [index, method] of (connection?.auth ?? []).entries()) {
    emitAuthMethod(method, extendPointer("/connection/auth", index), emit, scope);
  }
  emit(connection?.tls, "/connection/tls", "tls", places.tls, scope);
  emit(connection?.test?.input, "/connection/test/input", "setting", own("test", [...GENERAL, "connection"]), scope);
  emit(connection?.test?.label, "/connection/test/label", "setting", own("test", [...GENERAL, "output"]), scope);
};

/** Settings of auth methods that are templates, beside `apply` and those of token requests. */
const AUTH_SETTINGS = [
  "username",
  "password",
  "token",
  "tokenSecret",
  "consumerKey",
  "consumerSecret",
  "realm",
  "value",
  "key",
  "claims",
  "header",
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
  "region",
  "service",
  "clientId",
  "clientSecret",
];
const AUTH_URLS = ["authorizationUrl", "tokenUrl", "refreshUrl", "revocationUrl", "requestTokenUrl", "accessTokenUrl"];

const emitAuthMethod = (method: AuthMethod, pointer: string, emit: Emit, scope: Scope): void => {
  const settings = method as unknown as Readonly<Record<string, unknown>>;
  const readsAnswer = method.type === "oauth2" || method.type === "session";
  for (const name of AUTH_SETTINGS) {
    if (name === "token" && readsAnswer) continue;
    emit(settings[name], extendPointer(pointer, name), "auth", places.auth, scope);
  }
  for (const name of AUTH_URLS) {
    emit(settings[name], extendPointer(pointer, name), "url", own("auth", places.auth.roots), scope);
  }
  const applied = extendPlace(places.auth, method.type === "hmac" ? ["request", "signature"] : ["token"]);
  emit(method.apply, `${pointer}/apply`, "auth", applied, scope);
  if (method.type === "hmac") {
    emit(method.payload, `${pointer}/payload`, "auth", extendPlace(places.auth, ["request"]), scope);
  }
  if (method.type === "session") {
    for (const list of ["login", "refresh"] as const) {
      emitSteps(method[list] ?? [], `${pointer}/${list}`, extendPlace(places.auth, ["oauth", "token"]), emit, scope);
    }
    emitToken(method.token, `${pointer}/token`, emit, scope);
  }
  if (method.type === "oauth2") {
    const request = extendPlace(places.auth, ["oauth"]);
    emit(method.authorizationParameters, `${pointer}/authorizationParameters`, "query", request, scope);
    emit(method.assertion, `${pointer}/assertion`, "auth", request, scope);
    emitTokenRequest(method.tokenRequest, `${pointer}/tokenRequest`, request, emit, scope);
    emitTokenRequest(method.refreshRequest, `${pointer}/refreshRequest`, request, emit, scope);
    emitToken(method.token, `${pointer}/token`, emit, scope);
    const after = extendPlace(places.auth, ["oauth", "token", "response"]);
    emitSteps(method.afterToken ?? [], `${pointer}/afterToken`, after, emit, scope);
  }
};

const emitTokenRequest = (
  request: TokenRequest | undefined,
  pointer: string,
  place: Place,
  emit: Emit,
  scope: Scope,
): void => {
  emit(request?.headers, `${pointer}/headers`, "headers", place, scope);
  emit(request?.query, `${pointer}/query`, "auth", place, scope);
  emit(request?.body, `${pointer}/body`, "body", place, scope);
};

const emitToken = (token: TokenReading | undefined, pointer: string, emit: Emit, scope: Scope): void =>
  emit(token, pointer, "auth", extendPlace(places.auth, ["oauth", "response", "steps"]), scope);

const emitDefaults = ({ defaults }: ConnectorDefinition, emit: Emit): void => {
  const scope: Scope = { owner: ownerOf("defaults", "", null, null), steps: null };
  const roots = ["steps", "item", "cursor", "webhook", "subscription"];
  const request = extendPlace(places.request, roots);
  emit(defaults?.request?.headers, "/defaults/request/headers", "headers", request, scope);
  emitQuery(defaults?.request?.query, "/defaults/request/query", request, emit, scope);
  emitErrors(defaults?.errors, "/defaults/errors", emit, scope);
  emitSettings(defaults ?? {}, "/defaults", emit, scope);
};

/** Timeout, attempts and rate limits, which actions and `defaults` share. */
const emitSettings = (
  settings: { readonly timeout?: string; readonly retry?: object; readonly rateLimits?: readonly object[] },
  pointer: string,
  emit: Emit,
  scope: Scope,
): void => {
  emit(settings.timeout, `${pointer}/timeout`, "setting", places.input, scope);
  const { attempts } = (settings.retry ?? {}) as { readonly attempts?: unknown };
  emit(attempts, `${pointer}/retry/attempts`, "setting", places.input, scope);
  for (const [index, limit] of (settings.rateLimits ?? []).entries()) {
    const { remaining, reset } = limit as { readonly remaining?: unknown; readonly reset?: unknown };
    const at = extendPointer(pointer, "rateLimits", index);
    emit(remaining, `${at}/remaining`, "rateLimit", places.rateLimits, scope);
    emit(reset, `${at}/reset`, "rateLimit", places.rateLimits, scope);
  }
};

const emitAction = (definition: ConnectorDefinition, name: string, emit: Emit): void => {
  const action = definition.actions?.[name];
  if (action === undefined) return;
  const pointer = extendPointer("/actions", name);
  const owner = ownerOf(
    "action",
    name,
    listDeclaredNames(action.input, definition.$defs),
    listCertainNames(action.input, definition.$defs),
  );
  const scope: Scope = { owner, steps: null };
  const key = action.idempotencyKey;
  const [value, at] = typeof key === "object" ? [key.value, "/idempotencyKey/value"] : [key, "/idempotencyKey"];
  emit(value, `${pointer}${at}`, "setting", places.request, scope);
  emitSettings(action, pointer, emit, scope);
  if (action.request !== undefined) emitRequest(action.request, `${pointer}/request`, places.request, emit, scope);
  const steps = action.steps === undefined ? null : new Set(action.steps.map((step) => step.id));
  if (action.steps !== undefined) emitSteps(action.steps, `${pointer}/steps`, places.request, emit, scope);
  const after: Scope = { owner, steps };
  const roots = places.response.roots.filter(
    (root) => (root !== "items" || action.pagination !== undefined) && (root !== "steps" || steps !== null),
  );
  emitResponse(action.response, `${pointer}/response`, own("response", roots), emit, after);
  emitErrors(action.errors, `${pointer}/errors`, emit, after);
  emitPagination(action.pagination, `${pointer}/pagination`, emit, after);
};

const emitRequest = (request: RequestSpec, pointer: string, place: Place, emit: Emit, scope: Scope): void => {
  emit(request.path, `${pointer}/path`, "path", place, scope);
  emit(request.url, `${pointer}/url`, "url", place, scope);
  emitQuery(request.query, `${pointer}/query`, place, emit, scope);
  emit(request.headers, `${pointer}/headers`, "headers", place, scope);
  emit(request.body, `${pointer}/body`, "body", place, scope);
  emit(request.text, `${pointer}/text`, "text", place, scope);
  emit(request.contentType, `${pointer}/contentType`, "contentType", place, scope);
};

/** `style` beside `value` is a word of the format, not a template. */
const emitQuery = (query: unknown, pointer: string, place: Place, emit: Emit, scope: Scope): void => {
  if (typeof query !== "object" || query === null || Object.hasOwn(query, "$each")) {
    emit(query, pointer, "query", place, scope);
    return;
  }
  for (const [name, value] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    const at = extendPointer(pointer, name);
    const isLong =
      typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, "$each");
    if (isLong) emit((value as { readonly value?: unknown }).value, `${at}/value`, "query", place, scope);
    else emit(value, at, "query", place, scope);
  }
};

const emitSteps = (steps: readonly Step[], pointer: string, base: Place, emit: Emit, scope: Scope): void => {
  const done = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const at = extendPointer(pointer, index);
    const inner: Scope = { owner: scope.owner, steps: new Set(done) };
    const item = step.forEach === undefined ? [] : ["item", "index"];
    const before = own("step", [...GENERAL, "input", "connection", "steps", ...item]);
    emit(step.when, `${at}/when`, "condition", before, inner);
    emit(step.forEach, `${at}/forEach`, "setting", before, inner);
    emit(step.repeat?.until, `${at}/repeat/until`, "condition", extendPlace(before, ["response"]), inner);
    if (step.request === undefined) emit(step.input, `${at}/input`, "setting", before, inner);
    else {
      emitRequest(step.request, `${at}/request`, extendPlace(base, ["steps", ...item]), emit, inner);
      const place = own("response", [...places.response.roots.filter((root) => root !== "items"), ...item]);
      emitResponse(step.response, `${at}/response`, place, emit, inner);
      emitErrors(step.errors, `${at}/errors`, emit, inner);
      emit(step.retry?.attempts, `${at}/retry/attempts`, "setting", places.input, inner);
    }
    done.add(step.id);
  }
};

const emitResponse = (
  response: ResponseSpec | undefined,
  pointer: string,
  place: Place,
  emit: Emit,
  scope: Scope,
): void => {
  emit(response?.body, `${pointer}/body`, "response", place, scope);
  emit(response?.text, `${pointer}/text`, "responseText", place, scope);
  emit(response?.contentType, `${pointer}/contentType`, "response", place, scope);
};

const emitErrors = (rules: readonly ErrorRule[] | undefined, pointer: string, emit: Emit, scope: Scope): void => {
  for (const [index, rule] of (rules ?? []).entries()) {
    const at = extendPointer(pointer, index);
    emit(rule.when, `${at}/when`, "condition", places.errors, scope);
    emit(rule.message, `${at}/message`, "message", places.errors, scope);
    emit(rule.after, `${at}/after`, "setting", places.errors, scope);
  }
};

const emitPagination = (pagination: Pagination | undefined, pointer: string, emit: Emit, scope: Scope): void => {
  for (const name of ["items", "next", "more"] as const) {
    emit(pagination?.[name], `${pointer}/${name}`, "pagination", places.pagination, scope);
  }
};

const emitTrigger = (definition: ConnectorDefinition, name: string, trigger: Trigger, emit: Emit): void => {
  const pointer = extendPointer("/triggers", name);
  const owner = ownerOf(
    "trigger",
    name,
    listDeclaredNames(trigger.input, definition.$defs),
    listCertainNames(trigger.input, definition.$defs),
  );
  const scope: Scope = { owner, steps: null };
  const general = ["workspace", "call"];
  const request = withoutUser(places.request);
  const source = trigger.poll === undefined ? [] : ["response"];
  const event = own("event", [...general, "request", "item", "input", "subscription", ...source]);
  for (const part of ["items", "when", "dedupe", "event"] as const) {
    emit(trigger[part], `${pointer}/${part}`, part === "when" ? "condition" : "trigger", event, scope);
  }
  const { poll, webhook } = trigger;
  if (poll !== undefined) {
    const at = `${pointer}/poll`;
    if (poll.request !== undefined) {
      emitRequest(poll.request, `${at}/request`, extendPlace(request, ["cursor"]), emit, scope);
    }
    emitPagination(poll.pagination, `${at}/pagination`, emit, scope);
    emitErrors(poll.errors, `${at}/errors`, emit, scope);
    emit(poll.items, `${at}/items`, "trigger", own("poll", [...general, "response", "input"]), scope);
    const cursor = own("poll", [...general, "items", "response", "cursor", "input"]);
    emit(poll.cursor, `${at}/cursor`, "trigger", cursor, scope);
    emit(poll.initialCursor, `${at}/initialCursor`, "trigger", own("poll", [...general, "input", "connection"]), scope);
  }
  if (webhook === undefined) return;
  const at = `${pointer}/webhook`;
  for (const part of ["subscribe", "renew", "unsubscribe"] as const) {
    const spec = webhook[part]?.request;
    const place = extendPlace(request, ["webhook", "subscription"]);
    if (spec !== undefined) emitRequest(spec, `${at}/${part}/request`, place, emit, scope);
  }
  const answer = own("webhook", [...general, "response", "input", "subscription"]);
  emit(webhook.subscription, `${at}/subscription`, "trigger", answer, scope);
  emit(webhook.expiresAt, `${at}/expiresAt`, "trigger", answer, scope);
  const inbound = own("webhook", [...event.roots, "connection"], "shown");
  emit(webhook.verify, `${at}/verify`, "trigger", inbound, scope);
  emit(webhook.route, `${at}/route`, "trigger", inbound, scope);
  emit(webhook.challenge?.when, `${at}/challenge/when`, "condition", event, scope);
  emit(webhook.challenge?.response, `${at}/challenge/response`, "trigger", event, scope);
  emit(webhook.response, `${at}/response`, "trigger", event, scope);
};

const emitDynamic = ({ dynamic }: ConnectorDefinition, emit: Emit): void => {
  const place = own("dynamic", [...GENERAL, "input", "search", "output", "item"]);
  for (const kind of ["options", "schemas"] as const) {
    for (const [name, source] of Object.entries(dynamic?.[kind] ?? {})) {
      const scope: Scope = { owner: ownerOf("dynamic", name, null, null), steps: null };
      const at = extendPointer("/dynamic", kind, name);
      const parts = source as unknown as Readonly<Record<string, unknown>>;
      for (const part of ["input", "items", "value", "label", "schema"]) {
        emit(parts[part], extendPointer(at, part), "dynamic", place, scope);
      }
    }
  }
};
