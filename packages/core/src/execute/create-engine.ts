import { apiKey } from "../auth/api-key.ts";
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import { basic } from "../auth/basic.ts";
import { bearer } from "../auth/bearer.ts";
import { none } from "../auth/none.ts";
import { userIdOf } from "../callers/user-id.ts";
import type { CompiledAction, CompositeAction, DeclarativeAction } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { type AdmitContext, admitCall, type ResolvedCall } from "../pipeline/admit.ts";
import type { CallState } from "../pipeline/call-state.ts";
import { createLocalContinuationSealer } from "../pipeline/continuation-sealer.ts";
import { createBudget } from "../pipeline/create-budget.ts";
import { filterOutput } from "../pipeline/filter.ts";
import { recordExecution, recordRefusal } from "../pipeline/record.ts";
import { runCall } from "../pipeline/run-call.ts";
import { markStep, startTrace } from "../pipeline/trace.ts";
import type { OpenConnection } from "../ports/sources.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { Call, CallResult } from "./call.ts";
import { CompiledCache } from "./compiled-cache.ts";
import { describeFailure } from "./describe-failure.ts";
import { describeTrace, dryRun } from "./dry-run.ts";
import type { DryRun, Engine, EngineLimits, EnginePorts, PassThroughSink } from "./engine.ts";
import { processClock } from "./process-clock.ts";
import { runComposite } from "./run-composite.ts";

const DEFAULT_LIMITS: EngineLimits = {
  compiledActions: 2_000,
  compiledConnectors: 500,
  concurrencyPerConnection: 100,
  concurrencyPerWorkspace: 1_000,
  responseBytes: 16 * 1024 * 1024,
  streamedBytes: 1024 * 1024 * 1024,
  items: 10_000,
  timeoutMs: 300_000,
};

/** Rounds of loading that a cold call may take; each loads at least one thing that was not there. */
const MAX_ROUNDS = 20;

/** How deep actions may call actions. */
const MAX_DEPTH = 5;

/** Creates an engine over its ports. It holds no state but caches, limits and the count of running calls. */
export function createEngine(ports: EnginePorts, limits: Partial<EngineLimits> = {}): Engine {
  return new CallEngine(ports, { ...DEFAULT_LIMITS, ...limits });
}

class CallEngine implements Engine {
  readonly #ports: EnginePorts;
  readonly #context: AdmitContext;
  readonly #compiled: CompiledCache;
  #running = 0;
  #closing: (() => void) | null = null;
  #closed = false;

