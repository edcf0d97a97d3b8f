import { authMethodId } from "@junctor/sdk";
/**
 * Stage *admit*: finds connector, action, connection, auth method and base URL, checks the input, and has every secret
 * and variable that the action names at hand. Nothing is sent from here, and nothing is awaited when all of it is warm:
 *
 *   admitCall ─┬─ all warm ──► CallState
 *              └─ Promise ───► await it (something is being loaded), then ask again
 */
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import type { CompiledAction, CompiledConnector, DeclarativeAction } from "../compile/compiled-connector.ts";
import { parseDuration } from "../compile/duration.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Call } from "../execute/call.ts";
import type { PassThroughSink } from "../execute/engine.ts";
import type { OpenConnection } from "../ports/sources.ts";
import { renderTemplate, renderValue } from "../templates/render-value.ts";
import { createScope, type RenderScope } from "../templates/template-host.ts";
import { type BoundMethod, bindAuthMethod } from "./auth-binding.ts";
import { CallHost } from "./call-host.ts";
import type { CallState, PipelineContext } from "./call-state.ts";
import { viewConnection } from "./connection-view.ts";
import { gainsightRoots } from "./gainsight-roots.ts";
import { loadNamed } from "./load-named.ts";
import { Redaction } from "./redaction.ts";
import { chooseBase, renderBase } from "./render-base.ts";
import { tlsIdentityOf } from "./tls-identity.ts";
import { writeInstant } from "./write-instant.ts";

/** What admission needs beside the call: the sources, and what was compiled. */
export interface AdmitContext extends PipelineContext {
  readonly authMethods: ReadonlyMap<string, AuthMethodCompiler>;
}

/** A call whose connector, action and connection are known. */
export interface ResolvedCall {
  readonly call: Call;
  readonly connector: CompiledConnector;
  readonly action: CompiledAction;
  readonly connection: OpenConnection | null;
  readonly sink: PassThroughSink | undefined;
  readonly executionId: string;
  readonly startedAt: number;
}

/** Admits a resolved call, or gives back the loading of a secret or variable that must come first. */
export function admitCall(context: AdmitContext, resolved: ResolvedCall): CallState | Promise<unknown> {
  const { call, connector, connection } = resolved;
  const action = requireRunnable(resolved.action);
  const bound = chooseMethod(context, resolved, action);
  requireUser(call, action, bound);
  if (connection === null && bound?.method.needsConnection === true) throw connectionRequired(connector);
  const base = chooseBase(connector, connection);
  const { uses } = action.exchange;
  const missing =
    loadNamed(context, call.workspace.id, uses) ??
    (bound === null ? undefined : loadNamed(context, call.workspace.id, bound.uses)) ??
    (base === null ? undefined : loadNamed(context, call.workspace.id, base.uses)) ??
    (connector.tls === null ? undefined : loadNamed(context, call.workspace.id, connector.tls.uses));
  if (missing !== undefined) return missing;
  const input = action.input.check(call.input);
  const view = viewConnection(connection, base);
  const redaction = new Redaction(view.secrets);
  const host = new CallHost(call.workspace.id, context, resolved.startedAt, redaction);
  const readsCall = uses.roots.includes("call") || bound?.uses.roots.includes("call") === true;
  const roots: CallRoots = {
    user: call.caller.user,
    workspace: call.workspace,
    call: readsCall || resolved.action.kind === "composite" ? describeCall(resolved) : undefined,
    input,
  };
  if (connector.definition.compat === "gainsight") Object.assign(roots, gainsightRoots(call, input));
  const closedScope = createScope({ ...roots, connection: view.closed }, host, false);
  const openScope = createScope({ ...roots, connection: view.open }, host, true);
  return {
    context,
    call,
    sink: resolved.sink,
    executionId: resolved.executionId,
    startedAt: resolved.startedAt,
    deadline: findDeadline(context, resolved, action, closedScope),
    connector,
    action,
    composite: resolved.action.kind === "composite" ? resolved.action : null,
    connection,
    input,
    auth: bound?.method ?? null,
    authSecrets: bound?.uses.secrets ?? NO_NAMES,
    closedScope,
    openScope,
    redaction,
    tls:
      connector.tls === null
        ? undefined
        : tlsIdentityOf(connection ?? connector, renderValue(connector.tls, openScope)),
    baseUrl: base,
    // A host that only a token answer tells is not known yet; a written one is, and a login may need it.
    base: base === null ? null : bound?.method.values == null ? renderBase(base, closedScope) : base.fixed,
    session: null,
    page: null,
    plan: null,
    cache: null,
    request: null,
    response: null,
    attempts: 0,
    externalMs: 0,
    cacheMs: 0,
    transformMs: 0,
    steps: null,
    upstreamStatus: null,
    ignored: false,
    failure: null,
    passed: false,
    longNumbers: resolved.action.kind === "composite",
    output: null,
    continuation: undefined,
    error: null,
  };
}

