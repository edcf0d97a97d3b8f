import { checkUrl } from "./check-url.ts";
import { describeUrl, EgressError, type EgressErrorCode } from "./errors.ts";
import { flattenHeaders, type RequestHeaders, type ResponseHeaders, type SensitiveNames } from "./message.ts";
import type { EgressPolicy } from "./policy.ts";

/** Asks whether a 3xx may be followed. */
export interface RedirectQuestion {
  readonly method: string;
  readonly url: string | URL;
  readonly headers?: RequestHeaders;
  /** Whether the request has a body, and whether it can be sent again. Default "none". */
  readonly body?: "none" | "replayable" | "stream";
  readonly status: number;
  readonly responseHeaders: ResponseHeaders;
  readonly sensitive?: SensitiveNames;
  /** Lets the body, which may hold credentials, go to another origin. Default false. */
  readonly bodyAcrossOrigins?: boolean;
}

/** Records one hop. URLs have neither credentials nor query. */
export interface RedirectHop {
  readonly status: number;
  readonly from: string;
  readonly to: string;
  readonly originChanged: boolean;
}

/** Holds the request that a redirect asks for, after the rules were applied. */
export interface RedirectStep {
  readonly kind: "follow";
  readonly url: string;
  readonly method: string;
  /** Headers to send: credentials are gone if the origin changed, body headers if the body is dropped. */
  readonly headers: readonly string[];
  readonly keepBody: boolean;
  readonly originChanged: boolean;
  readonly hop: RedirectHop;
}

/** Answers a {@link RedirectQuestion}. */
export type RedirectCheck = RedirectStep | { readonly kind: "refused"; readonly error: EgressError };

const FOLLOWABLE: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CREDENTIAL_HEADERS: readonly string[] = ["authorization", "cookie", "cookie2", "proxy-authorization"];
const BODY_HEADERS: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-type",
  "digest",
  "content-digest",
  "repr-digest",
]);

/** Says whether an answer is a redirect that names where to go. */
export function isRedirect(status: number, headers: ResponseHeaders): boolean {
  return FOLLOWABLE.has(status) && headers.location !== undefined;
}

/**
 * Decides whether a redirect may be followed, and with what request. Sources: RFC 9110 section 15.4, the Fetch standard's
 * HTTP-redirect fetch.
 *
 *     status      POST becomes   other methods       body
 *     303         GET            GET (HEAD stays)    dropped
 *     301, 302    GET            unchanged           dropped with POST, else kept
 *     307, 308    unchanged      unchanged           kept
 *
 * A kept body goes to another origin only if the caller says so. Credentials never do.
 */
export function checkRedirect(question: RedirectQuestion, policy: EgressPolicy): RedirectCheck {
  const from = typeof question.url === "string" ? new URL(question.url) : question.url;
  const location = readLocation(question.responseHeaders);
  if (!FOLLOWABLE.has(question.status) || location === undefined) {
    const hint = "Treat the answer as the result.";
    return refuse(
      "EGRESS_REDIRECT_REFUSED",
      `Status ${question.status} names no single location to follow.`,
      from,
      hint,
    );
  }
  const to = URL.parse(location, from.href);
  if (to === null)
    return refuse(
      "EGRESS_REDIRECT_REFUSED",
      "The location of the redirect is not a URL.",
      from,
      "Tell the owner of the API.",
    );
  const target = checkUrl(to, policy);
  if (target.kind === "refused") {
    const { error } = target;
    const message = `The redirect from ${from.host} is refused. ${error.message}`;
    return { kind: "refused", error: new EgressError(error.code, message, { ...detailsOf(error), sent: true }) };
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    const hint = "Use the address that the API documents, with https.";
    return refuse("EGRESS_REDIRECT_REFUSED", `The redirect leaves HTTPS for ${describeUrl(to)}.`, from, hint);
  }
  const method = nextMethod(question.status, question.method);
  const originChanged = to.origin !== from.origin;
  const keepBody = (question.body ?? "none") !== "none" && method === question.method && question.status !== 303;
  const refused = keepBody ? refuseBody(question, originChanged, from, to) : undefined;
  if (refused !== undefined) return refused;

  if (originChanged) dropQuery(to, question.sensitive?.query);
  to.hash = "";
  const hop = { status: question.status, from: describeUrl(from), to: describeUrl(to), originChanged };
  const headers = keepHeaders(question, { originChanged, dropBody: method !== question.method || !keepBody });
  return { kind: "follow", url: to.href, method, headers, keepBody, originChanged, hop };
}

function nextMethod(status: number, method: string): string {
  if (status === 303) return method === "HEAD" ? "HEAD" : "GET";
  return (status === 301 || status === 302) && method === "POST" ? "GET" : method;
}

/** Header bytes arrive as Latin-1; a location beyond ASCII is UTF-8 in practice. Several different ones can't be followed. */
function readLocation(headers: ResponseHeaders): string | undefined {
  const value = headers.location;
  const all = value === undefined ? [] : typeof value === "string" ? [value] : value;
  const [first] = all;
  if (first === undefined || all.some((other) => other !== first)) return undefined;
  return Buffer.from(first, "latin1").toString("utf8");
}

function refuseBody(question: RedirectQuestion, originChanged: boolean, from: URL, to: URL): RedirectCheck | undefined {
  if (question.body === "stream") {
    const hint = "Send the body as bytes, or call the new address directly.";
    return refuse("EGRESS_REDIRECT_REFUSED", "The redirect asks for the body again, which was a stream.", from, hint);
  }
  if (!originChanged || question.bodyAcrossOrigins === true) return undefined;
  const hint = `Call ${to.origin} directly, or follow the redirect by hand if the body holds no credential.`;
  return refuse(
    "EGRESS_REDIRECT_REFUSED",
    `The redirect asks to send the body to another origin, ${to.origin}.`,
    from,
    hint,
  );
}

function keepHeaders(
  question: RedirectQuestion,
  drop: { readonly originChanged: boolean; readonly dropBody: boolean },
): string[] {
  const credentials = new Set([
    ...CREDENTIAL_HEADERS,
    ...(question.sensitive?.headers ?? []).map((name) => name.toLowerCase()),
  ]);
  const all = flattenHeaders(question.headers);
  return all.filter((_, i) => {
    const name = (all[i & ~1] ?? "").toLowerCase();
    if (drop.originChanged && credentials.has(name)) return false;
    return !(drop.dropBody && BODY_HEADERS.has(name));
  });
}

function dropQuery(url: URL, names: readonly string[] | undefined): void {
  const sensitive = (names ?? []).filter((name) => url.searchParams.has(name));
  for (const name of sensitive) url.searchParams.delete(name);
}

function refuse(code: EgressErrorCode, message: string, from: URL, hint: string): RedirectCheck {
  const error = new EgressError(code, message, { url: describeUrl(from), hostname: from.hostname, hint, sent: true });
  return { kind: "refused", error };
}

function detailsOf(error: EgressError) {
  return {
    ...(error.url !== undefined && { url: error.url }),
    ...(error.hostname !== undefined && { hostname: error.hostname }),
    ...(error.address !== undefined && { address: error.address }),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}
