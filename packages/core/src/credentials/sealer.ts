import type { JsonObject, Sealed } from "../ports/records.ts";

/**
 * Seals and opens what is stored of a credential. The purpose is bound into the ciphertext, so a value that was moved to
 * another connection or another workspace does not open.
 */
export interface Sealer {
  seal(workspaceId: string, purpose: string, value: JsonObject): Promise<Sealed>;
  /** Fails with KEY_UNAVAILABLE when the key is not there, and when the ciphertext is not the one sealed for this purpose. */
  open(workspaceId: string, purpose: string, sealed: Sealed): Promise<JsonObject>;
}
