/**
 * Who is calling, by what a request brings:
 *
 *   service key                            ─► service key's workspace, caller `service`
 *   publishable key                        ─► its workspace, caller `anonymous`; the origin must be one of the key's
 *   publishable key + user token           ─► its workspace, caller `user`; the issuer must be trusted there
 *   service key + user token               ─► its workspace, caller `user` (a backend that speaks for a user)
 *   user token alone                       ─► the issuer names the workspace; the origin must be one of the workspace's
 *   nothing                                ─► refused
 *
 * The key is in `Authorization: Bearer j…`, or in `X-Junctor-Key` where a user token is in `Authorization`.
 */
import {
  type Caller,
  ConnectorError,
  IssuerFault,
  type TokenUser,
  type TrustedIssuer,
  type UserTokenVerifier,
} from "@junctor/core";
import { requireScope } from "../http/authorize.ts";
import { readBearer } from "../keys/api-key.ts";
import type { KeyHolder, KeyRing } from "../keys/key-ring.ts";
import { namesAlike } from "./names-alike.ts";
import type { SettingRing } from "./setting-ring.ts";
import { isLongEnough, leastSecretBytes } from "./shared-secret.ts";
import type { CallerSettings, IssuerSetting } from "./workspace-settings.ts";

/** What of a request says who calls. */
export interface CallerEvidence {
  readonly authorization: string | undefined;
  /** `X-Junctor-Key`. */
  readonly key: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: a browser sends no `Origin` with a GET to its own origin. */
  readonly fetchSite: string | undefined;
}

export interface IdentifiedCaller {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly caller: Caller;
  /** Origin that may read the answer; undefined when the call does not come from another origin's page. */
  readonly origin: string | undefined;
  /** Whether the caller may see debugging detail: service keys may. */
  readonly trusted: boolean;
}

export interface CallerIdentifierPorts {
  readonly keys: KeyRing;
  readonly settings: SettingRing;
  readonly tokens: UserTokenVerifier;
  /** Opens a workspace secret by name; undefined when there is none. */
  readonly readSecret: (workspaceId: string, name: string) => Promise<string | undefined>;
  readonly readWorkspace: (workspaceId: string) => Promise<{ readonly id: string; readonly name: string } | undefined>;
  /** Tells the operator why an issuer cannot be used: who sends a token without a service key is not told. */
  readonly reportFault: (workspaceId: string, issuer: string, fault: IssuerFault) => void;
}

/** Finds out who calls; rejects with UNAUTHENTICATED, FORBIDDEN, USER_TOKEN_INVALID or ORIGIN_REFUSED. */
export type IdentifyCaller = (evidence: CallerEvidence) => Promise<IdentifiedCaller>;

/** Makes the identification of callers. */
export function createCallerIdentifier(ports: CallerIdentifierPorts): IdentifyCaller {
  return async (evidence) => {
    const settings = ports.settings.peek() ?? (await ports.settings.load());
    const token = readToken(evidence);
    const key = readKey(evidence);
    if (key === undefined && token === undefined) throw unauthenticated();
    const holder = key === undefined ? undefined : (ports.keys.peek(key) ?? (await ports.keys.load(key)));
    if (key !== undefined && holder === undefined) throw unauthenticated();
    if (holder?.key.kind === "service") requireScope(holder, "execute");
    if (holder?.key.kind === "publishable") checkKeyOrigin(evidence, holder);
    if (token === undefined) return withoutToken(holder as KeyHolder, evidence);
    const candidates = findIssuers(settings, token, holder?.workspace.id);
    const toldAll = holder?.key.kind === "service";
    const { issuer, user } = await verifyByOne(candidates, token, ports).catch((error: unknown) => {
      throw toldAll ? error : describeRefusal(error, candidates);
    });
    const workspace = holder?.workspace ?? (await ports.readWorkspace(issuer.workspaceId));
    if (workspace === undefined) throw unauthenticated();
    const origin = checkOrigin(evidence, holder, settings, workspace.id);
    const id = nameUser(settings.issuersOf.get(issuer.workspaceId) ?? [], issuer, user);
    if (id instanceof IssuerFault) {
      ports.reportFault(issuer.workspaceId, issuer.name, id);
      throw toldAll ? id : describeRefusal(id, candidates);
    }
    const caller: Caller = { kind: "user", id, user, scopes: [] };
    return { workspace, caller, origin, trusted: toldAll };
  };
}

/**
 * Finds the origin whose page may read why a call was refused: the key, or the workspace whose issuer the token names, lists it.
 * The token is not verified, because a page must be able to read that it has ended. Undefined: no page may read the refusal.
 */
