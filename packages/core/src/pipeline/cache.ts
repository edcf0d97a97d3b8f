/**
 * Stage *cache*: answers from what is kept, or has the attempts run and keeps their answer. What is kept is the upstream's
 * answer, cleaned of secrets; *transform* and *filter* run on every hit. A hit fetches no token, signs nothing and spends
 * none of the upstream's quota.
 */
import { hash } from "node:crypto";
import type { CacheAnswer, CacheRequest, StoredResponse } from "../cache/cache-types.ts";
import type { HttpCache } from "../cache/http-cache.ts";
import { isPreference, normalizeField } from "../cache/select-variant.ts";
import { userIdOf } from "../callers/user-id.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Plan } from "../plan/plan.ts";
import type { HttpHeaders } from "../ports/http.ts";
import { openSession } from "./authenticate.ts";
import { enterGates, leaveGates } from "./budget.ts";
import type { CallState } from "./call-state.ts";
import { resourceOf } from "./forget-changed.ts";
import { redirectsTo } from "./redirects.ts";
import { timeLeft } from "./send.ts";
import { describeSendFailure } from "./send-failure.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** Runs the attempts of a state's plan; `state.response` is then the answer. */
type RunAttempts = (state: CallState) => Promise<void>;

/** Fields that belong to one connection, to the body as it was packed, or to one caller. */
const notKept: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Answers the call from the cache where its action allows; waits for nothing when a fresh answer is in memory. */
export function runCached(state: CallState, cache: HttpCache, run: RunAttempts): Promise<void> | undefined {
  const startedAt = performance.now();
  const request = describeCacheRequest(state);
  if (request === null) {
    state.cache = "bypass";
    return run(state);
  }
  const warm = cache.peek(request);
  state.cacheMs += performance.now() - startedAt;
  if (warm === undefined) return fetchThrough(state, cache, request, run);
  adopt(state, warm);
  return undefined;
}

async function fetchThrough(
  state: CallState,
  cache: HttpCache,
  request: CacheRequest,
  run: RunAttempts,
): Promise<void> {
  const answer = await cache.resolve(
    request,
    (conditional, behind) => (behind ? loadBehind(state, conditional, run) : load(state, conditional, run)),
    (others) => whileCalled(state, others),
  );
  adopt(state, answer);
}

/**
 * What others are waiting for anyhow; CALL_CANCELLED as soon as the caller goes away, because a place is not held for
 * nobody, and ACTION_TIMEOUT at the call's own deadline, however long the others have.
 */