  constructor(ports: EnginePorts, limits: EngineLimits) {
    const clock = ports.clock ?? processClock;
    const methods: readonly AuthMethodCompiler[] = [none, apiKey, basic, bearer, ...(ports.authMethods ?? [])];
    this.#ports = ports;
    this.#compiled = new CompiledCache(limits);
    this.#context = {
      http: ports.http,
      clock,
      limits,
      secrets: ports.secrets,
      variables: ports.variables,
      cache: ports.cache ?? null,
      continuations: ports.continuations ?? createLocalContinuationSealer(),
      budget: createBudget(limits, ports.rateLimits, clock),
      authMethods: new Map(methods.map((method) => [method.type, method])),
    };
  }

  async execute(call: Call, sink?: PassThroughSink): Promise<CallResult> {
    const startedAt = this.#context.clock.now();
    const executionId = this.#context.clock.newId();
    if (this.#closed) throw new ConnectorError("SHUTTING_DOWN", "The server is stopping.");
    this.#running += 1;
    let state: CallState | null = null;
    try {
      const admitted = this.#tryAdmit(call, sink, executionId, startedAt);
      state = admitted instanceof Promise ? await this.#admit(call, sink, executionId, startedAt) : admitted;
      if (call.trace === true) startTrace(state, this.#context.clock.now() - startedAt);
      await this.#run(state, 0);
      const durationMs = this.#context.clock.now() - startedAt;
      recordExecution(this.#ports.executions, state, durationMs, null);
      return finishCall(state, durationMs);
    } catch (thrown) {
      const error = describeFailure(thrown, call, state);
      const durationMs = this.#context.clock.now() - startedAt;
      if (state !== null) recordExecution(this.#ports.executions, state, durationMs, error);
      else this.#recordRefusal(call, executionId, startedAt, error);
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#closing?.();
    }
  }

  async dryRun(call: Call): Promise<DryRun> {
    const { clock } = this.#context;
    let state: CallState | null = null;
    try {
      state = await this.#admit(call, undefined, clock.newId(), clock.now());
      const { composite } = state;
      if (composite === null) return dryRun(state);
      const first = await this.#admitFirstStep(state, composite);
      return { ...dryRun(first), action: call.action, steps: composite.steps.map(({ id }) => id) };
    } catch (thrown) {
      throw describeFailure(thrown, call, state);
    }
  }

  async connector(workspaceId: string, name: string, version?: string): ReturnType<Engine["connector"]> {
    const { connectors } = this.#ports;
    const record = connectors.peek(workspaceId, name, version) ?? (await connectors.load(workspaceId, name, version));
    if (record === null) throw connectorUnknown(name, version);
    return this.#compiled.connector(record);
  }

  invalidate(change: Parameters<Engine["invalidate"]>[0]): void {
    const { connectors, connections, secrets, variables } = this.#ports;
    for (const source of [connectors, connections, secrets, variables]) source.invalidate(change);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#closing = resolve;
      });
    }
  }

  #run(state: CallState, depth: number): Promise<void> {
    return state.composite === null ? runCall(state) : this.#runComposite(state, state.composite, depth);
  }

  async #runComposite(frame: CallState, action: CompositeAction, depth: number): Promise<void> {
    if (depth >= MAX_DEPTH) {
      throw new ConnectorError("STEP_FAILED", `Actions call each other more than ${MAX_DEPTH} deep.`, {
        hint: "An action that calls itself never ends.",
      });
    }
    await runComposite(frame, action, {
      runRequest: async (_frame, step, roots, { deadline, signal }) => {
        const call = { ...frame.call, input: frame.input, deadline, signal, watcher: undefined };
        const state = await this.#admitWithin(frame, call, (step.run as { readonly action: DeclarativeAction }).action);
        state.closedScope = bindRoots(state.closedScope, roots);
        state.openScope = bindRoots(state.openScope, roots);
        startTrace(state, 0);
        const startedAt = performance.now();
        await this.#runWithin(state, depth + 1);
        markStep(frame, step.id, state, performance.now() - startedAt);
        return state;
      },
      runAction: async (_frame, name, input, { deadline, signal }) => {
        const { page: _page, bodyText: _bodyText, ...outer } = frame.call;
        const call = { ...outer, action: name, input, deadline, signal, watcher: undefined };
        const state = await this.#admitWithin(frame, call, this.#compiled.action(frame.connector, name));
        await this.#runWithin(state, depth + 1);
        return state;
      },
    });
    filterOutput(frame);
  }

  /** Secrets of a step are known to its own state alone, so its failure is cleaned before it leaves. */
  async #runWithin(state: CallState, depth: number): Promise<void> {
    try {
      await this.#run(state, depth);
    } catch (thrown) {
      throw describeFailure(thrown, state.call, state);
    }
  }

  async #admitWithin(frame: CallState, call: Call, action: CompiledAction): Promise<CallState> {
    const { connector, connection, executionId } = frame;
    const startedAt = this.#context.clock.now();
    const resolved = { call, connector, action, connection, sink: undefined, executionId, startedAt };
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const admitted = admitCall(this.#context, resolved);
      if (!(admitted instanceof Promise)) return admitted;
      await admitted;
    }
    throw droppedTooFast();
  }

  async #admitFirstStep(frame: CallState, composite: CompositeAction): Promise<CallState> {
    const step = composite.steps.find(({ run }) => run.kind === "request");
    if (step === undefined) {
      throw new ConnectorError("ACTION_UNSUPPORTED", "All steps of this action call other actions.", {
        hint: "Dry-run those.",
      });
    }
    const { action } = step.run as { readonly action: DeclarativeAction };
    const state = await this.#admitWithin(frame, { ...frame.call, input: frame.input }, action);
    state.closedScope = bindRoots(state.closedScope, { steps: {} });
    return state;
  }

  /** Asks until everything is warm; the usual call finds all of it at once and does not come here. */
  async #admit(
    call: Call,
    sink: PassThroughSink | undefined,
    executionId: string,
    startedAt: number,
  ): Promise<CallState> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const admitted = this.#tryAdmit(call, sink, executionId, startedAt);
      if (!(admitted instanceof Promise)) return admitted;
      await admitted;
    }
    throw droppedTooFast();
  }

  #tryAdmit(
    call: Call,
    sink: PassThroughSink | undefined,
    executionId: string,
    startedAt: number,
  ): CallState | Promise<unknown> {
    const resolved = this.#resolve(call, sink, executionId, startedAt);
    return resolved instanceof Promise ? resolved : admitCall(this.#context, resolved);
  }

  #resolve(
    call: Call,
    sink: PassThroughSink | undefined,
    executionId: string,
    startedAt: number,
  ): ResolvedCall | Promise<unknown> {
    const { connectors, connections } = this.#ports;
    const workspaceId = call.workspace.id;
    const record = connectors.peek(workspaceId, call.connector, call.version);
    if (record === undefined) return connectors.load(workspaceId, call.connector, call.version);
    if (record === null) throw connectorUnknown(call.connector, call.version);
    const connector = this.#compiled.connector(record);
    const action = this.#compiled.action(connector, call.action);
    let connection: OpenConnection | null = null;
    if (call.connection !== undefined) {
      const userId = userIdOf(call.caller);
      const found = connections.peek(workspaceId, call.connector, call.connection, userId);
      if (found === undefined) return connections.load(workspaceId, call.connector, call.connection, userId);
      connection = requireUsable(found, call);
    }
    return { call, connector, action, connection, sink, executionId, startedAt };
  }

  #recordRefusal(call: Call, executionId: string, startedAt: number, error: ConnectorError): void {
    const about = { executionId, startedAt, now: this.#context.clock.now(), version: call.version ?? "" };
    recordRefusal(this.#ports.executions, call, about, error);
  }
}

