import { planRequest } from "../plan/plan-request.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { CallState } from "./call-state.ts";

/** Stage *render*: plans the request of the current page. Nothing is sent and no secret is read. */
export function renderPlan(state: CallState): void {
  const { action, connector } = state;
  const scope = state.page === null ? state.closedScope : bindRoots(state.closedScope, { page: pageRoot(state) });
  state.plan = planRequest(action.exchange, {
    scope,
    base: state.base,
    hosts: connector.hosts,
    boundary: `junctor-${state.executionId}`,
    bodyText: state.call.bodyText,
  });
}

/** What templates see as `page`; `next` is left out on the first page, so that its place is omitted. */
function pageRoot({ page }: CallState): Readonly<Record<string, unknown>> {
  return { number: page?.number, offset: page?.offset, size: page?.size, next: page?.next };
}
