import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ApiKeyRecord } from "@junctor/core";

/** A new key and its record. The key itself is in no record. */
export interface NewApiKey {
  readonly key: string;
  readonly record: ApiKeyRecord;
}

/** What a new key is for. */
export interface ApiKeyWish {
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: ApiKeyRecord["kind"];
  readonly scopes: readonly string[];
  readonly origins?: readonly string[];
  readonly expiresAt?: string | null;
  /** The key, where the operator chose it. Default: 32 random bytes. */
  readonly key?: string;
}

/** Makes a key: `jk_` (`jp_` for a publishable one) and 43 characters of base64url. */
export function createApiKey(wish: ApiKeyWish): NewApiKey {
  const prefix = wish.kind === "publishable" ? "jp_" : "jk_";
  const key = wish.key ?? `${prefix}${randomBytes(32).toString("base64url")}`;
  return {
    key,
    record: {
      id: `key_${randomBytes(12).toString("hex")}`,
      workspaceId: wish.workspaceId,
      kind: wish.kind,
      name: wish.name,
      prefix: key.slice(0, 8),
      hash: hashApiKey(key),
      scopes: wish.scopes,
      origins: wish.origins ?? [],
      expiresAt: wish.expiresAt ?? null,
      createdAt: new Date().toISOString(),
      revokedAt: null,
    },
  };
}

/** Hashes a key with SHA-256, in hex. A key has 256 random bits, so a slow hash would add nothing. */
export const hashApiKey = (key: string): string => hash("sha256", key, "hex");

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a, "latin1");
  const right = Buffer.from(b, "latin1");
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Reads the key out of an `Authorization` header; undefined if there is none of the form `Bearer jk_…`. */
export function readBearer(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 300) return undefined;
  const match = /^bearer +(j[kp]_[A-Za-z0-9_-]{32,})$/i.exec(header);
  return match?.[1];
}
