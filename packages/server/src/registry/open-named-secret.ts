import { ConnectorError, compileHostRules, matchesHost, secretPurpose } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";

/**
 * Opens a workspace secret that a repository names; undefined when it names none. A secret that is to be sent to a URL
 * must be bound to its host, as it must in a connector (SECRET_HOST_REFUSED).
 */
export async function openNamedSecret(
  { stores, vault }: Pick<ServerContext, "stores" | "vault">,
  workspaceId: string,
  name: string | undefined,
  sentTo?: string,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const secret = await stores.secrets.get(workspaceId, name);
  if (secret !== undefined && sentTo !== undefined) requireBound(name, secret.hosts, sentTo);
  if (secret !== undefined) return vault.openText(workspaceId, secretPurpose(name), secret.sealed);
  throw new ConnectorError("SECRET_UNKNOWN", `The repository names a secret "${name}" that does not exist.`, {
    hint: `Write it with PUT /v1/secrets/${name}.`,
  });
}

function requireBound(name: string, hosts: readonly string[], address: string): void {
  const url = URL.parse(address);
  if (url !== null && matchesHost(compileHostRules(hosts), url)) return;
  const host = url?.host ?? "that address";
  throw new ConnectorError("SECRET_HOST_REFUSED", `The secret "${name}" may not be sent to ${host}.`, {
    hint: `Add "${host}" to the hosts of the secret, if it belongs there.`,
  });
}
