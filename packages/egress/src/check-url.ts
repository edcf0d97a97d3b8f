import type { EgressError } from "./errors.ts";

/**
 * Answers a static check. `allowed` with `lookup: true` means that the name's addresses are still to be classified when it is
 * called; `needsAllowedAddress` adds that each of them must be in a range of `allow` (plain HTTP).
 */
export type UrlCheck =
  | { readonly kind: "allowed"; readonly url: URL; readonly lookup: boolean; readonly needsAllowedAddress: boolean }
  | { readonly kind: "refused"; readonly error: EgressError };
