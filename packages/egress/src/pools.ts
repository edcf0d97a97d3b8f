import { Pool } from "undici";
import { readDestination } from "./check-url.ts";
import { buildCheckedConnector } from "./connect.ts";
import { EgressError } from "./errors.ts";
import type { EgressLimits } from "./limits.ts";
import type { EgressPolicy } from "./policy.ts";
import type { LookupAddresses } from "./resolve-host.ts";
import { type TlsIdentity, tlsIdentityKey } from "./tls-identity.ts";

/** Bounds the connections that an Egress keeps. */
export interface PoolLimits {
  /** Most pools alive at once; the one that is idle longest makes room. Default 500. */
  readonly maxOrigins: number;
  /** Most connections to one origin. Default 256. */
  readonly connectionsPerOrigin: number;
  /** Most requests waiting for a connection to one origin. Default 2,000. */
  readonly maxQueuedPerOrigin: number;
  /** Closes a pool after this time without a request, in milliseconds. Default 60,000. */
  readonly idleMs: number;
  /** Keeps an idle connection this long unless the peer says less, in milliseconds. Default 15,000. */
  readonly keepAliveMs: number;
}

/** Holds the pool limits that apply where the operator says nothing. */
export const DEFAULT_POOL_LIMITS: PoolLimits = {
  maxOrigins: 500,
  connectionsPerOrigin: 256,
  maxQueuedPerOrigin: 2_000,
  idleMs: 60_000,
  keepAliveMs: 15_000,
};

/** Holds the connections to one origin under one policy and TLS identity. */
export interface OriginPool {
  readonly key: string;
  readonly origin: string;
  readonly dispatcher: Pool;
  /** Requests running or queued; changed by the exchanges themselves. */
  inFlight: number;
  /** When the last request ended, in `performance.now()` milliseconds. */
  lastUsed: number;
  closed: boolean;
}

/** Names what a pool is for. */
export interface PoolQuestion {
  /** As `URL.origin` writes it. */
  readonly origin: string;
  readonly policy: EgressPolicy;
  readonly tls: TlsIdentity | undefined;
}

/**
 * Keeps one pool per (origin, policy, TLS identity). Where there are too many, the one that is idle longest goes.
 *
 *     (none) ─ open ─► in use ◄─ requests ─► idle ─ idleMs, or room needed ─► closed
 */
export class Pools {
  readonly #limits: PoolLimits;
  readonly #requestLimits: EgressLimits;
  readonly #lookup: LookupAddresses;
  readonly #pools = new Map<string, OriginPool>();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(limits: PoolLimits, requestLimits: EgressLimits, lookup: LookupAddresses) {
    this.#limits = limits;
    this.#requestLimits = requestLimits;
    this.#lookup = lookup;
    this.#sweeper = setInterval(() => this.#closeIdle(), Math.max(50, limits.idleMs / 2));
    this.#sweeper.unref();
  }

  /** Finds or opens the pool for an origin that the policy has allowed. */
  open(question: PoolQuestion): OriginPool {
    const { origin, policy, tls } = question;
    const key = `${origin} ${policy.id} ${tlsIdentityKey(tls)}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    if (this.#closed) throw closedError();
    this.#makeRoom();
    const pool: OriginPool = {
      key,
      origin,
      dispatcher: this.#connect(question),
      inFlight: 0,
      lastUsed: performance.now(),
      closed: false,
    };
    this.#pools.set(key, pool);
    return pool;
  }

  /** Refuses a request that would wait behind too many others. */
  checkQueue(pool: OriginPool): void {
    const { connectionsPerOrigin, maxQueuedPerOrigin } = this.#limits;
    if (pool.inFlight < connectionsPerOrigin + maxQueuedPerOrigin) return;
    throw new EgressError("EGRESS_OVERLOADED", `${pool.inFlight} requests to ${pool.origin} are already under way.`, {
      hint: "Send fewer at once, or raise connectionsPerOrigin or maxQueuedPerOrigin.",
    });
  }

  counts(): {
    readonly pools: number;
    readonly connections: number;
    readonly running: number;
    readonly queued: number;
  } {
    let connections = 0;
    let running = 0;
    let queued = 0;
    for (const { dispatcher } of this.#pools.values()) {
      const { connected, running: active, pending } = dispatcher.stats;
      connections += connected;
      running += active;
      queued += pending;
    }
    return { pools: this.#pools.size, connections, running, queued };
  }

  /** Closes every pool; requests that still run after `graceMs` end with EGRESS_CLOSED. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    const open = [...this.#pools.values()];
    const closing = Promise.all(open.map((pool) => this.#drop(pool)));
    const force = setTimeout(() => {
      for (const { dispatcher } of open) void dispatcher.destroy();
    }, graceMs);
    await closing;
    clearTimeout(force);
  }

  #makeRoom(): void {
    if (this.#pools.size < this.#limits.maxOrigins) return;
    let oldest: OriginPool | undefined;
    for (const pool of this.#pools.values()) {
      if (pool.inFlight === 0 && pool.lastUsed < (oldest?.lastUsed ?? Number.POSITIVE_INFINITY)) oldest = pool;
    }
    if (oldest !== undefined) {
      void this.#drop(oldest);
      return;
    }
    throw new EgressError("EGRESS_OVERLOADED", `${this.#pools.size} origins are being called at once.`, {
      hint: "Try again later, or raise maxOrigins.",
    });
  }

  #closeIdle(): void {
    const now = performance.now();
    for (const pool of this.#pools.values()) {
      if (pool.inFlight === 0 && now - pool.lastUsed >= this.#limits.idleMs) void this.#drop(pool);
    }
  }

  #drop(pool: OriginPool): Promise<void> {
    pool.closed = true;
    this.#pools.delete(pool.key);
    return pool.dispatcher.close();
  }

  #connect({ origin, policy, tls }: PoolQuestion): Pool {
    const { connectMs, headersMs, bodyMs, maxHeaderBytes } = this.#requestLimits;
    const to = readDestination(new URL(origin));
    return new Pool(origin, {
      connect: buildCheckedConnector({ to, policy, tls, lookup: this.#lookup, connectMs }),
      connections: this.#limits.connectionsPerOrigin,
      keepAliveTimeout: this.#limits.keepAliveMs,
      keepAliveMaxTimeout: Math.max(this.#limits.keepAliveMs, 60_000),
      headersTimeout: headersMs,
      bodyTimeout: bodyMs,
      maxHeaderSize: maxHeaderBytes,
      pipelining: 1,
    });
  }
}

/** Makes the error for a request after `close()`. */
export function closedError(): EgressError {
  return new EgressError("EGRESS_CLOSED", "This egress is closed.", {
    hint: "The server is stopping; try again when it is up.",
  });
}
