import { ConnectorError } from "../errors/connector-error.ts";
import type { Clock } from "../ports/sources.ts";
import type { EphemeralStore, LeaseStore } from "../ports/stores.ts";
import type { CredentialEvent, CredentialEventSink } from "./credential-events.ts";
import { createRefreshJournal } from "./refresh-journal.ts";
import { backoffMs, defaultMargins, type RefreshMargins, refreshTimes } from "./refresh-margins.ts";
import { defaultRenewalLimits, type RenewalLimits, type RenewalPorts, renewTokens } from "./renew-tokens.ts";
import { TokenError } from "./token-error.ts";
import type { TokenJob, TokenPlace, TokenRow } from "./token-place.ts";
import type { TokenSet } from "./token-set.ts";

/**
 * Keeps the tokens of every place warm and renews them before anyone notices (rules R1, R7, R9, R11). Per place:
 *
 *              seed or renewal                    now ≥ softAt                       now ≥ hardAt
 *   (nothing) ────────────────► fresh ──────────────────────────► stale ─────────────────────────► expired
 *       │                      use it, at once      use it; renew in the background    wait for the renewal
 *       │                        ▲                        │                                  │
 *       └── wait for the renewal ┴──────── renewed ───────┴──────────────────────────────────┘
 *
 *   a renewal fails   temporary            back off with jitter; meanwhile stale serves and expired fails at once
 *                     misconfigured        the same with a longer pause, the connection is marked
 *                     needs-authorization  the connection is marked; nothing is tried until its version moves on
 *   upstream refuses  force: renew once, unless another call replaced the refused token already or just tried
 *
 * There is at most one renewal per place in this process (`flight`); `renew-tokens.ts` makes that one per deployment.
 * Memory is keyed by place and version: a connection that somebody changed brings a larger version and is read anew.
 */
export interface TokenKeeper {
  /** Returns a token that is good now, or a promise of one if somebody must be asked. Fails with `TokenError`. */
  tokens(request: TokenRequest): TokenSet | Promise<TokenSet>;
  /** Renews a token that the upstream refused; null when there is no way, or it was tried moments ago. */
  force(request: TokenRequest, refused: string): Promise<TokenSet | null>;
  /** Renews although the token is good, to keep an idle refresh token alive (R10). */
  keepAlive(request: TokenRequest): Promise<TokenSet>;
  /** Drops what is in memory for a place, or for all of them. */
  forget(key?: string): void;
  /** Waits for renewals under way, so that a process does not stop between answer and commit. */
  close(): Promise<void>;
}

/** A question for the token of one place. */
export interface TokenRequest {
  readonly place: TokenPlace;
  readonly job: TokenJob;
  /** What the caller has already read; newer than the memory, it replaces it. Null: ask the store when nothing is known. */
  readonly row: TokenRow | null;
  /** Fingerprint of the settings now; a token that was obtained with others is not used. Null: settings do not matter. */
  readonly inputs: string | null;
  /** When the token is renewed, where it is not by the keeper's own margins. */
  readonly margins?: RefreshMargins | undefined;
  /** Stops this caller's waiting, not the renewal. */
  readonly signal: AbortSignal | undefined;
}

/** What a keeper needs. */
export interface TokenKeeperOptions {
  readonly leases: LeaseStore;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  readonly onEvent?: CredentialEventSink;
  readonly margins?: Partial<RefreshMargins>;
  readonly limits?: Partial<RenewalLimits>;
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
  /** A refused token is renewed at most once in this time. Default 10,000 ms. */
  readonly forceEveryMs?: number;
  /** Most places in memory; the oldest makes room. Default 50,000. */
  readonly capacity?: number;
}

/** What is known of one place. */
interface Entry {
  version: number;
  tokens: TokenSet | null;
  softAt: number;
  hardAt: number;
  flight: Promise<TokenSet> | null;
  failures: number;
  notBefore: number;
  lastError: TokenError | null;
  forcedAt: number;
}

