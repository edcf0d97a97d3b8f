import { matchesHost } from "../compile/host-rules.ts";
import type { CallState } from "./call-state.ts";

/**
 * Says whether a credential of the call may go to an address that an answer led to: the host of the base URL, that of the
 * planned request if it may carry one, and the declared ones; a bare `*` names no host for credentials. How often an answer
 * redirected before does not count: a host that is not trusted stays so when it redirects to itself. Nothing goes from
 * HTTPS to plain HTTP.
 */
export function mayCarryCredential({ plan, base, connector }: CallState, url: URL): boolean {
  if (url.protocol !== "https:" && plan?.origin.startsWith("https:") !== false) return false;
  if (base?.host === url.host) return true;
  if (plan?.credentialHost === true && plan.host === url.host) return true;
  return matchesHost({ ...connector.hosts, any: false }, url);
}
