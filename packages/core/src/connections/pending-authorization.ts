import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Sealer } from "../credentials/sealer.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { JsonObject } from "../ports/records.ts";
import type { Clock } from "../ports/sources.ts";
import type { EphemeralStore } from "../ports/stores.ts";

/**
 * An authorization under way, kept on the server while the person is at the authorization server.
 *
 *   begin ──state, cookie──► browser ──► authorization server ──state──► callback ──► take (once) ──► exchange
 *
 * The state is 256 random bits, stored as a hash, valid for ten minutes and for one use, and bound to the browser session
 * that began: a callback in another browser (a link sent to a victim, a stolen redirect) is refused.
 */
export interface PendingAuthorization {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly method: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
  readonly issuer: string;
  /** Whether the definition states the issuer, so that the redirect must name it. */
  readonly issuerStated: boolean;
  /** Where the browser goes in the end; null: a plain page. */
  readonly returnTo: string | null;
  readonly mode: "redirect" | "popup";
  /** Who asked for it, for the audit trail. */
  readonly actorKind: string;
  readonly actorId: string | null;
  /** Temporary credentials of OAuth 1.0a. */
  readonly temporaryToken: string | null;
  readonly temporarySecret: string | null;
}

/** What keeping and taking an authorization needs. */
export interface PendingPorts {
  readonly ephemeral: EphemeralStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

const kind = "oauth-state";
const keptMs = 600_000;
const prefix = "jst_";

/** Makes a state: unguessable, and recognisable among the parameters of a redirect whatever their names. */
export function makeState(): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** Keeps an authorization under its state, bound to the browser session. */
export async function keepAuthorization(
  pending: PendingAuthorization,
  state: string,
  browserSession: string,
  ports: PendingPorts,
): Promise<void> {
  const key = hashOf(state);
  const sealed = await ports.sealer.seal(pending.workspaceId, `${kind}:${key}`, {
    ...(pending as unknown as JsonObject),
    browser: hashOf(browserSession),
  });
  const expiresAt = new Date(ports.clock.now() + keptMs).toISOString();
  await ports.ephemeral.put(kind, key, JSON.stringify({ workspaceId: pending.workspaceId, sealed }), expiresAt);
}

/**
 * Finds the state among the parameters of a redirect, takes the authorization it names, and checks the browser session.
 * Fails with AUTHORIZATION_STATE_INVALID, in the same words whatever was wrong.
 */
export async function takeAuthorization(
  parameters: URLSearchParams,
  browserSession: string | undefined,
  ports: PendingPorts,
): Promise<{ readonly pending: PendingAuthorization; readonly state: string }> {
  const state = findState(parameters);
  const stored = state === undefined ? undefined : await ports.ephemeral.take(kind, hashOf(state));
  if (state === undefined || stored === undefined || browserSession === undefined) throw invalid();
  const { workspaceId, sealed } = JSON.parse(stored) as { readonly workspaceId: string; readonly sealed: string };
  const opened = await ports.sealer.open(workspaceId, `${kind}:${hashOf(state)}`, sealed);
  const { browser, ...pending } = opened as unknown as PendingAuthorization & { readonly browser: string };
  if (!timingSafeEqual(Buffer.from(browser), Buffer.from(hashOf(browserSession)))) throw invalid();
  return { pending, state };
}

/** Some servers send the state back under a name of their own, so it is known by its form. */
function findState(parameters: URLSearchParams): string | undefined {
  const named = parameters.get("state");
  if (named?.startsWith(prefix)) return named;
  return [...parameters.values()].find((value) => value.startsWith(prefix));
}

function invalid(): ConnectorError {
  return new ConnectorError(
    "AUTHORIZATION_STATE_INVALID",
    "This authorization was not started in this browser, is more than ten minutes old, or was used already.",
    { hint: "Start connecting the account again, and finish it in the same browser." },
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