/** Creates the keeper of a process. */
export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  return new MemoryTokenKeeper(options);
}

class MemoryTokenKeeper implements TokenKeeper {
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new Set<Promise<unknown>>();
  private readonly clock: Clock;
  private readonly ports: RenewalPorts;
  private readonly margins: RefreshMargins;
  private readonly limits: RenewalLimits;
  private readonly options: TokenKeeperOptions;

  constructor(options: TokenKeeperOptions) {
    this.options = options;
    this.clock = options.clock;
    const journal = createRefreshJournal(options.ephemeral, () => options.clock.now());
    this.ports = { leases: options.leases, journal, clock: options.clock };
    this.margins = { ...defaultMargins, ...options.margins };
    this.limits = { ...defaultRenewalLimits, ...options.limits };
  }

  tokens(request: TokenRequest): TokenSet | Promise<TokenSet> {
    const entry = this.entryOf(request);
    const now = this.clock.now();
    const fits = entry.tokens !== null && (request.inputs === null || entry.tokens.inputs === request.inputs);
    // The common case first: a fresh token costs one look-up and a few comparisons.
    if (entry.tokens !== null && fits && now < entry.softAt) return entry.tokens;
    if (entry.tokens !== null && fits && now < entry.hardAt) {
      if (entry.flight === null && now >= entry.notBefore && request.job.canRenew(entry.tokens)) {
        this.startRenewal(entry, request, entry.tokens.accessToken).catch(() => undefined);
      }
      return entry.tokens;
    }
    if (entry.flight !== null) return this.waitFor(entry.flight, request.signal);
    if (now < entry.notBefore && entry.lastError !== null) return Promise.reject(this.stillFailing(entry, now));
    return this.waitFor(this.startRenewal(entry, request, entry.tokens?.accessToken ?? null), request.signal);
  }

  async force(request: TokenRequest, refused: string): Promise<TokenSet | null> {
    const entry = this.entryOf(request);
    if (entry.flight !== null) await this.waitFor(entry.flight, request.signal);
    if (entry.tokens !== null && entry.tokens.accessToken !== refused) return entry.tokens;
    const now = this.clock.now();
    if (now < entry.forcedAt + (this.options.forceEveryMs ?? 10_000) || now < entry.notBefore) return null;
    if (!request.job.canRenew(entry.tokens)) return null;
    entry.forcedAt = now;
    const flight = entry.flight ?? this.startRenewal(entry, request, refused);
    const tokens = await this.waitFor(flight, request.signal);
    return tokens.accessToken === refused ? null : tokens;
  }

  async keepAlive(request: TokenRequest): Promise<TokenSet> {
    const entry = this.entryOf(request);
    const flight = entry.flight ?? this.startRenewal(entry, request, entry.tokens?.accessToken ?? null);
    const tokens = await this.waitFor(flight, request.signal);
    this.report("keep-alive", request.place, null);
    return tokens;
  }

