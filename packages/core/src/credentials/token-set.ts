import { createHash } from "node:crypto";
import type { JsonObject } from "../ports/records.ts";

/**
 * What a connection holds of an authorization: the tokens of one grant or login. It is sealed as one JSON object into
 * `sealedCredential`; times are milliseconds since the epoch.
 */
export interface TokenSet {
  readonly accessToken: string;
  /** Null: the answer brought none, so renewing means asking for a new grant, or a person. */
  readonly refreshToken: string | null;
  /** Null: not known to end; then only the upstream's refusal tells. */
  readonly expiresAt: number | null;
  readonly refreshExpiresAt: number | null;
  /** When the request that brought the tokens was sent. */
  readonly obtainedAt: number;
  /** Values of the answer that join `connection`. */
  readonly values: JsonObject;
  /** Secret of an OAuth 1.0a token; null for everything else. */
  readonly tokenSecret: string | null;
  /** Fencing number of the lease under which it was obtained; a smaller one never replaces a larger one. */
  readonly fence: number;
  /** Fingerprint of the settings it was obtained with; null where a change of settings does not end it. */
  readonly inputs: string | null;
  /** Names the authorization; it stays the same through renewals, so that caches tell accounts apart. */
  readonly grantId: string | null;
}

/** Fills in what a partial token set leaves out: for answers, imports and tests. */
export function makeTokenSet(known: Partial<TokenSet> & { readonly accessToken: string }): TokenSet {
  return Object.freeze({
    refreshToken: null,
    expiresAt: null,
    refreshExpiresAt: null,
    obtainedAt: 0,
    values: {},
    tokenSecret: null,
    fence: 0,
    inputs: null,
    grantId: null,
    ...known,
  });
}

/** Reads a token set from the opened credential; `null` when there is none or it is of another kind. */
export function readTokenSet(credential: JsonObject | null): TokenSet | null {
  if (credential === null || typeof credential.accessToken !== "string") return null;
  const values = credential.values;
  return makeTokenSet({
    accessToken: credential.accessToken,
    refreshToken: textOrNull(credential.refreshToken),
    expiresAt: numberOrNull(credential.expiresAt),
    refreshExpiresAt: numberOrNull(credential.refreshExpiresAt),
    obtainedAt: numberOrNull(credential.obtainedAt) ?? 0,
    values: values !== null && typeof values === "object" && !Array.isArray(values) ? (values as JsonObject) : {},
    tokenSecret: textOrNull(credential.tokenSecret),
    fence: numberOrNull(credential.fence) ?? 0,
    inputs: textOrNull(credential.inputs),
    grantId: textOrNull(credential.grantId),
  });
}

/** Writes a token set as the JSON object that is sealed. */
export function writeTokenSet(tokens: TokenSet): JsonObject {
  return { kind: "tokens", ...tokens };
}

/** Names a grant without revealing it: a hash of what the next refresh would present. */
export function fingerprintGrant(tokens: TokenSet | null): string {
  const grant = tokens === null ? "" : (tokens.refreshToken ?? tokens.accessToken);
  return createHash("sha256").update(grant).digest("base64url").slice(0, 22);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
