import {
  type AuditRecord,
  ConnectorError,
  createEngine,
  createEnvironmentKeyPort,
  createHttpCache,
  createStoreSources,
  createUserTokenVerifier,
  createVault,
  type Engine,
  type ExecutionRecord,
  type JsonObject,
  type KeyPort,
  loadKeyFile,
  processClock,
  type Stores,
  type Vault,
} from "@junctor/core";
import { createEgress } from "@junctor/egress";
import { openStore, type Store } from "@junctor/store";
import type { DestinationStream } from "pino";
import { createSharedResponses, followPurge } from "./cache/shared-responses.ts";
import { createCallGate } from "./callers/call-gate.ts";
import { createCallerIdentifier } from "./callers/identify-caller.ts";
import { createSettingRing } from "./callers/setting-ring.ts";
import type { ServerConfig } from "./config.ts";
import {
  type ConnectionAuth,
  type ConnectionAuthPorts,
  createConnectionAuth,
  toAuditRecord,
} from "./connections/connection-auth.ts";
import { createAdmission } from "./http/admission.ts";
import { createRequestValidators } from "./http/request-validator.ts";
import { createKeyRing, type KeyHolder } from "./keys/key-ring.ts";
import { createLogger, type Logger } from "./logging/create-logger.ts";
import { createSecretValues, type SecretValues } from "./logging/secret-values.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { type BatchWriter, createBatchWriter } from "./records/batch-writer.ts";
import { createUseAudit } from "./records/use-audit.ts";
import type { AuditEvent, ServerContext, ServerState } from "./server-context.ts";

/** What a caller of {@link compose} may bring along. */
export interface ComposeOptions {
  /** Default: made of the configuration's master key. */
  readonly keyPort?: KeyPort | undefined;
  /** Where log lines go. Default: standard output. */
  readonly logDestination?: DestinationStream;
  /** Times of token renewal. Default: those for tokens that live minutes and more. */
  readonly timing?: ConnectionAuthPorts["timing"];
}

/** The parts of a server, wired. */
export interface Composition {
  readonly context: ServerContext;
  readonly store: Store;
  /** Ends the parts in the order in which they need each other; records that wait are written. */
  close(): Promise<void>;
}

/**
 * Wires the parts of a server: the only place that knows which adapter stands behind which port.
 *
 *   config ─► store ─► vault ─► sources ┐
 *        └──► egress ──────────────────┼─► engine ─► context ─► surfaces
 *        └──► batch writers ───────────┘
 */
