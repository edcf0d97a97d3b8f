import { createHash } from "node:crypto";
import {
  type CacheEntry,
  type CacheRequest,
  type Change,
  decodeEntry,
  encodeEntry,
  type HttpCache,
  type SharedCache,
  type Stores,
  type Vault,
} from "@junctor/core";

/** How long an entry that can only be revalidated is kept. */
const revalidationMs = 24 * 60 * 60_000;

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Purpose under which a kept response is sealed: bound to its key, so that it cannot be passed off for another. */
const purposeOf = (key: string): string => `cached-response:${key}`;

/** The workspace that a resource belongs to: its first line. */
const workspaceOf = (resource: string): string => resource.slice(0, resource.indexOf("\n"));

/** The connector that a scope names, with its end: its second line. */
const connectorOf = (scope: string): string => scope.slice(scope.indexOf("\n") + 1);

/**
 * Keeps upstream responses in the database, for all replicas: under a hash of the key, and sealed, because a response
 * may hold anything. Dropping tells the other replicas.
 */
export function createSharedResponses(stores: Pick<Stores, "responseCache" | "changes">, vault: Vault): SharedCache {
  const { responseCache, changes } = stores;
  return {
    async get({ key, resource }: CacheRequest) {
      const hashed = hash(key);
      const sealed = await responseCache.get(hashed);
      const opened = await Promise.all(
        sealed.map((value) => open(vault, workspaceOf(resource), hashed, Buffer.from(value).toString("latin1"))),
      );
      return opened.filter((entry) => entry !== undefined);
    },
    async put({ key, resource, scope }: CacheRequest, entry: CacheEntry) {
      const useful = usefulMs(entry);
      if (useful <= 0) return;
      const hashed = hash(key);
      const text = Buffer.from(encodeEntry(entry)).toString("base64");
      const sealed = await vault.sealText(workspaceOf(resource), purposeOf(hashed), text);
      await responseCache.put({
        key: hashed,
        // The connector comes first, so that what it keeps can be found by it.
        variant: `${connectorOf(scope)}${hash(JSON.stringify(entry.selecting))}`,
        resource,
        value: Buffer.from(sealed, "latin1"),
        expiresAt: new Date(Date.now() + useful).toISOString(),
      });
    },
    async deleteResource(resource) {
      await responseCache.deleteResource(resource);
      await changes.publish({ kind: "purge", workspaceId: workspaceOf(resource), key: `=${resource}` });
    },
    async deleteScopes(prefix) {
      const workspaceId = workspaceOf(prefix);
      await responseCache.deletePrefix(prefix === "" ? "" : `${workspaceId}\n`, connectorOf(prefix));
      await changes.publish({ kind: "purge", workspaceId, key: `^${prefix}` });
    },
  };
}

/** Follows what another replica dropped. */
export function followPurge(cache: HttpCache, { kind, key }: Change): void {
  if (kind === "purge") cache.forget(key.slice(1), key.startsWith("="));
  if (kind === "everything") cache.forget("", false);
}

/** A value that cannot be opened any more (its key is gone) is a miss. */
async function open(vault: Vault, workspaceId: string, key: string, sealed: string): Promise<CacheEntry | undefined> {
  try {
    return decodeEntry(Buffer.from(await vault.openText(workspaceId, purposeOf(key), sealed), "base64"));
  } catch {
    return undefined;
  }
}

function usefulMs({ policy, response, staleWhileRevalidate, staleIfError }: CacheEntry): number {
  const validated = response.headers.etag !== undefined || response.headers["last-modified"] !== undefined;
  const stale = Math.max(staleWhileRevalidate, staleIfError) * 1_000;
  return Math.max(0, (policy.maxAge() - policy.age()) * 1_000) + Math.max(stale, validated ? revalidationMs : 0);
}
