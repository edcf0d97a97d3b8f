/** Algorithms a user token may be signed with. */
export const userTokenAlgorithms = ["HS256", "RS256", "ES256", "EdDSA"] as const;
export type UserTokenAlgorithm = (typeof userTokenAlgorithms)[number];

/** Where the key that checks a signature comes from. */
export type IssuerKey =
  /** Shared secret of HS256, at least 32 bytes of UTF-8. */
  | { readonly kind: "secret"; readonly secret: string }
  /** Public key, PEM (SPKI). */
  | { readonly kind: "publicKey"; readonly pem: string }
  /** JSON Web Key Set (RFC 7517), fetched through the outbound policy. */
  | { readonly kind: "jwks"; readonly url: string };

/** Where a user's properties stand in the token, as JSON pointers; the defaults are OpenID Connect's names. */
export interface ClaimMapping {
  readonly id?: string;
  readonly email?: string;
  readonly name?: string;
  readonly roles?: string;
  readonly groups?: string;
}

/**
 * A host application whose user tokens a workspace accepts. `issuer` and `audience` are compared exactly with `iss` and
 * `aud`; a token must have `exp`, and may not live longer than `maxLifetimeSeconds`.
 */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly UserTokenAlgorithm[];
  readonly key: IssuerKey;
  readonly claims?: ClaimMapping;
  /**
   * Put before the user's id wherever users are told apart, so that two issuers of a workspace may give the same ids. Templates see
   * the id without it. Default: nothing.
   */
  readonly subjectPrefix?: string;
  /** Default 3,600. */
  readonly maxLifetimeSeconds?: number;
}
