import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Caller } from "../execute/call.ts";
import type { HttpPort } from "../ports/http.ts";
import type { JsonObject } from "../ports/records.ts";
import type { Clock } from "../ports/sources.ts";
import { IssuerFault } from "./issuer-fault.ts";
import { createKeySets, lacksKey } from "./key-sets.ts";
import type { ClaimMapping, TrustedIssuer } from "./trusted-issuer.ts";

export type TokenUser = NonNullable<Caller["user"]>;

/** Checks user tokens; keeps key sets for a while and remembers tokens it has checked until they end. */
export interface UserTokenVerifier {
  /**
   * Checks signature, issuer, audience, times and lifetime, and returns the user.
   * Fails with USER_TOKEN_INVALID, whose hint says what the host application must change; with IssuerFault where the workspace must.
   */
  verify(token: string, issuer: TrustedIssuer): Promise<TokenUser>;
  /** Forgets every key set and every checked token, after an issuer changed. */
  forget(): void;
}

/** Seconds by which clocks may differ. */
const clockTolerance = 30;
const rememberedTokens = 10_000;
const maxTokenLength = 8_192;

/** Creates a verifier; the key sets of issuers are fetched through `http` only. */
export function createUserTokenVerifier(ports: {
  readonly http: HttpPort;
  readonly clock: Pick<Clock, "now">;
}): UserTokenVerifier {
  const { clock } = ports;
  const keySets = createKeySets(ports);
  const publicKeys = new Map<string, KeyObject>();
  const remembered = new Map<string, { readonly user: TokenUser; readonly until: number }>();

  const readKeySet = <Keys>(url: string, read: () => Promise<Keys>): Promise<Keys> =>
    read().catch((cause: unknown) => {
      // What follows the path may be a credential, and the message is logged.
      throw new IssuerFault(`The key set ${url.replace(/[?#].*$|(?<=:\/\/)[^/@]*@/gs, "")} could not be read.`, {
        hint: "Check the issuer's JWKS URL and the outbound policy.",
        cause,
      });
    });

  const readPublicKey = (pem: string): KeyObject => {
    const key = publicKeys.get(pem) ?? createPublicKey(pem);
    publicKeys.set(pem, key);
    return key;
  };

  const check = async (token: string, issuer: TrustedIssuer): Promise<JWTPayload> => {
    const options = {
      issuer: issuer.issuer,
      audience: issuer.audience,
      // A shared secret checks HS256 and a public key never does: otherwise the public key could be used as the secret.
      algorithms: issuer.algorithms.filter((algorithm) => (algorithm === "HS256") === (issuer.key.kind === "secret")),
      clockTolerance,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp"],
    };
    if (issuer.key.kind === "secret") {
      return (await jwtVerify(token, new TextEncoder().encode(issuer.key.secret), options)).payload;
    }
    if (issuer.key.kind === "publicKey")
      return (await jwtVerify(token, readPublicKey(issuer.key.pem), options)).payload;
    const { url } = issuer.key;
    const verify = async (keys: JWTVerifyGetKey) => (await jwtVerify(token, keys, options)).payload;
    const keys = await readKeySet(url, () => keySets.read(url));
    try {
      return await verify(keys);
    } catch (error) {
      if (!lacksKey(error)) throw error;
      const renewed = await readKeySet(url, () => keySets.readAnew(url, keys));
      if (renewed === undefined) throw error;
      const payload = await verify(renewed);
      keySets.settle(url);
      return payload;
    }
  };

  return {
    async verify(token, issuer) {
      if (token.length > maxTokenLength)
        throw refuse("The user token is too long.", `At most ${maxTokenLength} characters.`);
      // All of the issuer's settings belong to the id: another workspace may trust the same `iss` by a key of its own.
      const id = createHash("sha256")
        .update(JSON.stringify([describeIssuer(issuer), token]))
        .digest("base64url");
      const known = remembered.get(id);
      if (known !== undefined && known.until > clock.now()) return known.user;
      let payload: JWTPayload;
      try {
        payload = await check(token, issuer);
      } catch (error) {
        throw error instanceof ConnectorError ? error : explain(error);
      }
      checkLifetime(payload, issuer, clock.now());
      const user = readUser(payload, issuer.claims ?? {});
      if (remembered.size >= rememberedTokens) remembered.delete(remembered.keys().next().value ?? "");
      remembered.set(id, { user, until: (payload.exp ?? 0) * 1_000 });
      return user;
    },
    forget() {
      keySets.forget();
      publicKeys.clear();
      remembered.clear();
    },
  };
}

/** What decides whether a token is good and who its user is; nothing else of an issuer's record. */
const describeIssuer = ({ issuer, audience, algorithms, key, claims, maxLifetimeSeconds }: TrustedIssuer) => [
  issuer,
  audience,
  algorithms,
  key,
  claims,
  maxLifetimeSeconds,
];

const refuse = (message: string, hint: string, cause?: unknown): ConnectorError =>
  new ConnectorError("USER_TOKEN_INVALID", message, { hint, cause });

function explain(error: unknown): ConnectorError {
  if (error instanceof errors.JWTExpired)
    return refuse("The user token has ended.", "Sign a new one and repeat the call.", error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refuse(
      `The claim \`${error.claim}\` of the user token was refused.`,
      "Compare it with the issuer's settings in the workspace.",
      error,
    );
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return refuse(
      "The user token is signed with an algorithm that this issuer does not use.",
      "Sign with an algorithm of the issuer's settings.",
      error,
    );
  }
  return refuse(
    "The signature of the user token is not valid.",
    "Sign with the key that the workspace has for this issuer.",
    error,
  );
}

function checkLifetime({ exp = 0, iat }: JWTPayload, issuer: TrustedIssuer, now: number): void {
  const limit = issuer.maxLifetimeSeconds ?? 3_600;
  const from = iat ?? Math.floor(now / 1_000);
  if (exp - from > limit + clockTolerance) {
    throw refuse(
      `The user token lives longer than ${limit} s.`,
      "Sign short-lived tokens; the client asks for a new one when it must.",
    );
  }
}

/** Builds the user that templates see from the claims. */
function readUser(payload: JWTPayload, mapping: ClaimMapping): TokenUser {
  const id = text(read(payload, mapping.id ?? "/sub"));
  if (id === undefined || id === "")
    throw refuse("The user token names no user.", "Set `sub`, or map another claim to the user's id.");
  const email = text(read(payload, mapping.email ?? "/email"));
  const name = text(read(payload, mapping.name ?? "/name"));
  return Object.freeze({
    id,
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
    roles: list(read(payload, mapping.roles ?? "/roles")),
    groups: list(read(payload, mapping.groups ?? "/groups")),
    claims: payload as JsonObject,
  });
}

/** Follows a JSON pointer (RFC 6901) through own properties. */
function read(value: unknown, pointer: string): unknown {
  let current = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;

/** A list of texts, or one text with spaces between the items, as in `scope`. */
const list = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.flatMap((item) => text(item) ?? [])
    : typeof value === "string"
      ? value.split(" ").filter((item) => item !== "")
      : [];