async function whileCalled<Value>(state: CallState, others: Promise<Value>): Promise<Value> {
  const { watcher, signal } = state.call;
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const leave = (): void => {
    reject(new ConnectorError("CALL_CANCELLED", "The caller went away before the call was finished."));
  };
  const expire = (): void => {
    reject(new ConnectorError("ACTION_TIMEOUT", "There was no time left to wait for the answer to an identical call."));
  };
  const timer = setTimeout(expire, timeLeft(state));
  others.then(resolve, reject);
  if (watcher !== undefined) watcher.begin({ abort: leave, resume() {} });
  else if (signal?.aborted === true) leave();
  else signal?.addEventListener("abort", leave, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

/** What the cache must know of the planned request; null where it cannot be kept (a streamed body). */
function describeCacheRequest(state: CallState): CacheRequest | null {
  const { action, call } = state;
  const plan = state.plan as Plan;
  const { cache } = action;
  if (cache === null || (plan.body !== null && plan.body.kind !== "text")) return null;
  const ownedByUser = call.caller.user !== undefined && (action.readsUser || state.auth?.readsUser === true);
  const scope = `${call.workspace.id}\n${state.connector.name}\n`;
  const target = plan.target ?? "(secret)";
  const { headers, shaping } = readFields(plan.headers);
  // What shaped the request may hold a secret of the caller's own (a `writeOnly` input), so the key is a digest.
  const shape = [
    scope,
    identityOf(state),
    plan.origin,
    target,
    state.connector.digest,
    action.name,
    plan.method === "HEAD" ? "GET" : plan.method,
    shaping,
    plan.body?.text ?? "",
    ownedByUser ? userIdOf(call.caller) : "",
    plan.deferred === null ? "" : describeDeferred(state),
  ].join("\u0000");
  const key = hash("sha256", shape, "base64url");
  const { freshness } = call;
  if (freshness !== undefined) {
    if (freshness.cacheControl !== undefined) headers["cache-control"] ??= freshness.cacheControl;
    if (freshness.pragma !== undefined) headers.pragma ??= freshness.pragma;
  }
  return new PlannedCacheRequest(
    {
      key,
      scope,
      // A read-only action may use another method: what it answers is kept like the answer to GET.
      method: plan.method === "HEAD" ? "HEAD" : "GET",
      headers,
      ownedByUser,
      settings: cache,
    },
    plan.origin + target,
  );
}

/** A request whose resource is named only when something is kept of it: a hit does without. */
class PlannedCacheRequest implements CacheRequest {
  readonly key: string;
  readonly scope: string;
  readonly method: string;
  readonly headers: CacheRequest["headers"];
  readonly ownedByUser: boolean;
  readonly settings: CacheRequest["settings"];
  readonly #url: string;

  constructor(parts: Omit<CacheRequest, "resource">, url: string) {
    this.key = parts.key;
    this.scope = parts.scope;
    this.method = parts.method;
    this.headers = parts.headers;
    this.ownedByUser = parts.ownedByUser;
    this.settings = parts.settings;
    this.#url = url;
  }

  get resource(): string {
    const [workspaceId = ""] = this.scope.split("\n", 1);
    return resourceOf(workspaceId, this.#url);
  }
}

/** Who asks the upstream. */
function identityOf(state: CallState): string {
  const { auth, connection, tls } = state;
  const credential = auth === null ? "" : `${auth.name} ${auth.identity(openSession(state))}`;
  // A client certificate says who asks, whatever the method says: also where there is none.
  const certificate =
    tls === undefined ? "" : ` tls ${connection?.record.id ?? ""}@${connection?.record.version ?? ""}`;
  return credential + certificate;
}

/** Fields that say what the caller has or accepts of an answer, not which answer: the cache itself goes by them. */
const notShaping: ReadonlySet<string> = new Set([
  "cache-control",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "pragma",
  "range",
]);

/** The fields by lower-case name, and those that shape the answer as one text. */
function readFields(fields: readonly string[]): { readonly headers: Record<string, string>; readonly shaping: string } {
  const headers: Record<string, string> = {};
  let shaping = "";
  for (let index = 0; index < fields.length; index += 2) {
    const name = (fields[index] as string).toLowerCase();
    const value = fields[index + 1] as string;
    headers[name] = value;
    if (!notShaping.has(name)) shaping += `${name}\n${isPreference(name) ? normalizeField(name, value) : value}\n`;
  }
  return { headers, shaping };
}

/** Everything that may have shaped the deferred parts, without a secret: inputs, versions, and who is calling. */
function describeDeferred({ input, page, call, connection, action, context }: CallState): string {
  const secrets = action.exchange.uses.secrets.map(
    (name) => `${name}@${context.secrets.peek(call.workspace.id, name)?.version ?? ""}`,
  );
  const variables = action.exchange.uses.variables.map(
    (name) => context.variables.peek(call.workspace.id, name)?.value,
  );
  const account = connection === null ? "" : `${connection.record.id}@${connection.record.version}`;
  return JSON.stringify([input, page, call.caller.user ?? null, account, secrets, variables]);
}

/** Runs the attempts, with validators where something stale is kept, and collects the answer. */
async function load(
  state: CallState,
  conditional: Readonly<Record<string, string>>,
  run: RunAttempts,
): Promise<StoredResponse> {
  const plan = state.plan as Plan;
  const validators = Object.entries(conditional).flat();
  // Ours stand in for a condition that the caller's own request has.
  if (validators.length > 0) state.plan = { ...plan, headers: [...withoutConditions(plan.headers), ...validators] };
  try {
    await run(state);
  } finally {
    state.plan = plan;
  }
  return collect(state);
}

const withoutConditions = (fields: readonly string[]): readonly string[] =>
  fields.filter((_, index) => !conditions.has((fields[index - (index % 2)] as string).toLowerCase()));
const conditions: ReadonlySet<string> = new Set(["if-modified-since", "if-none-match"]);

/** The same behind an answer that was given already: with a time of its own, and without what ends the caller's call. */
async function loadBehind(
  state: CallState,
  conditional: Readonly<Record<string, string>>,
  run: RunAttempts,
): Promise<StoredResponse> {
  const { signal: _signal, watcher: _watcher, ...call } = state.call;
  const deadline = state.context.clock.now() + (state.deadline - state.startedAt);
  const behind: CallState = { ...state, call, deadline, session: null, request: null, response: null, attempts: 0 };
  const entering = enterGates(behind);
  if (entering !== undefined) await entering;
  try {
    return await load(behind, conditional, run);
  } finally {
    leaveGates(behind);
  }
}

async function collect(state: CallState): Promise<StoredResponse> {
  const response = state.response as UpstreamResponse;
  const { source } = response;
  response.source = null;
  try {
    if (source !== null) response.bytes = await source.bytes();
  } catch (failure) {
    // A 304 may say how long the body is that it does not have (RFC 9110 section 8.6); a transport may miss it.
    if (response.status !== 304) throw describeSendFailure(failure).error;
  }
  const bytes = response.bytes ?? Buffer.from(response.text ?? "");
  // An error that a rule let pass is not what the next caller should get.
  const keep = state.ignored || setsCookie(state, response) ? { keep: false as const } : {};
  const over = redirectsTo(response).map(({ origin, target }) => resourceOf(state.call.workspace.id, origin + target));
  return {
    status: response.status,
    headers: keptHeaders(state, response.headers),
    bytes: clean(state, bytes),
    ...keep,
    ...(over.length > 0 && { over }),
  };
}

/** An answer that sets a cookie was made for one caller, unless its upstream or the connector's author says otherwise. */
function setsCookie({ action }: CallState, { headers }: UpstreamResponse): boolean {
  if (headers["set-cookie"] === undefined || action.cache?.ttlMs !== undefined) return false;
  return !/(?:^|[\s,])(?:public|immutable|s-maxage)\b/i.test([headers["cache-control"] ?? ""].flat().join(","));
}

function keptHeaders({ redaction, plan }: CallState, headers: HttpHeaders): HttpHeaders {
  const kept: Record<string, string | readonly string[]> = {};
  // A field that `Connection` names belongs to the connection too (RFC 9110 section 7.6.1).
  const named = [headers.connection ?? []]
    .flat()
    .join(",")
    .toLowerCase()
    .split(/[\s,]+/);
  // To HEAD the length is what GET would send, and as it is sent, so that of a coded body is not ours (RFC 9110 section 8.6).
  const saysLength = plan?.method === "HEAD" && headers["content-encoding"] === undefined;
  for (const [name, value] of Object.entries(headers)) {
    if ((notKept.has(name) && !(saysLength && name === "content-length")) || named.includes(name)) continue;
    kept[name] = typeof value === "string" ? redaction.clean(value) : value.map((item) => redaction.clean(item));
  }
  return kept;
}

/** A secret that the upstream echoed is not kept. */
function clean({ redaction }: CallState, bytes: Uint8Array): Uint8Array {
  if (redaction.empty) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  // Read as UTF-8, an echo in UTF-16 has a zero after each of its letters.
  const searched = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return redaction.occursIn(searched) ? Buffer.from(redaction.clean(searched)) : bytes;
}

/** Takes over an answer as if it had just come; what the attempts of this very call read is not read again. */
function adopt(state: CallState, { response, outcome }: CacheAnswer): void {
  state.cache = outcome;
  if (outcome === "miss" && state.response?.decoded === true) return;
  if (outcome !== "miss" && outcome !== "bypass") {
    // What the attempts of this call met, and a rule ignored, is not what it answers with.
    state.ignored = false;
    state.failure = null;
  }
  state.response = {
    status: response.status,
    headers: response.headers,
    source: null,
    bytes: response.bytes,
    body: undefined,
    text: null,
    jsonText: null,
    decoded: false,
  };
}
