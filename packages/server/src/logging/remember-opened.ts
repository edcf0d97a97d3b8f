import type { JsonObject, Vault } from "@junctor/core";
import type { SecretValues } from "./secret-values.ts";

/** Whatever the vault seals or opens is a secret, so logs and problems are cleaned of it from then on. */
export function rememberOpened(vault: Vault, secrets: SecretValues): Vault {
  return {
    ...vault,
    seal(workspaceId, purpose, value) {
      secrets.add(secretsIn(purpose, value));
      return vault.seal(workspaceId, purpose, value);
    },
    async open(workspaceId, purpose, sealed) {
      const value = await vault.open(workspaceId, purpose, sealed);
      secrets.add(secretsIn(purpose, value));
      return value;
    },
    async openText(workspaceId, purpose, sealed) {
      const value = await vault.openText(workspaceId, purpose, sealed);
      secrets.add(value);
      return value;
    },
  };
}

/** Members that are secret in what is sealed as a whole; the rest of it (ids, addresses, words) may be read in a log. */
const secretMembers: Readonly<Record<string, readonly string[]>> = {
  "connection-credential": ["accessToken", "refreshToken", "tokenSecret"],
  "shared-token": ["accessToken", "refreshToken"],
  "oauth-state": ["codeVerifier", "temporarySecret"],
  "device-code": ["deviceCode"],
  "connect-ticket": [],
};

function secretsIn(purpose: string, value: JsonObject): unknown {
  const members = secretMembers[purpose.split(":", 1)[0] ?? ""];
  return members === undefined ? value : members.map((name) => value[name]);
}
