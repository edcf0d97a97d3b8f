import type { ConnectorDefinition } from "@junctor/sdk";
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import type { Call } from "../execute/call.ts";
import { createEngine } from "../execute/create-engine.ts";
import type { Engine, EngineLimits, EnginePorts } from "../execute/engine.ts";
import type { HttpPort } from "../ports/http.ts";
import type {
  AuditRecord,
  ConnectionRecord,
  ConnectorVersionRecord,
  ExecutionRecord,
  Json,
  JsonObject,
} from "../ports/records.ts";
import type { OpenConnection, OpenSecret } from "../ports/sources.ts";
import type { RateLimitStore } from "../ports/stores.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

/** What a test engine holds in place of a database. */
export interface TestWorkspace {
  readonly definition: Omit<ConnectorDefinition, "name" | "version" | "title"> & Partial<ConnectorDefinition>;
  readonly http: HttpPort;
  /** The one connection, named `default`. */
  readonly connection?: {
    readonly parameters?: JsonObject;
    readonly secretParameters?: JsonObject;
    readonly credential?: JsonObject;
    readonly authMethod?: string;
    readonly environment?: string;
    readonly status?: ConnectionRecord["status"];
  };
  readonly secrets?: Readonly<Record<string, { readonly value: string; readonly hosts: readonly string[] }>>;
  readonly variables?: Readonly<Record<string, Json>>;
  readonly authMethods?: readonly AuthMethodCompiler[];
  readonly clock?: EnginePorts["clock"];
  readonly limits?: Partial<EngineLimits>;
  readonly cache?: NonNullable<EnginePorts["cache"]>;
}

/** An engine over memory, with what it recorded. */
export interface TestEngine {
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly executions: readonly ExecutionRecord[];
  readonly audits: readonly AuditRecord[];
  /** Executes an action as a service caller, over the connection if there is one. */
  call(action: string, input?: Json, more?: Partial<Call>): ReturnType<Engine["execute"]>;
  /** The call that `call` would execute. */
  callOf(action: string, input?: Json, more?: Partial<Call>): Call;
}

/** Makes an engine for tests, benches and the cases of a connector: everything in memory, HTTP as given. */
export function createTestEngine(workspace: TestWorkspace): TestEngine {
  const definition = { name: "shop", version: "1.0.0", title: "Shop", ...workspace.definition };
  const record: ConnectorVersionRecord = {
    workspaceId: WORKSPACE.id,
    name: definition.name,
    version: definition.version,
    state: "published",
    definition: definition as unknown as JsonObject,
    digest: `digest-${definition.name}-${definition.version}`,
    source: { kind: "api", locked: false },
    createdAt: "2026-01-01T00:00:00Z",
    publishedAt: "2026-01-01T00:00:00Z",
  };
  const connection = workspace.connection === undefined ? null : openConnection(definition.name, workspace.connection);
  const secrets = openSecrets(workspace.secrets ?? {});
  const executions: ExecutionRecord[] = [];
  const audits: AuditRecord[] = [];
  const manual = createManualClock();
  const engine = createEngine(
    {
      http: workspace.http,
      connectors: fixedSource((_workspace, name: string) => (name === record.name ? record : null)),
      connections: fixedSource((_workspace, _connector: string, reference: string) =>
        reference === "default" ? connection : null,
      ),
      secrets: fixedSource((_workspace, name: string) => secrets.get(name) ?? null),
      variables: fixedSource((_workspace, name: string) =>
        workspace.variables !== undefined && Object.hasOwn(workspace.variables, name)
          ? { value: workspace.variables[name] as Json }
          : null,
      ),
      executions: { record: (execution) => executions.push(execution) },
      audit: { record: (audit) => audits.push(audit) },
      rateLimits: createMemoryRateLimits(() => (workspace.clock ?? manual).now()),
      clock: workspace.clock ?? manual,
      ...(workspace.cache !== undefined && { cache: workspace.cache }),
      ...(workspace.authMethods !== undefined && { authMethods: workspace.authMethods }),
    },
    workspace.limits,
  );
  const callOf: TestEngine["callOf"] = (action, input = {}, more = {}) => ({
    workspace: WORKSPACE,
    caller: { kind: "service", id: "key-1", scopes: ["execute"] },
    requestId: "request-1",
    surface: "rest",
    connector: definition.name,
    action,
    input,
    ...(connection !== null && { connection: "default" }),
    ...more,
  });
  return {
    engine,
    clock: manual,
    executions,
    audits,
    callOf,
    call: (action, input, more) => engine.execute(callOf(action, input, more)),
  };
}

const WORKSPACE = Object.freeze({ id: "ws-1", name: "main" });

type Find<Arguments extends readonly unknown[], Value> = (workspaceId: string, ...rest: Arguments) => Value | null;

/** A source that has everything at hand. */
function fixedSource<Arguments extends readonly unknown[], Value>(find: Find<Arguments, Value>) {
  return {
    peek: (workspaceId: string, ...rest: Arguments) => find(workspaceId, ...rest),
    load: async (workspaceId: string, ...rest: Arguments) => find(workspaceId, ...rest),
    invalidate: () => undefined,
  };
}

function openConnection(connector: string, settings: NonNullable<TestWorkspace["connection"]>): OpenConnection {
  return {
    record: {
      id: "con-1",
      workspaceId: WORKSPACE.id,
      connector,
      name: "default",
      owner: { kind: "workspace" },
      authMethod: settings.authMethod ?? null,
      environment: settings.environment ?? null,
      parameters: settings.parameters ?? {},
      sealedParameters: null,
      sealedCredential: null,
      version: 1,
      status: settings.status ?? "active",
      statusReason: null,
      label: null,
      expiresAt: null,
      createdAt: "2026-01-01T00:00:00Z",
      updatedAt: "2026-01-01T00:00:00Z",
    },
    parameters: settings.parameters ?? {},
    secretParameters: settings.secretParameters ?? {},
    credential: settings.credential ?? null,
  };
}

function openSecrets(secrets: NonNullable<TestWorkspace["secrets"]>): ReadonlyMap<string, OpenSecret> {
  return new Map(Object.entries(secrets).map(([name, { value, hosts }]) => [name, { name, value, hosts, version: 1 }]));
}

/** Rate limits in memory, by fixed windows. */
export function createMemoryRateLimits(now: () => number): RateLimitStore {
  const windows = new Map<string, { used: number; resetAt: number }>();
  const windowOf = (key: string, windowMs: number) => {
    const present = windows.get(key);
    if (present !== undefined && present.resetAt > now()) return present;
    const window = { used: 0, resetAt: now() + windowMs };
    windows.set(key, window);
    return window;
  };
  return {
    async lease(key, limit, windowMs, count) {
      const window = windowOf(key, windowMs);
      const granted = Math.max(0, Math.min(count, limit - window.used));
      window.used += granted;
      return { granted, resetAt: window.resetAt };
    },
    async observe(key, limit, windowMs, remaining, resetAt) {
      const window = windowOf(key, windowMs);
      window.used = Math.max(window.used, limit - remaining);
      window.resetAt = resetAt;
    },
  };
}
