/** Holds one address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host name to all its addresses; rejects if there are none. */
export type LookupAddresses = (hostname: string) => Promise<readonly ResolvedAddress[]>;