const droppedTooFast = (): ConnectorError =>
  new ConnectorError("OVERLOADED", "What the call needs was dropped from memory faster than it was loaded.");

function requireUsable(connection: OpenConnection | null, call: Call): OpenConnection {
  if (connection === null) {
    throw new ConnectorError("CONNECTION_UNKNOWN", `"${call.connector}" has no connection "${call.connection}".`, {
      hint: "Create it, or name another one.",
    });
  }
  const { status, statusReason, name } = connection.record;
  // What was misconfigured (a client secret of the workspace, an address) may have been put right where the connection does
  // not see it, so the auth method tries again, at its own pace.
  if (status === "active" || status === "expiring" || status === "misconfigured") return connection;
  const reason = (statusReason ?? "nobody has connected it yet").replace(/\.$/, "");
  throw new ConnectorError("CONNECTION_UNUSABLE", `The connection "${name}" is ${status}: ${reason}.`, {
    hint: "Connect the account again.",
  });
}

function connectorUnknown(name: string, version: string | undefined): ConnectorError {
  if (version !== undefined) {
    return new ConnectorError("VERSION_UNKNOWN", `There is no version ${version} of a connector "${name}".`, {
      hint: "Name a version that exists, or leave it out to call the highest published one.",
    });
  }
  return new ConnectorError("CONNECTOR_UNKNOWN", `There is no published connector "${name}".`, {
    hint: "Check the name, or publish a version.",
  });
}

function finishCall(state: CallState, durationMs: number): CallResult {
  const { call, connector, action, connection, output, response } = state;
  const passesErrors = action.exchange.response.passErrors;
  return {
    output: output ?? { kind: "json", value: undefined },
    meta: {
      requestId: call.requestId,
      executionId: state.executionId,
      connector: connector.name,
      version: connector.version,
      action: action.name,
      connection: connection?.record.id ?? null,
      durationMs,
      attempts: state.attempts,
      upstreamStatus: state.upstreamStatus,
      cache: state.cache,
      timing: { externalMs: state.externalMs, cacheMs: state.cacheMs, transformMs: state.transformMs },
      ...(state.steps !== null && { steps: state.steps }),
      ...(output?.kind === "binary" && response !== null && { headers: response.headers }),
      ...(call.trace === true && { trace: describeTrace(state) }),
      status: passesErrors && response !== null ? response.status : 200,
      ...(state.continuation !== undefined && { continuation: state.continuation }),
    },
  };
}
