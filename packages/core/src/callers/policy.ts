import type { Caller, CallerKind } from "../execute/call.ts";
import type { ConnectionRecord } from "../ports/records.ts";
import { userIdOf } from "./user-id.ts";

/**
 * Who may call what, from where, with which connections and how often. A workspace has a list of policies; the nearest one to an action
 * decides alone: action over connector over `*`, and of equally near ones the first.
 *
 *   no policy names the action ─► service keys with the scope `execute` may call it, nobody else
 *   a policy names it ──────────► callers that meet every condition it states may call it, nobody else
 */
export interface Policy {
  /** Connector name, or `*`. */
  readonly connector: string;
  /** Action name, or `*`. */
  readonly action: string;
  readonly allow: {
    /** Kinds of caller; anonymous callers must be named here. */
    readonly callers: readonly CallerKind[];
    /** A user needs one of these roles. */
    readonly roles?: readonly string[];
    /** A user needs one of these groups. */
    readonly groups?: readonly string[];
    /** Browser origins; a call from a browser must come from one of them. */
    readonly origins?: readonly string[];
    /**
     * Names of the connections that a call may name; `*` is any. Default: any for service keys and engines, and for the
     * others none but a user's own. A user's own connection need not be listed; a call that names none uses none.
     */
    readonly connections?: readonly string[];
  };
  /** How many calls one caller may make; anonymous callers are counted by address. */
  readonly rateLimit?: { readonly limit: number; readonly windowMs: number };
}

export interface PolicyQuestion {
  readonly caller: Caller;
  readonly connector: string;
  readonly action: string;
  /** The `Origin` header; undefined when the call does not come from a browser. */
  readonly origin?: string;
}

export type PolicyDecision =
  | {
      readonly allowed: true;
      readonly rateLimit: Policy["rateLimit"] | undefined;
      /** Names of the connections that the call may name beside the user's own; undefined: any. */
      readonly connections: readonly string[] | undefined;
    }
  | { readonly allowed: false; readonly reason: string };

/** Decides whether a caller may call an action. Pure; the reason of a refusal names the condition, not the values. */
export function decidePolicy(policies: readonly Policy[], question: PolicyQuestion): PolicyDecision {
  const policy = findNearest(policies, question);
  const { caller, origin } = question;
  if (policy === undefined) {
    return caller.kind === "service"
      ? { allowed: true, rateLimit: undefined, connections: undefined }
      : { allowed: false, reason: `No policy lets ${caller.kind} callers call this action.` };
  }
  const { callers, roles, groups, origins, connections = defaultConnections(caller.kind) } = policy.allow;
  if (!callers.includes(caller.kind)) return refuse(`The policy does not admit ${caller.kind} callers.`);
  if (roles !== undefined && !roles.some((role) => caller.user?.roles.includes(role))) {
    return refuse("The policy asks for a role that the user does not have.");
  }
  if (groups !== undefined && !groups.some((group) => caller.user?.groups.includes(group))) {
    return refuse("The policy asks for a group that the user is not in.");
  }
  if (origins !== undefined && origin !== undefined && !origins.includes(origin)) {
    return refuse("The policy does not admit calls from this origin.");
  }
  return {
    allowed: true,
    rateLimit: policy.rateLimit,
    connections: connections.includes(ANY) ? undefined : connections,
  };
}

const ANY = "*";

/** What is in a browser chooses freely, and so does an agent: neither may pick the workspace's accounts by itself. */
const defaultConnections = (kind: CallerKind): readonly string[] =>
  kind === "service" || kind === "engine" ? [ANY] : [];

/**
 * Whether a call may use the connection it named, by the names that the policy admits: a connection that is listed, or the
 * user's own. Null is a connection that there is not; it is refused like one that is not listed, so that nobody learns which
 * names exist.
 */
export function admitsConnection(
  names: readonly string[],
  caller: Caller,
  connection: Pick<ConnectionRecord, "name" | "owner"> | null,
): boolean {
  if (connection === null) return false;
  const { name, owner } = connection;
  if (owner.kind === "user") return owner.userId === userIdOf(caller);
  return names.includes(name);
}

const refuse = (reason: string): PolicyDecision => ({ allowed: false, reason });

function findNearest(policies: readonly Policy[], { connector, action }: PolicyQuestion): Policy | undefined {
  let nearest: Policy | undefined;
  let rank = 0;
  for (const policy of policies) {
    if (policy.connector !== "*" && policy.connector !== connector) continue;
    if (policy.action !== "*" && policy.action !== action) continue;
    const own = (policy.connector === "*" ? 1 : 2) + (policy.action === "*" ? 0 : 2);
    if (own > rank) {
      nearest = policy;
      rank = own;
    }
  }
  return nearest;
}
