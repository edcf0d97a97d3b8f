/** Bounds one request in time and size. Times are milliseconds, sizes bytes. */
export interface EgressLimits {
  /** Longest time for DNS, TCP and TLS together. Default 10,000. */
  readonly connectMs: number;
  /** Longest wait for the response head after the request was written. Default 30,000. */
  readonly headersMs: number;
  /** Longest silence between two pieces of the body. Default 30,000. */
  readonly bodyMs: number;
  /** Longest time for everything, redirects included; also bounds a peer that drips. Default 120,000. */
  readonly totalMs: number;
  /** Largest response body as sent, before decompression. Default 16 MiB. */
  readonly maxResponseBytes: number;
  /** Largest response body after decompression. Default 64 MiB. */
  readonly maxDecompressedBytes: number;
  /** Largest ratio of decompressed to sent bytes, looked at once the result passes 1 MiB. Default 200. */
  readonly maxDecompressionRatio: number;
  /** Largest response head. Default 32 KiB. */
  readonly maxHeaderBytes: number;
}

/** Holds the limits that apply where neither operator nor call says otherwise. */
export const DEFAULT_LIMITS: EgressLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  totalMs: 120_000,
  maxResponseBytes: 16 * 1024 * 1024,
  maxDecompressedBytes: 64 * 1024 * 1024,
  maxDecompressionRatio: 200,
  maxHeaderBytes: 32 * 1024,
};

/** Fills in the defaults and refuses values that are not positive whole numbers. */
export function resolveLimits(limits: Partial<EgressLimits> = {}): EgressLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new RangeError(`Egress limit ${name} must be a positive whole number, not ${String(value)}.`);
    }
  }
  return resolved;
}
