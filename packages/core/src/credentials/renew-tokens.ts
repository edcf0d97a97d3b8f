import { ConnectorError } from "../errors/connector-error.ts";
import type { Clock } from "../ports/sources.ts";
import type { LeaseStore } from "../ports/stores.ts";
import type { RefreshJournal } from "./refresh-journal.ts";
import { TokenError } from "./token-error.ts";
import type { TokenJob, TokenPlace, TokenRow } from "./token-place.ts";
import { fingerprintGrant, type TokenSet } from "./token-set.ts";

/**
 * One renewal across all replicas (rules R2 to R8). The numbers are those of the steps below; a crash between any two
 * leaves a state that the next renewal understands.
 *
 *   1 lease ──busy──► 2 read row ──newer──► adopt it
 *     │ got                 └─same──► wait a little, back to 1
 *   3 read row again ──newer──► adopt it, release
 *     │ same
 *   4 journal ─► 5 request ──answer──► 6 compare-and-set ──won──► 7 clear journal ─► release
 *                   │                        └─lost─► read row: same grant? set again : adopt what is there
 *                   ├─ refused: invalid_grant ─► read row: other grant? adopt it : needs-authorization
 *                   ├─ refused otherwise ─► clear journal, temporary or misconfigured
 *                   └─ no answer ─► keep the journal (the server may have rotated), temporary
 *
 * The lease lasts longer than the request may take, and a process that was held up too long to be sure of it starts over, so
 * nobody else presents the same refresh token meanwhile; should it end all the same, compare-and-set keeps a late loser from
 * overwriting. No database connection is held during 5.
 */
export interface RenewalPorts {
  readonly leases: LeaseStore;
  readonly journal: RefreshJournal;
  readonly clock: Clock;
}

/** Times of a renewal, in milliseconds. */
export interface RenewalLimits {
  /** Longest a token request and its steps may take. Default 15,000. */
  readonly requestMs: number;
  /** How long the lease lasts; longer than `requestMs` by what storing the answer takes. Default 25,000. */
  readonly leaseMs: number;
  /** Pause between two looks while another replica renews; jittered. Default 60. */
  readonly pollMs: number;
}

/** Renewal times for servers that answer within a quarter of a minute. */
export const defaultRenewalLimits: RenewalLimits = Object.freeze({ requestMs: 15_000, leaseMs: 25_000, pollMs: 60 });

/** What the keeper knows when it asks for a renewal. */
export interface RenewalRequest {
  readonly place: TokenPlace;
  readonly job: TokenJob;
  /** Version the keeper has; a row with a larger one is somebody else's work. */
  readonly knownVersion: number;
  /** Access token that is no longer good: expired, stale, or refused by the upstream. Null when there is none. */
  readonly refused: string | null;
  /** Whether a token of the row is good enough to be adopted instead of asking for one. */
  readonly isGood: (tokens: TokenSet) => boolean;
}

/** A row that certainly has tokens. */
export type TokenRowWithTokens = TokenRow & { readonly tokens: TokenSet };

/** Renews the tokens of a place, or adopts what another replica stored meanwhile. Fails with `TokenError`. */
export async function renewTokens(
  request: RenewalRequest,
  ports: RenewalPorts,
  limits: RenewalLimits,
): Promise<TokenRowWithTokens> {
  const { clock, leases } = ports;
  const lease = `tokens:${request.place.key}`;
  const owner = clock.newId();
  const givesUpAt = clock.now() + limits.leaseMs + limits.requestMs;
  for (;;) {
    // Counted from before the lease was asked for: a process that was held up knows that its time is over.
    const latestSendAt = clock.now() + limits.leaseMs - limits.requestMs;
    const fence = await leases.acquire(lease, owner, limits.leaseMs);
    if (fence !== undefined) {
      try {
        const renewed = await renewUnderLease(request, { fence, latestSendAt }, ports, limits);
        if (renewed !== null) return renewed;
      } finally {
        await leases.release(lease, owner);
      }
    }
    const row = await loadRow(request.place);
    if (isAdoptable(row, request)) return row;
    requireUnblocked(row);
    if (clock.now() >= givesUpAt) {
      throw new TokenError("Another replica has been renewing this token for too long.", {
        outcome: "temporary",
        hint: "Try again; if it stays, look at the token endpoint and at the database.",
      });
    }
    await clock.sleep(limits.pollMs * (0.5 + clock.random()));
  }
}

/** Renews while the lease lasts; null when there is too little left of it to ask anybody. */
async function renewUnderLease(
  request: RenewalRequest,
  { fence, latestSendAt }: { readonly fence: number; readonly latestSendAt: number },
  ports: RenewalPorts,
  limits: RenewalLimits,
): Promise<TokenRowWithTokens | null> {
  const { place, job } = request;
  const row = await loadRow(place);
  if (isAdoptable(row, request)) return row;
  requireUnblocked(row);
  if (!job.canRenew(row.tokens)) throw await endGrant(place, row, noWayReason(row));
  const grant = fingerprintGrant(row.tokens);
  const presentsGrant = job.rotates && row.tokens !== null && row.tokens.refreshToken !== null;
  const unfinishedSince = presentsGrant ? await ports.journal.unfinished(place.key, grant) : null;
  if (presentsGrant) await ports.journal.write(place.key, grant);
  if (ports.clock.now() > latestSendAt) {
    if (presentsGrant && unfinishedSince === null) await ports.journal.clear(place.key);
    return null;
  }
  let tokens: TokenSet;
  try {
    tokens = { ...(await obtain(job, row, limits)), fence };
  } catch (error) {
    return await settleFailure(request, { row, grant, unfinishedSince, journalled: presentsGrant }, error, ports);
  }
  const stored = await commitTokens(place, row, grant, tokens);
  if (presentsGrant) await ports.journal.clear(place.key);
  return stored;
}