export async function compose(config: ServerConfig, options: ComposeOptions = {}): Promise<Composition> {
  const secrets = createSecretValues();
  const log = createLogger({
    level: config.logLevel,
    secrets,
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  });
  const keyPort = options.keyPort ?? (await readMasterKey(config));
  const store = await openConfiguredStore(config, log);
  try {
    await store.migrate();
    return await wire(config, { log, secrets, keyPort, store, timing: options.timing });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Foundation {
  readonly log: Logger;
  readonly secrets: SecretValues;
  readonly keyPort: KeyPort;
  readonly store: Store;
  readonly timing: ComposeOptions["timing"];
}

async function wire(config: ServerConfig, { log, secrets, keyPort, store, timing }: Foundation): Promise<Composition> {
  const { stores } = store;
  const clock = { now: () => Date.now() };
  const plainVault = createVault({ keyPort, dataKeys: stores.dataKeys, clock });
  const vault = rememberOpened(plainVault, secrets);
  const egress = createEgress(egressOptions(config));
  const executions = createBatchWriter<ExecutionRecord>({
    write: (records) => stores.executions.append(records),
    onError: (error) => log.error({ err: error }, "records of calls could not be written; they are kept"),
  });
  const audits = createBatchWriter<AuditRecord>({
    write: (records) => stores.audit.append(records),
    onError: (error) => log.error({ err: error }, "audit entries could not be written; they are kept"),
  });
  const uses = createUseAudit((record) => audits.add(record));
  const admission = createAdmission(config.limits);
  const metrics = createMetrics({
    running: () => admission.running,
    executions: () => executions,
    egress: () => egress.stats(),
  });
  const sources = createStoreSources(stores, vault);
  const cache = createHttpCache({
    // What is kept is no secret, so it is not remembered as one.
    shared: createSharedResponses(stores, plainVault),
    onBackgroundError: (error) => log.warn({ err: error }, "a kept response could not be renewed or shared"),
  });
  const auth: ConnectionAuth = createConnectionAuth({
    stores,
    vault,
    http: egress,
    sources,
    engine: () => engine,
    onEvent(event) {
      const record = event.type === "renewed" ? null : toAuditRecord(event);
      if (record !== null) audits.add(record);
      if (event.outcome !== null) log.warn({ place: event.place, outcome: event.outcome }, "a token was not renewed");
    },
    ...(timing === undefined ? {} : { timing }),
  });
  const engine: Engine = createEngine({
    http: egress,
    ...sources,
    authMethods: auth.compilers,
    executions: {
      record(record) {
        metrics.observeCall(record);
        executions.add(record);
        uses.observe(record);
      },
    },
    audit: { record: (record) => audits.add(record) },
    rateLimits: stores.rateLimits,
    cache,
  });
  const keys = createKeyRing({ stores });
  const settings = createSettingRing(stores.settings);
  const tokens = createUserTokenVerifier({ http: egress, clock });
  const unsubscribe = stores.changes.subscribe((change) => {
    engine.invalidate(change);
    if (change.kind === "everything") auth.keeper.forget();
    keys.invalidate(change);
    settings.invalidate(change);
    if (change.kind === "setting" || change.kind === "secret") tokens.forget();
    followPurge(cache, change);
  });
  const state: ServerState = { phase: "starting", url: "" };
  const context: ServerContext = {
    config,
    state,
    log,
    secrets,
    metrics,
    stores,
    vault,
    egress,
    engine,
    auth,
    keys,
    identify: createCallerIdentifier({
      keys,
      settings,
      tokens,
      readSecret: async (workspaceId, name) =>
        (sources.secrets.peek(workspaceId, name) ?? (await sources.secrets.load(workspaceId, name)))?.value,
      readWorkspace: (workspaceId) => stores.workspaces.get(workspaceId),
    }),
    gate: createCallGate({ settings, rateLimits: stores.rateLimits, clock: processClock }),
    cache,
    admission,
    validatorOf: createRequestValidators(),
    checkStore: async () => (await store.health()).ok,
    backup: (path) => store.backup(path),
    audit: createAuditor(stores),
    publicUrl: () => config.publicUrl ?? state.url,
  };
  return {
    context,
    store,
    async close() {
      unsubscribe();
      await engine.close();
      await auth.keeper.close();
      uses.close();
      await closeWriters(executions, audits);
      await egress.close();
      await store.close();
    },
  };
}

/** Reads the operator's master key; without one nothing may be sealed, so the server does not start. */
async function readMasterKey({ masterKey, masterKeyFile }: ServerConfig): Promise<KeyPort> {
  if (masterKeyFile !== undefined) return loadKeyFile(masterKeyFile);
  if (masterKey !== undefined) return createEnvironmentKeyPort(masterKey);
  throw new ConnectorError("KEY_UNAVAILABLE", "There is no master key, so secrets could not be protected.", {
    hint: "Make one with `openssl rand -base64 32` and set JUNCTOR_MASTER_KEY, or JUNCTOR_MASTER_KEY_FILE.",
  });
}

function openConfiguredStore(config: ServerConfig, log: Logger): Promise<Store> {
  const onProblem = ({ what, error }: { readonly what: string; readonly error: unknown }) =>
    log.error({ err: error, what }, "the store has a problem");
  return config.databaseUrl === undefined
    ? openStore({ kind: "embedded", folder: config.dataDirectory, onProblem })
    : openStore({ kind: "postgres", url: config.databaseUrl, pool: config.databaseConnections, onProblem });
}

function egressOptions({ egress }: ServerConfig): Parameters<typeof createEgress>[0] {
  const { only, ...rest } = egress;
  return { ...rest, ...(only === undefined ? {} : { only }) };
}

/** Whatever the vault seals or opens is a secret, so logs and problems are cleaned of it from then on. */
function rememberOpened(vault: Vault, secrets: SecretValues): Vault {
  return {
    ...vault,
    seal(workspaceId, purpose, value) {
      secrets.add(secretsIn(purpose, value));
      return vault.seal(workspaceId, purpose, value);
    },
    async open(workspaceId, purpose, sealed) {
      const value = await vault.open(workspaceId, purpose, sealed);
      secrets.add(secretsIn(purpose, value));
      return value;
    },
    async openText(workspaceId, purpose, sealed) {
      const value = await vault.openText(workspaceId, purpose, sealed);
      secrets.add(value);
      return value;
    },
  };
}

/** Members that are secret in what is sealed as a whole; the rest of it (ids, addresses, words) may be read in a log. */
const secretMembers: Readonly<Record<string, readonly string[]>> = {
  "connection-credential": ["accessToken", "refreshToken", "tokenSecret"],
  "shared-token": ["accessToken", "refreshToken"],
  "oauth-state": ["codeVerifier", "temporarySecret"],
  "device-code": ["deviceCode"],
  "connect-ticket": [],
};

function secretsIn(purpose: string, value: JsonObject): unknown {
  const members = secretMembers[purpose.split(":", 1)[0] ?? ""];
  return members === undefined ? value : members.map((name) => value[name]);
}

function createAuditor({ audit }: Pick<Stores, "audit">): ServerContext["audit"] {
  return async (holder: KeyHolder, requestId: string, { event, resource, detail = {} }: AuditEvent) => {
    await audit.append([
      {
        id: crypto.randomUUID(),
        workspaceId: holder.workspace.id,
        at: new Date().toISOString(),
        actorKind: "key",
        actorId: holder.key.id,
        event,
        resource,
        requestId,
        detail,
      },
    ]);
  };
}

async function closeWriters(...writers: readonly Pick<BatchWriter<unknown>, "close">[]): Promise<void> {
  await Promise.all(writers.map((writer) => writer.close()));
}
