/** Wraps and unwraps data keys with the operator's master key: environment, file, or a key service. */
export interface KeyPort {
  /** Id of the master key that `wrap` uses now. */
  readonly currentKeyId: string;
  /** Ids of all master keys that `unwrap` knows, the current one first. */
  readonly keyIds: readonly string[];
  /** Encrypts a 32-byte data key, with `context` as associated data; the answer is text. */
  wrap(dataKey: Uint8Array, context: string): Promise<string>;
  /** Decrypts with the master key named by `keyId`; fails with KEY_UNAVAILABLE when it is not there. */
  unwrap(wrapped: string, keyId: string, context: string): Promise<Uint8Array>;
}