const NO_NAMES: readonly string[] = Object.freeze([]);

/** What of an action is admitted: itself, or the frame of a composite. */
function requireRunnable(action: CompiledAction): DeclarativeAction {
  if (action.kind === "declarative") return action;
  if (action.kind === "composite") return action.frame;
  throw new ConnectorError(
    "ACTION_UNSUPPORTED",
    `The action "${action.name}" is ${action.kind}, which this server does not run.`,
  );
}

/** The request's own method, else the connection's, else the only one of the connector that needs no connection. */
function chooseMethod(context: AdmitContext, resolved: ResolvedCall, action: DeclarativeAction): BoundMethod | null {
  const { connector, connection } = resolved;
  const { auth } = action.exchange.request;
  if (auth === false || connector.auth.length === 0) return null;
  const first = connector.auth[0];
  const name = auth ?? connection?.record.authMethod ?? (first === undefined ? "none" : authMethodId(first));
  const bound = bindAuthMethod(connector, name, context.authMethods);
  if (bound !== undefined) return bound;
  throw new ConnectorError("CONNECTION_UNUSABLE", `The connector has no auth method "${name}".`, {
    hint: "Connect the account again: this version of the connector authenticates in another way.",
  });
}

function requireUser(call: Call, action: DeclarativeAction, bound: BoundMethod | null): void {
  if (call.caller.user !== undefined) return;
  if (!action.readsUser && bound?.method.readsUser !== true) return;
  throw new ConnectorError("USER_REQUIRED", `The action "${action.name}" reads the user, and this caller is none.`, {
    hint: "Call it with a user token.",
  });
}

function connectionRequired(connector: CompiledConnector): ConnectorError {
  return new ConnectorError("CONNECTION_REQUIRED", `"${connector.name}" needs a connection.`, {
    hint: 'Name one in the call: "connection": "…".',
  });
}

function findDeadline(
  context: AdmitContext,
  resolved: ResolvedCall,
  action: DeclarativeAction,
  scope: RenderScope,
): number {
  const { timeout } = action;
  const milliseconds = typeof timeout === "number" ? timeout : parseDuration(String(renderTemplate(timeout, scope)));
  if (milliseconds === undefined) {
    throw new ConnectorError("VALUE_REFUSED", "The timeout is not an ISO 8601 duration.", { hint: 'Write "PT15S".' });
  }
  const own = resolved.startedAt + Math.min(milliseconds, context.limits.timeoutMs);
  return Math.min(own, resolved.call.deadline ?? own);
}

/** Roots of every scope of a call. `call` is made only where a template reads it. */
interface CallRoots {
  readonly user: unknown;
  readonly workspace: unknown;
  readonly call: unknown;
  readonly input: unknown;
}

/** What templates see as `call`. */
function describeCall({ call, executionId, startedAt }: ResolvedCall): Readonly<Record<string, unknown>> {
  const { kind, id } = call.caller;
  return { id: executionId, time: writeInstant(startedAt), caller: { kind, id } };
}
