import type { Limits } from "./types.ts";

/** The limits of an environment that names none. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  steps: 500_000,
  milliseconds: 50,
  outputBytes: 4 << 20,
  allocationBytes: 16 << 20,
  depth: 100,
  integerBits: 65_536,
  sourceBytes: 512 << 10,
  sourceTokens: 20_000,
  sourceDepth: 80,
});
