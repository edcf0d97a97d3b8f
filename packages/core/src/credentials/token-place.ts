import type { ConnectionStatus } from "../ports/records.ts";
import type { TokenSet } from "./token-set.ts";

/** The stored tokens of one place at one moment. */
export interface TokenRow {
  /** Grows with each write. */
  readonly version: number;
  readonly tokens: TokenSet | null;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
}

/**
 * Where one token set is stored: a connection, or (for methods that need none, or whose token belongs to a user) an
 * entry shared by all replicas. All of it is asynchronous; the keeper's memory is what makes a warm call cheap.
 */
export interface TokenPlace {
  readonly workspaceId: string;
  /** Names the place in leases, the journal and the keeper's memory. Holds no secret. */
  readonly key: string;
  /** Reads what is stored now, past every cache; `undefined` when the connection is gone. */
  load(): Promise<TokenRow | undefined>;
  /** Compare-and-set (R4): stores the tokens and makes the status active, unless the version has moved on. */
  commit(version: number, tokens: TokenSet): Promise<TokenRow | undefined>;
  /** Compare-and-set of the status alone: the stored tokens stay (R6). */
  mark(version: number, status: ConnectionStatus, reason: string): Promise<TokenRow | undefined>;
}

/** How the tokens of a place are renewed; made per call by the auth method. */
export interface TokenJob {
  /** Whether `obtain` has a chance without a person. */
  canRenew(tokens: TokenSet | null): boolean;
  /**
   * Asks for new tokens, presenting the stored ones if that is how the method renews. Fails with `TokenError`.
   * `row` is what was read under the lease.
   */
  obtain(row: TokenRow, signal: AbortSignal): Promise<TokenSet>;
  /** Whether the server may end the old grant with the answer (rotation): then the journal is kept. */
  readonly rotates: boolean;
}