export type FindReader = (
  evidence: CallerEvidence,
  options?: {
    /** Whether only warm keys are asked: a server that has no room for a call does not ask its database for it. */
    readonly onlyWarm?: boolean;
  },
) => Promise<string | undefined>;

/** Makes the finder of origins that may read refusals. */
export function createReaderFinder({ keys, settings }: Pick<CallerIdentifierPorts, "keys" | "settings">): FindReader {
  return async (evidence, { onlyWarm = false } = {}) => {
    const { origin, authorization } = evidence;
    if (origin === undefined) return undefined;
    const key = readKey(evidence);
    if (key !== undefined) {
      const holder = keys.peek(key) ?? (onlyWarm ? undefined : await keys.load(key));
      return holder?.key.kind === "publishable" && holder.key.origins.includes(origin) ? origin : undefined;
    }
    const known = settings.peek() ?? (onlyWarm ? undefined : await settings.load());
    const token = /^bearer +([\w.-]+)$/i.exec(authorization ?? "")?.[1];
    if (known === undefined || token === undefined) return undefined;
    const candidates = listCandidates(known, token, undefined);
    return candidates.some(({ workspaceId }) => known.origins.get(workspaceId)?.has(origin)) ? origin : undefined;
  };
}

const readKey = ({ authorization, key }: CallerEvidence): string | undefined =>
  readBearer(authorization) ?? readBearer(key && `Bearer ${key}`);

function withoutToken(holder: KeyHolder, evidence: CallerEvidence): IdentifiedCaller {
  const { workspace } = holder;
  if (holder.key.kind === "service") return { workspace, caller: holder.caller, origin: undefined, trusted: true };
  const origin = checkKeyOrigin(evidence, holder);
  return { workspace, caller: { kind: "anonymous", id: null, scopes: [] }, origin, trusted: false };
}

/**
 * The user token in `Authorization: Bearer`: whatever is there and is no API key. What is no JSON Web Token is refused rather than
 * passed over: its sender means a user, and must not be taken for an anonymous caller.
 */
