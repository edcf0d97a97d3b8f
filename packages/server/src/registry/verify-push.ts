import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What of a push request carries its proof. */
export type PushHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a push webhook was sent by somebody who knows the repository's webhook secret: GitHub and Gitea sign the raw
 * body (`X-Hub-Signature-256: sha256=…`, `X-Gitea-Signature: …`, HMAC-SHA-256 in hex), GitLab sends the secret itself
 * (`X-Gitlab-Token`). Compared in constant time; a request without any of them is refused, and so is every request when there
 * is no secret, after the same work.
 */
export function isGenuinePush(headers: PushHeaders, rawBody: Uint8Array, secret: string | undefined): boolean {
  const known = secret !== undefined && secret !== "";
  return isProvenBy(known ? secret : stranger, headers, rawBody) && known;
}

/** What a request is compared with where there is no secret; nobody knows it. */
const stranger = randomBytes(32).toString("hex");

function isProvenBy(secret: string, headers: PushHeaders, rawBody: Uint8Array): boolean {
  const signature = read(headers, "x-hub-signature-256")?.replace(/^sha256=/, "") ?? read(headers, "x-gitea-signature");
  if (signature !== undefined)
    return isEqual(signature.toLowerCase(), createHmac("sha256", secret).update(rawBody).digest("hex"));
  const token = read(headers, "x-gitlab-token");
  return token !== undefined && isEqual(token, secret);
}

/** Branch that a push event names, without `refs/heads/`; undefined when the body names none. */
export function readPushedBranch(body: unknown): string | undefined {
  const ref = typeof body === "object" && body !== null && "ref" in body ? body.ref : undefined;
  return typeof ref === "string" && ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
}

function read(headers: PushHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Compares digests of both, so that neither content nor length is told by the time it takes. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
