import {
  type Clock,
  ConnectorError,
  decidePolicy,
  type PolicyQuestion,
  type RateLimitStore,
  RateWindows,
} from "@junctor/core";
import type { SettingRing } from "./setting-ring.ts";
import type { CallerSettings } from "./workspace-settings.ts";

/** One call that wants in. */
export interface GateQuestion extends PolicyQuestion {
  readonly workspaceId: string;
  /** Network address; anonymous callers are counted by it. */
  readonly address: string;
}

/**
 * Lets a call in by the workspace's policies and the caller's rate limit: nothing to wait for when the settings are warm
 * and no limit needs the store. Throws (or rejects with) FORBIDDEN or TOO_MANY_REQUESTS.
 */
export interface CallGate {
  check(question: GateQuestion): Promise<void> | undefined;
}

/** Makes the gate over warm settings and shared counters. */
export function createCallGate(ports: {
  readonly settings: SettingRing;
  readonly rateLimits: RateLimitStore;
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
    const { rateLimit } = decision;
    if (rateLimit === undefined) return undefined;
    const who = question.caller.id ?? question.address;
    const key = `caller\n${question.workspaceId}\n${question.connector}\n${question.action}\n${question.caller.kind}\n${who}`;
    return rates.tryTake(key) ? undefined : take(key, rateLimit);
  };

  const take = async (key: string, { limit, windowMs }: { readonly limit: number; readonly windowMs: number }) => {
    const now = ports.clock.now();
    const opensAt = await rates.take(key, limit, windowMs, now, undefined);
    if (opensAt === undefined) return;
    throw new ConnectorError("TOO_MANY_REQUESTS", `This caller may make ${limit} such calls in ${windowMs} ms.`, {
      retryAfter: Math.max(1, Math.ceil((opensAt - now) / 1_000)),
      hint: "Wait, or ask for a higher limit in the policy.",
    });
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
