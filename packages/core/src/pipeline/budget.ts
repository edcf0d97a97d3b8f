/**
 * Stage *budget*: the upstream's limits. A call waits for its turn as long as its timeout allows, then fails with
 * RATE_LIMITED or CONCURRENCY_LIMITED and says when to try again.
 */
import type { CompiledRateLimit } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "./call-state.ts";

/** Takes the call's places: one in its workspace, one on its connection (or connector, where it has none). */
export function enterGates(state: CallState): Promise<void> | undefined {
  const { connections, workspaces } = state.context.budget;
  if (!workspaces.tryEnter(state.call.workspace.id)) return waitForGates(state, false);
  if (!connections.tryEnter(gateKey(state))) return waitForGates(state, true);
  return undefined;
}

/** Gives the places back; called exactly once for each successful `enterGates`. */
export function leaveGates(state: CallState): void {
  const { connections, workspaces } = state.context.budget;
  connections.leave(gateKey(state));
  workspaces.leave(state.call.workspace.id);
}

/** Takes a token of each rate limit of the action, for one request. */
export function takeBudget(state: CallState): Promise<void> | undefined {
  const { rateLimits } = state.action;
  if (rateLimits.length === 0) return undefined;
  const { rates } = state.context.budget;
  for (let index = 0; index < rateLimits.length; index++) {
    if (!rates.tryTake(rateKey(state, rateLimits[index] as CompiledRateLimit))) return waitForRates(state, index);
  }
  return undefined;
}

async function waitForRates(state: CallState, from: number): Promise<void> {
  const { rateLimits } = state.action;
  const { rates } = state.context.budget;
  for (const limit of rateLimits.slice(from)) {
    const key = rateKey(state, limit);
    const next = await rates.take(key, limit.limit, limit.windowMs, state.deadline, state.call.signal);
    if (next === undefined) continue;
    throw new ConnectorError(
      "RATE_LIMITED",
      `The limit of ${limit.limit} requests per ${limit.windowMs / 1000} s and ${limit.scope} is used up.`,
      {
        retryAfter: Math.max(1, Math.ceil((next - state.context.clock.now()) / 1000)),
        hint: "Call again later, or spread the calls.",
      },
    );
  }
}

async function waitForGates(state: CallState, insideWorkspace: boolean): Promise<void> {
  const { connections, workspaces } = state.context.budget;
  const workspace = state.call.workspace.id;
  const left = (): number => Math.max(0, state.deadline - state.context.clock.now());
  if (!insideWorkspace && !(await workspaces.enter(workspace, left(), state.call.signal))) {
    throw tooManyInFlight("workspace");
  }
  if (connections.tryEnter(gateKey(state))) return;
  if (await connections.enter(gateKey(state), left(), state.call.signal)) return;
  workspaces.leave(workspace);
  throw tooManyInFlight("connection");
}

const tooManyInFlight = (scope: string): ConnectorError =>
  new ConnectorError("CONCURRENCY_LIMITED", `Too many calls of this ${scope} are in flight.`, {
    retryAfter: 1,
    hint: "Call again when earlier calls have ended.",
  });

const gateKey = (state: CallState): string =>
  state.connection?.record.id ?? `${state.call.workspace.id}/${state.connector.name}`;

/** Name of a limit's counter: what it counts for, and its own settings. */
export function rateKey(state: CallState, limit: CompiledRateLimit): string {
  const { workspace } = state.call;
  switch (limit.scope) {
    case "connection":
      return `${workspace.id}/${state.connector.name}/${state.connection?.record.id ?? ""}/${limit.key}`;
    case "connector":
      return `${workspace.id}/${state.connector.name}/${limit.key}`;
    case "workspace":
      return `${workspace.id}/${limit.key}`;
  }
}
