/** Fewest bytes of a secret that signs with HS256 (RFC 7518 section 3.2). */
export const leastSecretBytes = 32;

/** Whether a shared secret is long enough for HS256. */
export const isLongEnough = (secret: string): boolean => Buffer.byteLength(secret) >= leastSecretBytes;
