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
import { type Caller, ConnectorError, type TokenUser, type TrustedIssuer, type UserTokenVerifier } from "@junctor/core";
import { requireScope } from "../http/authorize.ts";
import { readBearer } from "../keys/api-key.ts";
import type { KeyHolder, KeyRing } from "../keys/key-ring.ts";
import type { SettingRing } from "./setting-ring.ts";
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
}

/** Finds out who calls; rejects with UNAUTHENTICATED, FORBIDDEN, USER_TOKEN_INVALID or ORIGIN_REFUSED. */
export type IdentifyCaller = (evidence: CallerEvidence) => Promise<IdentifiedCaller>;

/** Makes the identification of callers. */
export function createCallerIdentifier(ports: CallerIdentifierPorts): IdentifyCaller {
  return async (evidence) => {
    const settings = ports.settings.peek() ?? (await ports.settings.load());
    const token = readToken(evidence.authorization);
    const key = readBearer(evidence.authorization) ?? readBearer(evidence.key && `Bearer ${evidence.key}`);
    if (key === undefined && token === undefined) throw unauthenticated();
    const holder = key === undefined ? undefined : (ports.keys.peek(key) ?? (await ports.keys.load(key)));
    if (key !== undefined && holder === undefined) throw unauthenticated();
    if (holder?.key.kind === "service") requireScope(holder, "execute");
    if (token === undefined) return withoutToken(holder as KeyHolder, evidence);
    const { issuer, user } = await verifyByOne(findIssuers(settings, token, holder?.workspace.id), token, ports);
    const workspace = holder?.workspace ?? (await ports.readWorkspace(issuer.workspaceId));
    if (workspace === undefined) throw unauthenticated();
    const origin = checkOrigin(evidence, holder, settings, workspace.id);
    const caller: Caller = { kind: "user", id: user.id, user, scopes: [] };
    return { workspace, caller, origin, trusted: holder?.key.kind === "service" };
  };
}

function withoutToken(holder: KeyHolder, evidence: CallerEvidence): IdentifiedCaller {
  const { workspace } = holder;
  if (holder.key.kind === "service") return { workspace, caller: holder.caller, origin: undefined, trusted: true };
  const origin = checkKeyOrigin(evidence, holder);
  return { workspace, caller: { kind: "anonymous", id: null, scopes: [] }, origin, trusted: false };
}

/** A JSON Web Token in `Authorization: Bearer`; an API key has no dots. */
function readToken(authorization: string | undefined): string | undefined {
  return /^bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization ?? "")?.[1];
}

/** The issuers that the token may come from, before anything in it is believed. */
function findIssuers(
  { issuers }: CallerSettings,
  token: string,
  workspaceId: string | undefined,
): readonly [IssuerSetting, ...IssuerSetting[]] {
  const { iss, aud } = readClaims(token);
  const audiences = [aud].flat();
  const [first, ...others] = (issuers.get(String(iss)) ?? []).filter(
    (issuer) =>
      (workspaceId === undefined || issuer.workspaceId === workspaceId) && audiences.includes(issuer.audience),
  );
  if (first !== undefined) return [first, ...others.slice(0, MAX_CANDIDATES - 1)];
  throw new ConnectorError("USER_TOKEN_INVALID", "No workspace trusts the issuer and audience of the user token.", {
    hint: "Compare `iss` and `aud` with the issuers of the workspace.",
  });
}
const MAX_CANDIDATES = 10;

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
    }
  }
  const [only, other] = found;
  if (only === undefined) throw refusal;
  if (other === undefined || other.issuer.workspaceId === only.issuer.workspaceId) return only;
  throw new ConnectorError("USER_TOKEN_INVALID", "Several workspaces trust the issuer of the user token.", {
    hint: "Send a publishable key too, in X-Junctor-Key: it names the workspace.",
  });
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
    throw new ConnectorError("USER_TOKEN_INVALID", `The issuer "${issuer.name}" names a secret that does not exist.`, {
      hint: `Write the secret "${issuer.key.secret}" in the workspace.`,
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
