import type { Obj } from "../json-value.ts";

/** A credential that a recorded request carries: where it stands, as a security scheme, without its value. */
export interface FoundCredential {
  readonly name: string;
  readonly scheme: Obj;
}

const secretName =
  /^(?:x[-_])?(?:api[-_]?|app[-_]?|client[-_]?|access[-_]?|auth[-_]?|session[-_]?|user[-_]?|private[-_]?|subscription[-_]?)*(?:key|token|secret|password|passwd|pwd|auth|authorization|credentials?|signature|sig|sid|jwt|session(?:id)?|csrf|xsrf)$|token$|secret|password|apikey|api[-_]key|^x-.*-(key|token|auth)$|signature$|^ocp-apim-subscription-key$/i;

/** Says whether a header, parameter or member of that name holds a credential. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** The security scheme that a header of a recorded request shows; undefined if it is no credential. */
export function credentialOfHeader(name: string, value: string): FoundCredential | undefined {
  const plain = name.toLowerCase();
  if (plain === "authorization") {
    if (/^basic\s/i.test(value)) return { name: "basic", scheme: { type: "http", scheme: "basic" } };
    if (/^bearer\s/i.test(value)) return { name: "bearer", scheme: { type: "http", scheme: "bearer" } };
    if (/^digest\s/i.test(value)) return { name: "digest", scheme: { type: "http", scheme: "digest" } };
    return { name: "authorization", scheme: { type: "apiKey", in: "header", name: "Authorization" } };
  }
  if (plain === "cookie" || plain === "set-cookie" || plain === "proxy-authorization" || !isSecretName(plain))
    return undefined;
  return { name: plain.replaceAll(/[^a-z0-9]+/g, "_"), scheme: { type: "apiKey", in: "header", name } };
}

/** The security scheme that a query parameter of a recorded request shows. */
export const credentialOfQuery = (name: string): FoundCredential | undefined =>
  isSecretName(name)
    ? { name: name.replaceAll(/[^A-Za-z0-9]+/g, "_"), scheme: { type: "apiKey", in: "query", name } }
    : undefined;

const ordinary = new Set([
  "host",
  "connection",
  "content-length",
  "content-type",
  "accept-encoding",
  "content-encoding",
  "user-agent",
  "origin",
  "referer",
  "cookie",
  "pragma",
  "cache-control",
  "upgrade-insecure-requests",
  "te",
  "dnt",
  "priority",
  "if-none-match",
  "if-modified-since",
  "transfer-encoding",
]);

/** Says whether a header belongs to the client that was recorded, not to the API. */
export const isClientHeader = (name: string): boolean => {
  const plain = name.toLowerCase();
  return (
    ordinary.has(plain) ||
    plain.startsWith("sec-") ||
    plain.startsWith(":") ||
    plain.startsWith("x-forwarded-") ||
    plain.startsWith("x-requested-with")
  );
};

/** Values of headers that say nothing about who calls. */
const harmless = new Set(["accept", "accept-language", "content-language", "prefer"]);

/** Says whether the value of a recorded header may be kept as a default. */
export const isHarmlessHeader = (name: string): boolean => harmless.has(name.toLowerCase());
