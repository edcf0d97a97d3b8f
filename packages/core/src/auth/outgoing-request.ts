import type { HttpBody } from "../ports/http.ts";

/**
 * Is one request as it is about to leave: body rendered, nothing deferred. An auth method changes it in place; it is
 * made anew for each attempt, so whatever is added is gone with the attempt.
 */
export interface OutgoingRequest {
  readonly method: string;
  /** Absolute and encoded. */
  url: string;
  /** Flat `[name, value, …]`; change it through {@link setHeader}. */
  readonly headers: string[];
  readonly body: HttpBody;
  /** Names of what is a credential, lower case, so that it is dropped when a redirect leaves the origin. */
  readonly sensitiveHeaders: string[];
  readonly sensitiveQuery: string[];
}

/** Sets a header, replacing those of the same name; `sensitive` marks it as a credential. */
export function setHeader(request: OutgoingRequest, name: string, value: string, sensitive = true): void {
  const { headers } = request;
  const wanted = name.toLowerCase();
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    const present = headers[index];
    if (present !== undefined && present.length === wanted.length && present.toLowerCase() === wanted) {
      headers.splice(index, 2);
    }
  }
  headers.push(name, value);
  if (sensitive) request.sensitiveHeaders.push(wanted);
}

/** Reads the first header of that name, in any case. */
export function readHeader(request: OutgoingRequest, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let index = 0; index < request.headers.length; index += 2) {
    if (request.headers[index]?.toLowerCase() === wanted) return request.headers[index + 1];
  }
  return undefined;
}

/** Adds a query parameter behind those that are there, percent-encoded; `sensitive` marks it as a credential. */
export function addQuery(request: OutgoingRequest, name: string, value: string, sensitive = true): void {
  const fragment = request.url.indexOf("#");
  const url = fragment < 0 ? request.url : request.url.slice(0, fragment);
  const separator = url.includes("?") ? "&" : "?";
  request.url = `${url}${separator}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  if (sensitive) request.sensitiveQuery.push(name);
}