async function obtain(job: TokenJob, row: TokenRow, limits: RenewalLimits): Promise<TokenSet> {
  const signal = AbortSignal.timeout(limits.requestMs);
  try {
    return await job.obtain(row, signal);
  } catch (error) {
    if (error instanceof TokenError) throw error;
    if (!signal.aborted) throw error;
    throw new TokenError(`No token within ${limits.requestMs} ms.`, {
      outcome: "temporary",
      inDoubt: true,
      cause: error,
      hint: "The token endpoint is slow or unreachable; the stored credential was not changed.",
    });
  }
}

/** Stores what the server gave. A lost race is settled by the grant: whoever holds its successor may write (R4, R5). */
async function commitTokens(
  place: TokenPlace,
  first: TokenRow,
  grant: string,
  tokens: TokenSet,
): Promise<TokenRowWithTokens> {
  let row = first;
  for (;;) {
    const stored = await place.commit(row.version, tokens);
    if (stored !== undefined) return { ...stored, tokens };
    row = await loadRow(place);
    // A rename or a status moved the version on: the stored grant is still the one we replaced, so ours succeeds it.
    if (fingerprintGrant(row.tokens) === grant && (row.tokens?.fence ?? 0) <= tokens.fence) continue;
    if (row.tokens !== null) return { ...row, tokens: row.tokens };
    // Somebody removed the credential on purpose while we were asking for a new one.
    throw new TokenError("The credential was removed while it was being renewed.", {
      outcome: "needs-authorization",
      hint: "Authorize the connection again.",
    });
  }
}

interface FailedAttempt {
  readonly row: TokenRow;
  readonly grant: string;
  readonly unfinishedSince: string | null;
  readonly journalled: boolean;
}

async function settleFailure(
  request: RenewalRequest,
  attempt: FailedAttempt,
  error: unknown,
  ports: RenewalPorts,
): Promise<TokenRowWithTokens> {
  const { place } = request;
  if (!(error instanceof TokenError)) throw error;
  if (error.outcome !== "needs-authorization") {
    // The server said no for another reason, so the grant is untouched; without an answer that is not known, and the
    // journal stays. So does an older open entry: it is still true.
    const untouched = !error.inDoubt && attempt.unfinishedSince === null;
    if (attempt.journalled && untouched) await ports.journal.clear(place.key);
    const status = error.outcome === "misconfigured" ? "misconfigured" : "expiring";
    const worthNoting = attempt.row.tokens !== null || status === "misconfigured";
    if (worthNoting && attempt.row.status !== status) await place.mark(attempt.row.version, status, error.message);
    throw error;
  }
  const now = await loadRow(place);
  if (now.tokens !== null && fingerprintGrant(now.tokens) !== attempt.grant) return { ...now, tokens: now.tokens };
  const reason =
    attempt.unfinishedSince === null
      ? error.message
      : `A renewal begun at ${attempt.unfinishedSince} was cut off between the server's answer and its storing, so the ` +
        `new refresh token was lost and the server refuses the old one (${error.serverCode ?? "refused"}).`;
  throw await endGrant(place, now, reason, error);
}

/** Marks the connection, and makes the error that says so; tokens stay as they are (R6). */
async function endGrant(place: TokenPlace, row: TokenRow, reason: string, cause?: TokenError): Promise<TokenError> {
  await place.mark(row.version, "needs-authorization", reason);
  return new TokenError(reason, {
    outcome: "needs-authorization",
    hint: "Authorize the connection again.",
    ...(cause?.serverCode !== undefined && { serverCode: cause.serverCode }),
    ...(cause?.upstreamStatus !== undefined && { upstreamStatus: cause.upstreamStatus }),
    ...(cause !== undefined && { cause }),
  });
}

function noWayReason(row: TokenRow): string {
  return row.tokens === null
    ? "The connection has not been authorized yet."
    : "The access token has ended and there is no refresh token to renew it with.";
}

async function loadRow(place: TokenPlace): Promise<TokenRow> {
  const row = await place.load();
  if (row === undefined) throw new ConnectorError("CONNECTION_UNKNOWN", "The connection was deleted.");
  return row;
}

function isAdoptable(row: TokenRow, request: RenewalRequest): row is TokenRowWithTokens {
  const { tokens } = row;
  if (tokens === null || tokens.accessToken === request.refused) return false;
  return request.isGood(tokens);
}

function requireUnblocked(row: TokenRow): void {
  if (row.status !== "needs-authorization") return;
  throw new TokenError(row.statusReason ?? "The connection must be authorized again.", {
    outcome: "needs-authorization",
    hint: "Authorize the connection again.",
  });
}
