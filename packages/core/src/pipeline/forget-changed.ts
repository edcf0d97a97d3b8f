/**
 * Drops what a write outdates (RFC 9111 section 4.4): what is kept of the resource that it changed, and of those of the
 * same origin that the answer names, for every connector of the workspace and every credential.
 *
 *   POST /w ─► 200 ................................. /w           once the call has its answer
 *   POST /w ─► 303 ─► GET /done ─► 404 ............. /w, /done    at the 303: the write is done, whatever /done says
 *   PUT  /w ─► 307 ─► PUT /v/1 ─► 200 .............. /w, /v/1     at the 307, and once the call has its answer
 */
import { hash } from "node:crypto";
import type { HttpCache } from "../cache/http-cache.ts";
import type { HttpHeaders } from "../ports/http.ts";
import { tidyPath } from "../templates/encode-url.ts";
import type { CallState } from "./call-state.ts";
import { redirectsTo } from "./redirects.ts";

const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a method may change what is kept of a resource (RFC 9110 section 9.2.1). */
export const changesThings = (method: string): boolean => !safe.has(method);

/** Names a resource as `workspace ␊ digest of the URL`: a write can name it without knowing who keeps it. */
export const resourceOf = (workspaceId: string, url: string): string =>
  `${workspaceId}\n${hash("sha256", url, "base64url")}`;

/** A URL in its two parts. */
interface Address {
  readonly origin: string;
  readonly target: string;
}

/** Drops what the call's request changed, where its answer is no refusal. */
export function forgetChanged(state: CallState, cache: HttpCache): void {
  const { plan, response } = state;
  if (plan === null || !changesThings(plan.method)) return;
  // What went straight into the sink left its status only.
  const status = response === null && state.passed ? state.upstreamStatus : response?.status;
  if (status == null || status >= 400) return;
  const asked = plan.target === null ? undefined : { origin: plan.origin, target: plan.target };
  if (asked !== undefined) forget(state, cache, asked);
  const redirects = response === null ? NO_HOPS : redirectsTo(response);
  for (const hop of redirects) if (changesThings(hop.method)) forget(state, cache, hop);
  const last = redirects.at(-1) ?? asked;
  if (last !== undefined && response !== null) forgetNamed(state, cache, last, response.headers);
}

const NO_HOPS: ReturnType<typeof redirectsTo> = [];

/** Drops what a request changed that was answered with a redirect. */
export function forgetRedirected(state: CallState, cache: HttpCache, address: Address, headers: HttpHeaders): void {
  forget(state, cache, address);
  forgetNamed(state, cache, address, headers);
}

function forget(state: CallState, cache: HttpCache, { origin, target }: Address): void {
  const { connector, call } = state;
  // In the older contract reading and writing one URL are two connectors. Elsewhere the store is asked only where
  // this connector keeps such a path, or where this process has seen that somebody does.
  const isKept = connector.definition.compat !== undefined || mayBeKept(state, target);
  if (!isKept && cache.isEmpty()) return;
  const resource = resourceOf(call.workspace.id, origin + target);
  (isKept ? cache.invalidate(resource) : cache.invalidateSeen(resource)).catch(() => undefined);
}

/** Drops other resources that an answer says were made or changed, where they are of the same origin. */
function forgetNamed(state: CallState, cache: HttpCache, { origin, target }: Address, headers: HttpHeaders): void {
  // The usual answer names none.
  if (headers.location === undefined && headers["content-location"] === undefined) return;
  const named = new Set<string>();
  for (const name of ["location", "content-location"]) {
    const value = headers[name];
    const url = typeof value === "string" ? URL.parse(value, origin + target) : null;
    if (url !== null && url.origin === new URL(origin).origin) named.add(url.pathname + url.search);
  }
  named.delete(target);
  for (const path of named) forget(state, cache, { origin, target: path });
}

/**
 * Paths whose answers a connector keeps, each as its written pieces, as they are sent, with anything between them; null where one of its
 * actions names a whole URL, so that it may be any.
 */
const keeping = new WeakMap<object, readonly (readonly string[])[] | null>();

/** Whether an action of the connector may have kept an answer of this path: a write elsewhere costs the store nothing. */
function mayBeKept({ connector, base }: CallState, target: string): boolean {
  const { definition } = connector;
  let paths = keeping.get(definition);
  if (paths === undefined) {
    paths = listKeptPaths(definition);
    keeping.set(definition, paths);
  }
  if (paths === null) return true;
  const query = target.indexOf("?");
  const path = target.slice(base?.prefix.length ?? 0, query < 0 ? target.length : query);
  for (const pieces of paths) if (holdsInOrder(path, pieces)) return true;
  return false;
}

function listKeptPaths(definition: CallState["connector"]["definition"]): readonly (readonly string[])[] | null {
  const paths: (readonly string[])[] = [];
  for (const { cache = definition.defaults?.cache, request } of Object.values(definition.actions ?? {})) {
    if (cache === undefined || cache === false || request === undefined) continue;
    if (request.url !== undefined || request.path === undefined) return null;
    paths.push(listPieces(request.path));
  }
  return paths;
}

/** The pieces of a path around its templates, in the form in which they are sent, up to its query. */
function listPieces(path: string): readonly string[] {
  const pieces: string[] = [];
  for (const written of path.split(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/s)) {
    const query = written.indexOf("?");
    const piece = query < 0 ? written : written.slice(0, query);
    // A piece need not begin with a slash. One with half a character in it is never sent, so it may match nothing.
    pieces.push(tidyPath(`/${piece.toWellFormed()}`).slice(1));
    if (query >= 0) break;
  }
  return pieces;
}

/** Whether a text begins with the first piece, ends with the last, and has the others between them, in order. */
function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] as string;
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (let index = 1; index < pieces.length; index++) {
    const piece = pieces[index] as string;
    const found = text.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return text.endsWith(pieces.at(-1) as string);
}
