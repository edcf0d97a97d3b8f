import type { EphemeralStore } from "../ports/stores.ts";
import type { Sealer } from "./sealer.ts";
import type { TokenPlace, TokenRow } from "./token-place.ts";
import { readTokenSet, type TokenSet, writeTokenSet } from "./token-set.ts";

const kind = "shared-token";
/** Tokens whose end is not known are asked for anew after this time. */
const unknownEndMs = 24 * 3_600_000;

/**
 * Stores a token that belongs to no connection alone: of a method that reads only workspace secrets, or of one that reads
 * the user. Such tokens can always be asked for again, so the last writer wins and no status is kept.
 */
export function sharedPlace(
  workspaceId: string,
  key: string,
  ports: { readonly ephemeral: EphemeralStore; readonly sealer: Sealer; readonly now: () => number },
): TokenPlace {
  const { ephemeral, sealer } = ports;
  const purpose = `${kind}:${key}`;
  return {
    workspaceId,
    key: `shared:${key}`,
    async load() {
      const sealed = await ephemeral.get(kind, key);
      if (sealed === undefined) return rowOf(null);
      return rowOf(readTokenSet(await sealer.open(workspaceId, purpose, sealed)));
    },
    async commit(_version, tokens) {
      const end = new Date(tokens.expiresAt ?? ports.now() + unknownEndMs).toISOString();
      await ephemeral.put(kind, key, await sealer.seal(workspaceId, purpose, writeTokenSet(tokens)), end);
      return rowOf(tokens);
    },
    mark: async () => undefined,
  };
}

/** The moment of the request serves as version: a later token replaces an earlier one. */
function rowOf(tokens: TokenSet | null): TokenRow {
  return { version: tokens?.obtainedAt ?? 0, tokens, status: "active", statusReason: null };
}
