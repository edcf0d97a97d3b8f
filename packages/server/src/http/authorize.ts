import { coversScope, type Scope } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import { readBearer } from "../keys/api-key.ts";
import type { KeyHolder, KeyRing } from "../keys/key-ring.ts";

/**
 * Finds out who calls by the `Authorization` header. Synchronous when the key is warm. Throws (or rejects with)
 * UNAUTHENTICATED, with the same words whatever was wrong with the key.
 */
export function authenticate(keys: KeyRing, authorization: string | undefined): KeyHolder | Promise<KeyHolder> {
  const key = readBearer(authorization);
  if (key === undefined) throw unauthenticated();
  return keys.peek(key) ?? loadHolder(keys, key);
}

async function loadHolder(keys: KeyRing, key: string): Promise<KeyHolder> {
  const holder = await keys.load(key);
  if (holder === undefined) throw unauthenticated();
  return holder;
}

/** Throws FORBIDDEN unless the key is a service key that covers the scope. */
export function requireScope(holder: KeyHolder, scope: Scope): void {
  if (holder.key.kind !== "service") {
    throw new ConnectorError("FORBIDDEN", "A publishable key may not call this route.", {
      hint: "Call it from your own server with a service key.",
    });
  }
  if (!coversScope(holder.key.scopes, scope)) {
    throw new ConnectorError("FORBIDDEN", `The key lacks the scope ${scope}.`, {
      hint: `Use a key with the scope ${scope}.`,
    });
  }
}

function unauthenticated(): ConnectorError {
  return new ConnectorError("UNAUTHENTICATED", "The request carries no valid key.", {
    hint: "Send Authorization: Bearer jk_… with a key that exists and has not ended.",
  });
}