  forget(key?: string): void {
    if (key === undefined) {
      for (const [name, entry] of this.entries) if (entry.flight === null) this.entries.delete(name);
      return;
    }
    if (this.entries.get(key)?.flight === null) this.entries.delete(key);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.flights);
  }

  private entryOf(request: TokenRequest): Entry {
    const { key } = request.place;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = {
        version: -1,
        tokens: null,
        softAt: 0,
        hardAt: 0,
        flight: null,
        failures: 0,
        notBefore: 0,
        lastError: null,
        forcedAt: Number.NEGATIVE_INFINITY,
      };
      if (this.entries.size >= (this.options.capacity ?? 50_000)) this.makeRoom();
      this.entries.set(key, entry);
    }
    if (request.row !== null && request.row.version > entry.version) this.adopt(entry, request.row, request);
    return entry;
  }

  private adopt(entry: Entry, row: TokenRow, { margins = this.margins }: TokenRequest): void {
    const { tokens } = row;
    const isNewGrant = tokens !== null && tokens.accessToken !== entry.tokens?.accessToken;
    entry.version = row.version;
    entry.tokens = tokens;
    if (tokens !== null) {
      const times = refreshTimes(tokens, margins, this.clock.random());
      entry.softAt = times.softAt;
      entry.hardAt = times.hardAt;
    }
    // New tokens, or a status that somebody put right: what failed before may work now.
    if (isNewGrant || row.status === "active" || row.status === "pending") {
      entry.failures = 0;
      entry.notBefore = 0;
      entry.lastError = null;
    }
  }

  private startRenewal(entry: Entry, request: TokenRequest, refused: string | null): Promise<TokenSet> {
    const { place, job, inputs, margins = this.margins } = request;
    const isGood = (tokens: TokenSet) =>
      this.clock.now() < refreshTimes(tokens, margins, 0.5).softAt && (inputs === null || tokens.inputs === inputs);
    const renewal = renewTokens({ place, job, knownVersion: entry.version, refused, isGood }, this.ports, this.limits);
    const flight = renewal.then(
      (row) => {
        this.adopt(entry, row, request);
        this.report("renewed", place, null);
        return row.tokens;
      },
      (error: unknown) => {
        throw this.noteFailure(entry, place, error);
      },
    );
    entry.flight = flight;
    this.flights.add(flight);
    const settle = () => {
      entry.flight = null;
      this.flights.delete(flight);
    };
    flight.then(settle, settle);
    return flight;
  }

  private noteFailure(entry: Entry, place: TokenPlace, error: unknown): unknown {
    const failure = asTokenError(error);
    if (failure === undefined) return error;
    entry.failures += 1;
    entry.lastError = failure;
    const pause = backoffMs(entry.failures, this.clock.random(), this.options.backoff);
    entry.notBefore =
      this.clock.now() +
      (failure.outcome === "temporary" ? Math.max(pause, (failure.retryAfter ?? 0) * 1_000) : Math.max(pause, 60_000));
    const types = {
      temporary: "renewal-failed",
      "needs-authorization": "needs-authorization",
      misconfigured: "misconfigured",
    } as const;
    this.report(types[failure.outcome], place, failure);
    return failure;
  }

  private stillFailing(entry: Entry, now: number): TokenError {
    const { lastError } = entry;
    const seconds = Math.max(1, Math.ceil((entry.notBefore - now) / 1_000));
    return new TokenError(lastError?.message ?? "The token could not be renewed.", {
      outcome: lastError?.outcome ?? "temporary",
      ...(lastError?.hint !== undefined && { hint: lastError.hint }),
      ...(lastError?.serverCode !== undefined && { serverCode: lastError.serverCode }),
      ...(lastError?.outcome === "temporary" && { retryAfter: seconds }),
      cause: lastError ?? undefined,
    });
  }

  private waitFor(flight: Promise<TokenSet>, signal: AbortSignal | undefined): Promise<TokenSet> {
    if (signal === undefined) return flight;
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      const stop = () => signal.removeEventListener("abort", leave);
      flight.then(resolve, reject).finally(stop);
    });
  }

  private report(type: CredentialEvent["type"], place: TokenPlace, failure: TokenError | null): void {
    this.options.onEvent?.({
      type,
      workspaceId: place.workspaceId,
      place: place.key,
      at: new Date(this.clock.now()).toISOString(),
      outcome: failure?.outcome ?? null,
      reason: failure?.message ?? null,
    });
  }

  private makeRoom(): void {
    for (const [key, entry] of this.entries) {
      if (entry.flight !== null) continue;
      this.entries.delete(key);
      return;
    }
  }
}

/** Turns what went wrong on our side (store, key) into a temporary outcome; an unknown connection stays what it is. */
function asTokenError(error: unknown): TokenError | undefined {
  if (error instanceof TokenError) return error;
  if (error instanceof ConnectorError && error.retryable) {
    return new TokenError(error.message, { outcome: "temporary", cause: error });
  }
  return undefined;
}
