import type { ClaimMapping, Policy, SettingRecord, UserTokenAlgorithm } from "@junctor/core";

/** A trusted issuer as it is stored: its shared secret is the name of a workspace secret. */
export interface IssuerSetting {
  readonly workspaceId: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly UserTokenAlgorithm[];
  readonly key:
    | { readonly kind: "secret"; readonly secret: string }
    | { readonly kind: "publicKey"; readonly pem: string }
    | { readonly kind: "jwks"; readonly url: string };
  readonly claims?: ClaimMapping;
  readonly maxLifetimeSeconds?: number;
  readonly subjectPrefix?: string;
}

/** What the settings of all workspaces say of callers, arranged for looking up. Never changed once made. */
export interface CallerSettings {
  /** By `iss`; several workspaces may trust the same issuer. */
  readonly issuers: ReadonlyMap<string, readonly IssuerSetting[]>;
  /** By workspace. */
  readonly issuersOf: ReadonlyMap<string, readonly IssuerSetting[]>;
  /** By workspace. */
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  /** Browser origins by workspace, for callers with a user token and no publishable key. */
  readonly origins: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Arranges the stored settings of kind `issuer`, `policy` and `cors`. */
export function arrangeSettings(records: readonly SettingRecord[]): CallerSettings {
  const issuers = new Map<string, IssuerSetting[]>();
  const issuersOf = new Map<string, IssuerSetting[]>();
  const policies = new Map<string, Policy[]>();
  const origins = new Map<string, Set<string>>();
  for (const { workspaceId, kind, name, value } of records) {
    if (kind === "issuer") {
      const setting = { ...(value as unknown as IssuerSetting), workspaceId, name };
      issuers.set(setting.issuer, [...(issuers.get(setting.issuer) ?? []), setting]);
      issuersOf.set(workspaceId, [...(issuersOf.get(workspaceId) ?? []), setting]);
    } else if (kind === "policy") {
      policies.set(workspaceId, [...(policies.get(workspaceId) ?? []), value as unknown as Policy]);
    } else if (kind === "cors") {
      const list = (value as { readonly origins?: readonly string[] }).origins ?? [];
      origins.set(workspaceId, new Set([...(origins.get(workspaceId) ?? []), ...list]));
    }
  }
  return { issuers, issuersOf, policies, origins };
}
