import { compileHostRules, type HostRules, matchesHost } from "../compile/host-rules.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { OpenSecret, SecretSource } from "../ports/sources.ts";

const compiled = new WeakMap<OpenSecret, HostRules>();

/** What of a call the check needs. */
export interface SecretHolder {
  readonly context: { readonly secrets: SecretSource };
  readonly call: { readonly workspace: { readonly id: string } };
}

/** Refuses to send workspace secrets to hosts that they are not bound to (SECRET_HOST_REFUSED). */
export function checkSecretHosts(
  state: SecretHolder,
  names: readonly string[],
  url: { readonly hostname: string; readonly host: string },
): void {
  for (const name of names) {
    const secret = state.context.secrets.peek(state.call.workspace.id, name);
    if (!secret) continue;
    let rules = compiled.get(secret);
    if (rules === undefined) {
      rules = compileHostRules(secret.hosts);
      compiled.set(secret, rules);
    }
    if (matchesHost(rules, url)) continue;
    throw new ConnectorError("SECRET_HOST_REFUSED", `The secret "${name}" may not be sent to ${url.host}.`, {
      hint: `Add "${url.host}" to the hosts of the secret, if it belongs there.`,
    });
  }
}
