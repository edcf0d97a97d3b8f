import type { AuthMethod } from "../auth/auth-method.ts";
import { bindRoots } from "../templates/template-host.ts";
import { openSession } from "./authenticate.ts";
import type { CallState } from "./call-state.ts";
import { renderBase } from "./render-base.ts";

/**
 * Lets values of a token answer (definition 3.2, `token.values`) join `connection` before anything is rendered: an API
 * may tell its host only when it gives a token.
 */
export async function joinTokenValues(state: CallState, values: NonNullable<AuthMethod["values"]>): Promise<void> {
  const session = openSession(state);
  const ready = state.auth?.prepare(session);
  if (ready !== undefined) await ready;
  const joined = values(session);
  for (const key of ["closedScope", "openScope"] as const) {
    const scope = state[key];
    const connection = { ...(scope.context.connection as object), ...joined };
    state[key] = { ...bindRoots(scope, { connection }), locals: scope.locals };
  }
  if (state.baseUrl !== null) state.base = renderBase(state.baseUrl, state.closedScope);
}
