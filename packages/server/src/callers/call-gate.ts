import {
  admitsConnection,
  type CallerKind,
  type Clock,
  type ConnectionSource,
  ConnectorError,
  decidePolicy,
  type OpenConnection,
  type Policy,
  type PolicyQuestion,
  type RateLimitStore,
  RateWindows,
  userIdOf,
} from "@junctor/core";
import type { SettingRing } from "./setting-ring.ts";
import type { CallerSettings } from "./workspace-settings.ts";

/** One call that wants in. */
export interface GateQuestion extends PolicyQuestion {
  readonly workspaceId: string;
  /** Network address; anonymous callers are counted by it. */
  readonly address: string;
  /** The connection that the call names, by name or id; undefined when it names none, and then it uses none. */
  readonly connection?: string | undefined;
}

/**
 * Lets a call in by the workspace's policies, the caller's rate limit, and the connections that the policy admits: nothing to
 * wait for when settings and connection are warm and no limit needs the store. Throws (or rejects with) FORBIDDEN or
 * TOO_MANY_REQUESTS.
 */
export interface CallGate {
  check(question: GateQuestion): Promise<void> | undefined;
}

type RateLimit = NonNullable<Policy["rateLimit"]>;
type NamedQuestion = GateQuestion & { readonly connection: string };

/** Makes the gate over warm settings and shared counters. */
export function createCallGate(ports: {
  readonly settings: SettingRing;
  readonly rateLimits: RateLimitStore;
  /** Finds the connection that a call names, as the engine will. */
  readonly connections: Pick<ConnectionSource, "peek" | "load">;
  readonly clock: Clock;
}): CallGate {
  const rates = new RateWindows(ports.rateLimits, ports.clock);

  const decide = (settings: CallerSettings, question: GateQuestion): Promise<void> | undefined => {
    const policies = settings.policies.get(question.workspaceId);
    if (policies === undefined && question.caller.kind === "service") return undefined;
    const decision = decidePolicy(policies ?? [], question);
    if (!decision.allowed) {
      throw new ConnectorError("FORBIDDEN", decision.reason, {
        hint: "Ask an administrator of the workspace for a policy that admits this call.",
      });
    }
    const { rateLimit, connections } = decision;
    const taken = rateLimit === undefined ? undefined : takeOne(question, rateLimit);
    if (connections === undefined || question.connection === undefined) return taken;
    const named = { ...question, connection: question.connection };
    return taken === undefined ? admit(named, connections) : taken.then(() => admit(named, connections));
  };

  const takeOne = (question: GateQuestion, rateLimit: RateLimit): Promise<void> | undefined => {
    const who = question.caller.id ?? question.address;
    const key = `caller\n${question.workspaceId}\n${question.connector}\n${question.action}\n${question.caller.kind}\n${who}`;
    return rates.tryTake(key) ? undefined : take(key, rateLimit);
  };

  const take = async (key: string, { limit, windowMs }: RateLimit) => {
    const now = ports.clock.now();
    const opensAt = await rates.take(key, limit, windowMs, now, undefined);
    if (opensAt === undefined) return;
    throw new ConnectorError("TOO_MANY_REQUESTS", `This caller may make ${limit} such calls in ${windowMs} ms.`, {
      retryAfter: Math.max(1, Math.ceil((opensAt - now) / 1_000)),
      hint: "Wait, or ask for a higher limit in the policy.",
    });
  };

  const admit = (question: NamedQuestion, names: readonly string[]): Promise<void> | undefined => {
    const { workspaceId, connector, connection, caller } = question;
    const userId = userIdOf(caller);
    // Names come before ids and a user's own before the workspace's: whatever is found by a listed name may be used.
    if (names.includes(connection)) return undefined;
    // Nothing could be found that this caller may use, so nobody makes the store look for names that are guessed.
    if (names.length === 0 && userId === undefined) throw refuseConnection(caller.kind);
    const judge = (found: OpenConnection | null): void => {
      if (!admitsConnection(names, caller, found?.record ?? null)) throw refuseConnection(caller.kind);
    };
    const warm = ports.connections.peek(workspaceId, connector, connection, userId);
    if (warm === undefined) return ports.connections.load(workspaceId, connector, connection, userId).then(judge);
    judge(warm);
    return undefined;
  };

  return {
    check(question) {
      const settings = ports.settings.peek();
      return settings === undefined
        ? ports.settings.load().then((loaded) => decide(loaded, question))
        : decide(settings, question);
    },
  };
}

const refuseConnection = (kind: CallerKind): ConnectorError =>
  new ConnectorError("FORBIDDEN", `The policy does not let ${kind} callers name this connection.`, {
    hint: "Ask an administrator of the workspace to list the connection's name in `allow.connections` of the policy.",
  });
