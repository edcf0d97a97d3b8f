import type { IssuerSetting } from "./workspace-settings.ts";

type Naming = Pick<IssuerSetting, "issuer" | "claims">;

/**
 * Tells whether two records name the users of one issuer by the same claim, so that one id is one user. An `iss` is not enough: an id
 * that one record reads from `sub` may be somebody else's e-mail address in the other.
 */
export const namesAlike = (one: Naming, other: Naming): boolean =>
  one.issuer === other.issuer && (one.claims?.id ?? "/sub") === (other.claims?.id ?? "/sub");
