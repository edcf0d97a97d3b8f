import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Makes continuations that only we can have written: what a continuation holds becomes part of a request that carries a
 * credential. Replicas must share the sealer, so that a page may be read from another one.
 */
export interface ContinuationSealer {
  seal(workspaceId: string, text: string): Promise<string>;
  /** Undefined for what was not sealed for this workspace. */
  open(workspaceId: string, sealed: string): Promise<string | undefined>;
}

/** A sealer with a key of its own, for a single process: continuations end with it. */
export function createLocalContinuationSealer(): ContinuationSealer {
  const key = randomBytes(32);
  const sign = (workspaceId: string, text: string): Buffer =>
    createHmac("sha256", key).update(`${workspaceId}\n${text}`).digest();
  return {
    seal: async (workspaceId, text) =>
      `${Buffer.from(text).toString("base64url")}.${sign(workspaceId, text).toString("base64url")}`,
    async open(workspaceId, sealed) {
      const [content = "", mac = ""] = sealed.split(".");
      const text = Buffer.from(content, "base64url").toString();
      const given = Buffer.from(mac, "base64url");
      const expected = sign(workspaceId, text);
      return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined;
    },
  };
}
