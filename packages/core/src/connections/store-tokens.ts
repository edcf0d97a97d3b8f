import { connectionPlace } from "../credentials/connection-place.ts";
import type { Sealer } from "../credentials/sealer.ts";
import { readMoment } from "../credentials/token-expiry.ts";
import { makeTokenSet, type TokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Clock } from "../ports/sources.ts";
import type { ConnectionStore } from "../ports/stores.ts";

/** What storing tokens by hand needs. */
export interface StoreTokensPorts {
  readonly connections: ConnectionStore;
  readonly sealer: Sealer;
}

/** Bounded: each turn means that somebody else wrote the connection in the meantime. */
const maxTurns = 20;

/**
 * Stores tokens that a person brought, by authorizing or by importing. They win over whatever is stored: a renewal of the old
 * grant that is under way will find another grant and adopt it. Fails with CONNECTION_UNKNOWN, or CONFLICT after many races.
 */
export async function storeTokens(
  workspaceId: string,
  connectionId: string,
  tokens: TokenSet,
  ports: StoreTokensPorts,
): Promise<void> {
  const place = connectionPlace(workspaceId, connectionId, ports);
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await place.load();
    if (row === undefined) throw new ConnectorError("CONNECTION_UNKNOWN", "The connection was deleted.");
    const fence = Math.max(tokens.fence, row.tokens?.fence ?? 0);
    if ((await place.commit(row.version, { ...tokens, fence })) !== undefined) return;
  }
  throw new ConnectorError("CONFLICT", "The connection is being written by others all the time.", {
    hint: "Try again.",
  });
}

/** Tokens as somebody imports them: from another system, or from a developer console. */
export interface ImportedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** ISO 8601, or epoch seconds or milliseconds. */
  readonly expiresAt?: string | number;
  /** Values that a token answer would have brought (`instance_url`, …). */
  readonly values?: TokenSet["values"];
  /** Secret of an OAuth 1.0a token. */
  readonly tokenSecret?: string;
}

/** Reads imported tokens. Fails with INPUT_INVALID when the expiry cannot be read. */
export function readImportedTokens(imported: ImportedTokens, clock: Pick<Clock, "now" | "newId">): TokenSet {
  const end = imported.expiresAt === undefined ? undefined : readMoment(imported.expiresAt);
  if (imported.expiresAt !== undefined && end === undefined) {
    throw new ConnectorError("INPUT_INVALID", "The expiry of the imported tokens is not a moment.", {
      details: [{ pointer: "/credential/expiresAt", message: "Write ISO 8601, or epoch seconds." }],
    });
  }
  return makeTokenSet({
    accessToken: imported.accessToken,
    refreshToken: imported.refreshToken ?? null,
    tokenSecret: imported.tokenSecret ?? null,
    expiresAt: end ?? null,
    obtainedAt: clock.now(),
    values: imported.values ?? {},
    grantId: clock.newId(),
  });
}
