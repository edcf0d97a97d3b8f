import type { ConnectionRecord } from "../ports/records.ts";
import type { ConnectionStore } from "../ports/stores.ts";
import type { Sealer } from "./sealer.ts";
import type { TokenPlace, TokenRow } from "./token-place.ts";
import { readTokenSet, type TokenSet, writeTokenSet } from "./token-set.ts";

/** Names the purpose under which a connection's tokens are sealed. */
export function credentialPurpose(connectionId: string): string {
  return `connection-credential:${connectionId}`;
}

/** Names the purpose under which a connection's secret parameters are sealed. */
export function parametersPurpose(connectionId: string): string {
  return `connection-parameters:${connectionId}`;
}

/** Stores the tokens of a connection in its own row. */
export function connectionPlace(
  workspaceId: string,
  connectionId: string,
  ports: { readonly connections: ConnectionStore; readonly sealer: Sealer },
): TokenPlace {
  const { connections, sealer } = ports;
  const purpose = credentialPurpose(connectionId);
  const read = async (record: ConnectionRecord | undefined): Promise<TokenRow | undefined> => {
    if (record === undefined) return undefined;
    const { sealedCredential } = record;
    const opened = sealedCredential === null ? null : await sealer.open(workspaceId, purpose, sealedCredential);
    return rowOf(record, readTokenSet(opened));
  };
  return {
    workspaceId,
    key: `connection:${connectionId}`,
    load: async () => read(await connections.get(workspaceId, connectionId)),
    async commit(version, tokens) {
      const record = await connections.update(workspaceId, connectionId, version, {
        sealedCredential: await sealer.seal(workspaceId, purpose, writeTokenSet(tokens)),
        expiresAt: tokens.expiresAt === null ? null : new Date(tokens.expiresAt).toISOString(),
        status: "active",
        statusReason: null,
      });
      return record === undefined ? undefined : rowOf(record, tokens);
    },
    mark: async (version, status, statusReason) =>
      read(await connections.update(workspaceId, connectionId, version, { status, statusReason })),
  };
}

function rowOf(record: ConnectionRecord, tokens: TokenSet | null): TokenRow {
  return { version: record.version, tokens, status: record.status, statusReason: record.statusReason };
}
