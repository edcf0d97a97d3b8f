import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import { rateKey } from "./budget.ts";
import type { CallState } from "./call-state.ts";
import { readMoment } from "./read-moment.ts";
import { responseRoot } from "./response-root.ts";

/** Takes over what the answer says of the upstream's limits (definition 8: `remaining`, `reset`). Never fails the call. */
export function observeLimits(state: CallState): void {
  const { response, action, context } = state;
  if (response === null) return;
  for (const limit of action.rateLimits) {
    if (limit.remaining === null) continue;
    const scope = bindRoots(state.closedScope, { response: responseRoot(state, response) });
    const read = (value: CompiledValue | null): unknown => (value === null ? undefined : renderValue(value, scope));
    const remaining = Number(read(limit.remaining) ?? Number.NaN);
    if (!Number.isFinite(remaining)) continue;
    const reset = read(limit.reset);
    const now = context.clock.now();
    const resetMs =
      reset === undefined || reset === null ? limit.windowMs : (readMoment(String(reset), now) ?? limit.windowMs);
    // The local count is right at once; a store that cannot be reached now is not worth failing an answered call.
    context.budget.rates
      .observe(rateKey(state, limit), limit.limit, limit.windowMs, Math.max(0, remaining), now + resetMs)
      .catch(() => undefined);
  }
}
