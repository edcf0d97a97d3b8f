import { randomUUID } from "node:crypto";
import type {
  ApiKeyRecord,
  AuditRecord,
  ConnectionRecord,
  ConnectorVersionRecord,
  ExecutionRecord,
} from "@junctor/core";
import type { Store } from "@junctor/store";

export const at = "2026-05-01T10:00:00.000Z";

/** Makes a workspace that no other test uses, and returns its id. */
export async function makeWorkspace({ stores }: Store, name = "w"): Promise<string> {
  const id = `${name}-${randomUUID().slice(0, 8)}`;
  await stores.workspaces.create({ id, name, createdAt: at });
  return id;
}

export const makeVersion = (
  workspaceId: string,
  version: string,
  change: Partial<ConnectorVersionRecord> = {},
): ConnectorVersionRecord => ({
  workspaceId,
  name: "books",
  version,
  state: "draft",
  definition: { name: "books", version },
  digest: `digest of ${version}`,
  source: { kind: "api", locked: false },
  createdAt: at,
  publishedAt: null,
  ...change,
});

export const makeConnection = (workspaceId: string, change: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  id: randomUUID(),
  workspaceId,
  connector: "books",
  name: "main",
  owner: { kind: "workspace" },
  authMethod: "bearer",
  environment: "production",
  parameters: { region: "eu" },
  sealedParameters: "j1.k.sealed-parameters",
  sealedCredential: null,
  version: 1,
  status: "active",
  statusReason: null,
  label: null,
  expiresAt: null,
  createdAt: at,
  updatedAt: at,
  ...change,
});

export const makeKey = (workspaceId: string, change: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  id: randomUUID(),
  workspaceId,
  kind: "service",
  name: "ci",
  prefix: "jk_abc",
  hash: randomUUID(),
  scopes: ["execute", "connectors:write"],
  origins: [],
  expiresAt: null,
  createdAt: at,
  revokedAt: null,
  ...change,
});

export const makeExecution = (workspaceId: string, change: Partial<ExecutionRecord> = {}): ExecutionRecord => ({
  id: randomUUID(),
  workspaceId,
  requestId: "r-1",
  connector: "books",
  connectorVersion: "1.0.0",
  action: "getBook",
  connectionId: null,
  surface: "rest",
  callerKind: "service",
  callerId: "key-1",
  startedAt: at,
  durationMs: 12.5,
  outcome: "succeeded",
  errorCode: null,
  errorStage: null,
  upstreamStatus: 200,
  attempts: 1,
  cache: null,
  ...change,
});

export const makeAudit = (workspaceId: string, change: Partial<AuditRecord> = {}): AuditRecord => ({
  id: randomUUID(),
  workspaceId,
  at,
  actorKind: "user",
  actorId: "u-1",
  event: "secret.write",
  resource: "secret/token",
  requestId: "r-1",
  detail: { hosts: ["api.example"] },
  ...change,
});

/** Makes a workspace that has the connector `books`, so that connections can be created. */
export async function makeWorkspaceWithConnector(store: Store): Promise<string> {
  const workspaceId = await makeWorkspace(store);
  await store.stores.connectors.saveDraft(makeVersion(workspaceId, "1.0.0"));
  return workspaceId;
}

/** ISO time some milliseconds from now. */
export const fromNow = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until `test` holds, looking every 20 ms; fails after `limitMs` with what `describe` says. */
export async function until(test: () => boolean | Promise<boolean>, limitMs: number, what: string): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await pause(20);
  }
}
