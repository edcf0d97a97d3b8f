/**
 * Upstream header fields that must not reach a browser under our origin: they would speak for our host (cookies, CORS,
 * transport and reporting policies), or describe the body as it was packed on its way here.
 */
const withheld: ReadonlySet<string> = new Set([
  "alt-svc",
  "clear-site-data",
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy-report-only",
  "keep-alive",
  "nel",
  "proxy-authenticate",
  "public-key-pins",
  "refresh",
  "report-to",
  "reporting-endpoints",
  "service-worker-allowed",
  "set-cookie",
  "strict-transport-security",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-content-type-options",
  "x-request-id",
]);

/** Whether an upstream's header field may be passed on with a body that is sent anew. Lower-case names. */
export const mayPassOn = (name: string): boolean => !withheld.has(name) && !name.startsWith("access-control-");

/** The same where the body goes out as it came: then its length and coding belong to it. */
export const mayPassThrough = (name: string): boolean =>
  name === "content-length" || name === "content-encoding" || mayPassOn(name);
