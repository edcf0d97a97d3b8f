/** Lists port ranges, both ends included; undefined means the ports of the policy, `"any"` every port. */
export type RulePorts = ReadonlyArray<readonly [number, number]> | "any" | undefined;

/** Matches a host as it is written in a URL. `suffix` starts with a dot and matches any depth below, not the name itself. */
export interface HostRule {
  readonly kind: "host" | "suffix";
  readonly name: string;
  readonly ports: RulePorts;
}

/** Matches a resolved or literal address. */
export interface RangeRule {
  readonly kind: "range";
  readonly bytes: readonly number[];
  readonly bits: number;
  readonly ports: RulePorts;
}

/** Opens (or, in `deny`, closes) hosts or addresses. */
export type AllowRule = HostRule | RangeRule;
