import { compileHostRules, type HostRules, matchesHost } from "../compile/host-rules.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { OpenSecret } from "../ports/sources.ts";
import type { CallState } from "./call-state.ts";

const compiled = new WeakMap<OpenSecret, HostRules>();

/** Refuses to send workspace secrets to hosts that they are not bound to (SECRET_HOST_REFUSED). */
export function checkSecretHosts(
  state: CallState,
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
