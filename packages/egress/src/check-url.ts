import { isIP } from "node:net";
import { type AllowRule, ruleCoversPort, ruleMatchesAddress, ruleMatchesHost, ruleOpensKind } from "./allow-rule.ts";
import { type AddressClass, classifyAddress } from "./classify-address.ts";
import { describeUrl, EgressError } from "./errors.ts";
import type { EgressPolicy } from "./policy.ts";
import { DANGEROUS_PORTS, includesPort } from "./ports.ts";

/**
 * Answers a static check. `lookup` means that the name's addresses are still to be classified when it is called;
 * `needsAllowedAddress` adds that each of them must then be matched by a range of `allow` (plain HTTP, or a port that isn't open).
 */
export type UrlCheck =
  | { readonly kind: "allowed"; readonly url: URL; readonly lookup: boolean; readonly needsAllowedAddress: boolean }
  | { readonly kind: "refused"; readonly error: EgressError };

/** Holds the parts of a URL that decide whether a connection may be made. */
export interface Destination {
  /** Lower case, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

const HOSTNAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** What `localhost` resolves to, so that a static check can tell whether a range rule would open it. */
const LOOPBACK: readonly AddressClass[] = [classifyAddress("127.0.0.1"), classifyAddress("::1")];

/** Names that cloud platforms answer with credentials; they are refused even where DNS gives a public address. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
  "instance-data",
  "instance-data.ec2.internal",
]);

/**
 * Checks a URL against a policy without asking DNS:
 *
 *     text ─► parse ─► scheme ─► user info ─► host form ─► deny ─► only ─► port ─► literal address ─► allowed
 *                URL_INVALID  SCHEME   URL_INVALID   HOST     HOST    HOST    PORT    ADDRESS
 */
export function checkUrl(input: string | URL, policy: EgressPolicy): UrlCheck {
  const url = typeof input === "string" ? parseUrl(input) : input;
  if (url instanceof EgressError) return { kind: "refused", error: url };
  // The origin of a blob URL is that of the address inside it.
  const known = isHttp(url) ? knownOrigins.get(policy)?.get(url.origin) : undefined;
  // What a policy says of an origin never changes; the user part belongs to the one URL.
  if (known !== undefined && url.username === "" && url.password === "") return { ...known, url };
  const check = checkParsedUrl(url, policy);
  if (check.kind === "allowed") rememberOrigin(policy, url.origin, check);
  return check;
}

/** What a request is addressed with: an origin as `URL.origin` writes it, and path with query. */
export interface PlainUrl {
  readonly origin: string;
  readonly path: string;
}

/**
 * Reads a URL to an origin that the policy is known to allow, if the URL parser would leave its text as it is; undefined
 * says only that it has to be parsed. Most calls go where others went, and parsing costs more than the other checks.
 */
export function readPlainUrl(text: string, policy: EgressPolicy): PlainUrl | undefined {
  const slash = text.indexOf("/", "https://".length);
  if (slash < 0) return undefined;
  const origin = text.slice(0, slash);
  if (knownOrigins.get(policy)?.has(origin) !== true) return undefined;
  const path = text.slice(slash);
  if (!PLAIN_PATH.test(path) || path.includes("/.") || path.includes("/%2")) return undefined;
  // A question mark with nothing behind it is no query.
  return path.endsWith("?") ? undefined : { origin, path };
}

/** Characters that stand for themselves in path and query: no quote, bracket, hash or backslash. Dot segments are another matter. */
const PLAIN_PATH = /^[\w\-.~!$&()*+,;=:@%/?]+$/;

type Allowed = Omit<Extract<UrlCheck, { readonly kind: "allowed" }>, "url">;

/** Origins that a policy was found to allow, so that a call to a known one classifies nothing. */
const knownOrigins = new WeakMap<EgressPolicy, Map<string, Allowed>>();
const MAX_KNOWN_ORIGINS = 1_000;

function rememberOrigin(policy: EgressPolicy, origin: string, { kind, lookup, needsAllowedAddress }: Allowed): void {
  const origins = knownOrigins.get(policy) ?? new Map<string, Allowed>();
  if (origins.size >= MAX_KNOWN_ORIGINS) origins.clear();
  origins.set(origin, { kind, lookup, needsAllowedAddress });
  knownOrigins.set(policy, origins);
}

function checkParsedUrl(url: URL, policy: EgressPolicy): UrlCheck {
  const error = checkForm(url) ?? checkName(url, policy);
  if (error !== undefined) return { kind: "refused", error };

  const destination = readDestination(url);
  if (isIP(destination.hostname) !== 0) {
    const refusal = checkAddress(destination.hostname, destination, policy);
    if (refusal !== undefined) return { kind: "refused", error: withUrl(refusal, url) };
    return { kind: "allowed", url, lookup: false, needsAllowedAddress: false };
  }
  const mayOpen = policy.allow.some(
    (rule) => ruleMatchesHost(rule, destination.hostname) && covers(rule, destination, policy),
  );
  if (mayOpen) return { kind: "allowed", url, lookup: true, needsAllowedAddress: false };
  const closed = checkUnruled(destination, policy);
  if (closed === undefined) return { kind: "allowed", url, lookup: true, needsAllowedAddress: false };
  // A range rule can still open it, once the addresses are known.
  const canStillOpen = policy.allow.some((rule) => rule.kind === "range" && covers(rule, destination, policy));
  if (canStillOpen) return { kind: "allowed", url, lookup: true, needsAllowedAddress: true };
  return { kind: "refused", error: withUrl(closed, url) };
}

/** Reads host, port and scheme of a URL that passed {@link checkUrl}. */
export function readDestination(url: URL): Destination {
  const secure = url.protocol === "https:";
  const hostname = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  return { hostname, secure, port: url.port === "" ? (secure ? 443 : 80) : Number(url.port) };
}

/** Checks one literal or resolved address for a destination; answers why it is refused, or undefined. */
export function checkAddress(address: string, to: Destination, policy: EgressPolicy): EgressError | undefined {
  const found = classifyAddress(address);
  const denied = policy.deny.some((rule) => ruleMatchesAddress(rule, found) && deniesPort(rule, to.port));
  if (denied) return refusal(to, found, address, "is closed by the operator's deny list");

  for (const rule of policy.allow) {
    const matches = ruleMatchesAddress(rule, found) || ruleMatchesHost(rule, to.hostname);
    if (matches && covers(rule, to, policy) && ruleOpensKind(rule, found)) return undefined;
  }
  if (found.kind !== "public") {
    return refusal(to, found, address, `is refused: ${found.reason}`);
  }
  return checkUnruled(to, policy);
}

/** Applies the rules for scheme and port to a destination that no allow rule matches. */
function checkUnruled(to: Destination, policy: EgressPolicy): EgressError | undefined {
  if (!to.secure && !policy.allowHttp) {
    return new EgressError("EGRESS_SCHEME_REFUSED", `Plain HTTP to ${to.hostname} is refused.`, {
      hostname: to.hostname,
      hint: `Use https, or have the operator allow "${writeHost(to)}".`,
    });
  }
  const open = !DANGEROUS_PORTS.has(to.port) && (policy.ports === "any" || includesPort(policy.ports, to.port));
  if (open) return undefined;
  return new EgressError("EGRESS_PORT_REFUSED", `Port ${to.port} of ${to.hostname} is refused.`, {
    hostname: to.hostname,
    hint: `Have the operator allow "${writeHost(to)}".`,
  });
}

function refusal(to: Destination, found: AddressClass, address: string, why: string): EgressError {
  const what = address === to.hostname ? address : `${to.hostname} resolves to ${address}, which`;
  const details = { hostname: to.hostname, address, hint: hintFor(found, to) };
  return new EgressError("EGRESS_ADDRESS_REFUSED", `${what} ${why}.`, details);
}

function hintFor(found: AddressClass, to: Destination): string {
  switch (found.kind) {
    case "unspecified":
    case "multicast":
    case "broadcast":
    case "invalid":
      return "This address can't be opened. Use the address of the service itself.";
    case "metadata":
      return "This address gives out credentials of the machine. Only a rule that names this very address opens it.";
    default:
      return `If this service is meant, have the operator allow "${writeHost(to)}".`;
  }
}

function writeHost(to: Destination): string {
  const host = to.hostname.includes(":") ? `[${to.hostname}]` : to.hostname;
  return `${host}:${to.port}`;
}

function covers(rule: AllowRule, to: Destination, policy: EgressPolicy): boolean {
  return ruleCoversPort(rule, to.port, policy.ports);
}

function deniesPort(rule: AllowRule, port: number): boolean {
  return rule.ports === undefined || rule.ports === "any" || includesPort(rule.ports, port);
}

function parseUrl(text: string): URL | EgressError {
  // The URL parser drops tabs and line breaks and reads a backslash as a slash, so what it accepts isn't what a person reads.
  const authority = text.split(/[?#]/, 1)[0] ?? "";
  if (/[\u0000-\u0020\u007f]/.test(text) || authority.includes("\\")) {
    return new EgressError("EGRESS_URL_INVALID", "The URL contains white space, a control character or a backslash.", {
      hint: "Percent-encode it, or remove it.",
    });
  }
  const url = URL.parse(text);
  if (url !== null) return url;
  return new EgressError("EGRESS_URL_INVALID", "This is not an absolute URL.", {
    hint: "Write scheme, host and path, for instance https://api.example.com/v1.",
  });
}

const isHttp = ({ protocol }: URL): boolean => protocol === "https:" || protocol === "http:";

function checkForm(url: URL): EgressError | undefined {
  if (!isHttp(url)) {
    return new EgressError("EGRESS_SCHEME_REFUSED", `The scheme ${url.protocol} is refused.`, { hint: "Use https." });
  }
  if (url.username !== "" || url.password !== "") {
    return new EgressError("EGRESS_URL_INVALID", "The URL carries a user name or password.", {
      url: describeUrl(url),
      hostname: url.hostname,
      hint: "Send credentials through the connection's authentication.",
    });
  }
  if (url.hostname.startsWith("[") || isIP(url.hostname) !== 0) return undefined;
  if (url.hostname.length <= 253 && HOSTNAME.test(url.hostname)) return undefined;
  return new EgressError("EGRESS_URL_INVALID", `"${url.hostname}" is not a host name that can be resolved.`, {
    url: describeUrl(url),
    hint: "Write letters, digits and hyphens between single dots, without a dot at the end.",
  });
}

function checkName(url: URL, policy: EgressPolicy): EgressError | undefined {
  const to = readDestination(url);
  const details = { url: describeUrl(url), hostname: to.hostname };
  const literal = isIP(to.hostname) === 0 ? undefined : classifyAddress(to.hostname);
  const matches = (rule: AllowRule): boolean =>
    literal === undefined ? ruleMatchesHost(rule, to.hostname) : ruleMatchesAddress(rule, literal);

  if (policy.deny.some((rule) => ruleMatchesHost(rule, to.hostname) && deniesPort(rule, to.port))) {
    const hint = "The operator has closed this host.";
    return new EgressError("EGRESS_HOST_REFUSED", `${to.hostname} is closed by the operator's deny list.`, {
      ...details,
      hint,
    });
  }
  if (
    policy.only !== undefined &&
    !policy.only.some((rule) => matches(rule) && (rule.ports === undefined || deniesPort(rule, to.port)))
  ) {
    const hint = `Have the operator add "${writeHost(to)}" to the list.`;
    return new EgressError("EGRESS_HOST_REFUSED", `${to.hostname} is not on the operator's list of hosts.`, {
      ...details,
      hint,
    });
  }
  if (literal !== undefined) return undefined;
  const named = policy.allow.some(
    (rule) => rule.kind === "host" && rule.name === to.hostname && covers(rule, to, policy),
  );
  if (METADATA_NAMES.has(to.hostname) && !named) {
    const hint = "Only a rule that names this very host, and one for its address, open it.";
    return new EgressError("EGRESS_HOST_REFUSED", `${to.hostname} is a cloud metadata service.`, { ...details, hint });
  }
  if (
    (to.hostname === "localhost" || to.hostname.endsWith(".localhost")) &&
    !policy.allow.some((rule) => matches(rule) || LOOPBACK.some((address) => ruleMatchesAddress(rule, address)))
  ) {
    const hint = `If this service is meant, have the operator allow "${writeHost(to)}".`;
    return new EgressError("EGRESS_HOST_REFUSED", `${to.hostname} is this machine (RFC 6761).`, { ...details, hint });
  }
  return undefined;
}

function withUrl(error: EgressError, url: URL): EgressError {
  return new EgressError(error.code, error.message, {
    url: describeUrl(url),
    ...(error.hostname !== undefined && { hostname: error.hostname }),
    ...(error.address !== undefined && { address: error.address }),
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}