function readToken({ authorization, key }: CallerEvidence): string | undefined {
  if (authorization === undefined || readBearer(authorization) !== undefined) return undefined;
  const token = /^bearer *(.*)$/i.exec(authorization)?.[1];
  if (token === undefined || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return token;
  // Without a key beside it, it may as well be a mistyped key.
  if (key === undefined) return undefined;
  throw new ConnectorError("USER_TOKEN_INVALID", "What the Authorization header carries is no user token.", {
    hint: "Send a JSON Web Token after `Bearer`, or no Authorization header for an anonymous call.",
  });
}

/** The issuers that the token may come from, before anything in it is believed. */
function findIssuers(
  settings: CallerSettings,
  token: string,
  workspaceId: string | undefined,
): readonly [IssuerSetting, ...IssuerSetting[]] {
  const [first, ...others] = listCandidates(settings, token, workspaceId);
  if (first !== undefined) return [first, ...others.slice(0, MAX_CANDIDATES - 1)];
  throw new ConnectorError("USER_TOKEN_INVALID", "No workspace trusts the issuer and audience of the user token.", {
    hint: "Compare `iss` and `aud` with the issuers of the workspace.",
  });
}
const MAX_CANDIDATES = 10;

function listCandidates(
  { issuers }: CallerSettings,
  token: string,
  workspaceId: string | undefined,
): readonly IssuerSetting[] {
  const { iss, aud } = readClaims(token);
  const audiences = [aud].flat();
  return (issuers.get(String(iss)) ?? []).filter(
    (issuer) =>
      (workspaceId === undefined || issuer.workspaceId === workspaceId) && audiences.includes(issuer.audience),
  );
}

/**
 * Checks the token by each candidate's own key: a workspace that names somebody else's issuer with a key of its own
 * neither gets that issuer's users nor keeps them from where they belong.
 */
async function verifyByOne(
  candidates: readonly [IssuerSetting, ...IssuerSetting[]],
  token: string,
  ports: CallerIdentifierPorts,
): Promise<{ readonly issuer: IssuerSetting; readonly user: TokenUser }> {
  const found: { readonly issuer: IssuerSetting; readonly user: TokenUser }[] = [];
  let refusal: unknown;
  for (const issuer of candidates) {
    try {
      found.push({ issuer, user: await ports.tokens.verify(token, await toTrusted(issuer, ports)) });
    } catch (error) {
      refusal ??= error;
      if (error instanceof IssuerFault) ports.reportFault(issuer.workspaceId, issuer.name, error);
    }
  }
  const [only, other] = found;
  if (only === undefined) throw refusal;
  if (other === undefined || other.issuer.workspaceId === only.issuer.workspaceId) return only;
  throw new ConnectorError("USER_TOKEN_INVALID", ambiguous, {
    hint: "Send a publishable key too, in X-Junctor-Key: it names the workspace.",
  });
}

const ambiguous = "The user token alone does not say which workspace is meant.";

/**
 * What an outsider is told of a refusal: one sentence where it is for the workspace to act, and where the token names no single
 * workspace, since the reason may be another's.
 */
function describeRefusal(error: unknown, [first, ...others]: readonly [IssuerSetting, ...IssuerSetting[]]): unknown {
  const isOneWorkspace = others.every(({ workspaceId }) => workspaceId === first.workspaceId);
  if (!(error instanceof ConnectorError) || error.code !== "USER_TOKEN_INVALID") return error;
  if (!(error instanceof IssuerFault) && isOneWorkspace) return error;
  if (error.message === ambiguous) return error;
  return new ConnectorError("USER_TOKEN_INVALID", "The user token could not be verified.", {
    hint: "Compare it with the issuer's settings; the log of the server tells its operator more.",
    cause: error,
  });
}

/**
 * Names a user among all users of the workspace: the issuer's prefix and the id that the token gives. Gives the fault where that
 * could be the name of another issuer's user, also where issuers were written before such were refused (docs/adr/0199).
 */
function nameUser(issuers: readonly IssuerSetting[], own: IssuerSetting, user: TokenUser): string | IssuerFault {
  const { subjectPrefix = "" } = own;
  const id = `${subjectPrefix}${user.id}`;
  for (const other of issuers) {
    const theirs = other.subjectPrefix ?? "";
    if (theirs.length < subjectPrefix.length || !id.startsWith(theirs)) continue;
    if (theirs === subjectPrefix && namesAlike(other, own)) continue;
    return new IssuerFault(`The user could not be told from one of the issuer "${other.name}" of the workspace.`, {
      hint: "Give each issuer a `subjectPrefix` of its own, with which no id of another issuer's users begins.",
    });
  }
  return id;
}

function readClaims(token: string): { readonly iss?: unknown; readonly aud?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

async function toTrusted(issuer: IssuerSetting, ports: CallerIdentifierPorts): Promise<TrustedIssuer> {
  if (issuer.key.kind !== "secret") return { ...issuer, key: issuer.key };
  const secret = await ports.readSecret(issuer.workspaceId, issuer.key.secret);
  if (secret === undefined) {
    throw new IssuerFault(`The issuer "${issuer.name}" names a secret that does not exist.`, {
      hint: `Write the secret "${issuer.key.secret}" in the workspace.`,
    });
  }
  if (!isLongEnough(secret)) {
    throw new IssuerFault(`The secret of the issuer "${issuer.name}" is too short for HS256.`, {
      hint: `Write at least ${leastSecretBytes} random bytes to the secret "${issuer.key.secret}", and sign with them.`,
    });
  }
  return { ...issuer, key: { kind: "secret", secret } };
}

function checkOrigin(
  evidence: CallerEvidence,
  holder: KeyHolder | undefined,
  settings: CallerSettings,
  workspaceId: string,
): string | undefined {
  if (holder?.key.kind === "publishable") return checkKeyOrigin(evidence, holder);
  const { origin } = evidence;
  if (origin === undefined || holder !== undefined) return undefined;
  if (!settings.origins.get(workspaceId)?.has(origin)) throw refusedOrigin(origin);
  return origin;
}

/** A publishable key is for pages: a call must say which page's origin it comes from, and it must be listed. */
function checkKeyOrigin({ origin, fetchSite }: CallerEvidence, { key }: KeyHolder): string | undefined {
  if (origin !== undefined) {
    if (!key.origins.includes(origin)) throw refusedOrigin(origin);
    return origin;
  }
  if (fetchSite === "same-origin") return undefined;
  throw new ConnectorError("ORIGIN_REFUSED", "A publishable key is for pages, and this call names no origin.", {
    hint: "Call from a page of an allowed origin, or use a service key from a backend.",
  });
}

const refusedOrigin = (origin: string): ConnectorError =>
  new ConnectorError("ORIGIN_REFUSED", `Pages of ${origin.slice(0, 200)} may not call this workspace.`, {
    hint: "Add the origin to the publishable key, or to the workspace's origins.",
  });

const unauthenticated = (): ConnectorError =>
  new ConnectorError("UNAUTHENTICATED", "The request carries no valid key or user token.", {
    hint: "Send a key (Authorization or X-Junctor-Key) or a user token of a trusted issuer.",
  });
