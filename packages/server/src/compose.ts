import {
  createEngine,
  createHttpCache,
  createStoreSources,
  createUserTokenVerifier,
  createVault,
  type Engine,
  type HttpCache,
  processClock,
  type StoreSources,
  type Vault,
} from "@junctor/core";
import { createEgress, type Egress } from "@junctor/egress";
import type { Store } from "@junctor/store";
import { createSharedResponses, followPurge } from "./cache/shared-responses.ts";
import { createCallGate } from "./callers/call-gate.ts";
import { createCallerIdentifier, createReaderFinder } from "./callers/identify-caller.ts";
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
import { createKeyRing } from "./keys/key-ring.ts";
import { rememberOpened } from "./logging/remember-opened.ts";
import { startKeyRotations } from "./master-key/key-rotations.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import { type Foundation, type FoundationOptions, openFoundation } from "./open-foundation.ts";
import { createAuditor, createRecordWriters, type RecordWriters } from "./records/record-writers.ts";
import { createUseAudit } from "./records/use-audit.ts";
import type { ServerContext, ServerState } from "./server-context.ts";

/** What a caller of {@link compose} may bring along. */
export interface ComposeOptions extends FoundationOptions {
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
 *   config ─► foundation (log, master key, store) ─► vault ─► sources ┐
 *        └──► egress ────────────────────────────────────────────────┼─► engine ─► context ─► surfaces
 *        └──► record writers ────────────────────────────────────────┘
 */
export async function compose(config: ServerConfig, options: ComposeOptions = {}): Promise<Composition> {
  const foundation = await openFoundation(config, options);
  try {
    return wire(config, foundation, options);
  } catch (error) {
    await foundation.close();
    throw error;
  }
}

function wire(config: ServerConfig, foundation: Foundation, options: ComposeOptions): Composition {
  const { log, secrets, store, keyPort } = foundation;
  const { stores } = store;
  const egress = createEgress(egressOptions(config));
  const records = createRecordWriters(stores, log);
  const admission = createAdmission(config.limits);
  const metrics = createMetrics({
    running: () => admission.running,
    executions: () => records.executions,
    egress: () => egress.stats(),
  });
  const parts = createCallParts({ foundation, egress, records, metrics, timing: options.timing });
  const { vault, sources, cache, auth, engine } = parts;
  const callers = createCallers(foundation, egress, sources);
  const unsubscribe = followChanges(stores.changes, parts, callers);
  const keyRotations = startKeyRotations({ stores, keyPort, log });
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
    keys: callers.keys,
    keyRotations,
    identify: callers.identify,
    findReader: callers.findReader,
    gate: callers.gate,
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
      await keyRotations.close();
      await engine.close();
      await auth.keeper.close();
      parts.uses.close();
      await records.close();
      await egress.close();
      await foundation.close();
    },
  };
}

function egressOptions({ egress }: ServerConfig): Parameters<typeof createEgress>[0] {
  const { only, ...rest } = egress;
  return { ...rest, ...(only === undefined ? {} : { only }) };
}

/** What a call passes through. */
interface CallParts {
  readonly vault: Vault;
  readonly sources: StoreSources;
  readonly cache: HttpCache;
  readonly auth: ConnectionAuth;
  readonly engine: Engine;
  readonly uses: ReturnType<typeof createUseAudit>;
}

interface CallPorts {
  readonly foundation: Foundation;
  readonly egress: Egress;
  readonly records: RecordWriters;
  readonly metrics: Metrics;
  readonly timing: ComposeOptions["timing"];
}

function createCallParts({ foundation, egress, records, metrics, timing }: CallPorts): CallParts {
  const { log, secrets, keyPort, store } = foundation;
  const { stores } = store;
  const plainVault = createVault({ keyPort, dataKeys: stores.dataKeys, clock: { now: () => Date.now() } });
  const vault = rememberOpened(plainVault, secrets);
  const sources = createStoreSources(stores, vault);
  const uses = createUseAudit((record) => records.audits.add(record));
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
      if (record !== null) records.audits.add(record);
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
        records.executions.add(record);
        uses.observe(record);
      },
    },
    audit: { record: (record) => records.audits.add(record) },
    rateLimits: stores.rateLimits,
    // A continuation is handed to callers, so it is no secret to be remembered.
    continuations: {
      seal: (workspaceId, text) => plainVault.sealText(workspaceId, "continuation", text),
      open: (workspaceId, sealed) => plainVault.openText(workspaceId, "continuation", sealed).catch(() => undefined),
    },
    cache,
  });
  return { vault, sources, cache, auth, engine, uses };
}

/** Who calls, and whether they may. */
function createCallers({ store: { stores }, log }: Foundation, egress: Egress, sources: StoreSources) {
  const clock = { now: () => Date.now() };
  const keys = createKeyRing({ stores });
  const settings = createSettingRing(stores.settings);
  const tokens = createUserTokenVerifier({ http: egress, clock });
  const identify = createCallerIdentifier({
    keys,
    settings,
    tokens,
    readSecret: async (workspaceId, name) =>
      (sources.secrets.peek(workspaceId, name) ?? (await sources.secrets.load(workspaceId, name)))?.value,
    readWorkspace: (workspaceId) => stores.workspaces.get(workspaceId),
    reportFault: (workspace, issuer, { message, hint, cause }) =>
      log.warn({ workspace, issuer, reason: message, hint, err: cause }, "user tokens of an issuer are refused"),
  });
  const { connections } = sources;
  const gate = createCallGate({ settings, rateLimits: stores.rateLimits, connections, clock: processClock });
  return { keys, settings, tokens, identify, findReader: createReaderFinder({ keys, settings }), gate };
}

/** Drops what is warm when another replica, or this one, changed what it was made of. Returns how to stop. */
function followChanges(
  changes: Store["stores"]["changes"],
  { engine, auth, cache }: CallParts,
  { keys, settings, tokens }: ReturnType<typeof createCallers>,
): () => void {
  return changes.subscribe((change) => {
    engine.invalidate(change);
    if (change.kind === "everything") auth.keeper.forget();
    keys.invalidate(change);
    settings.invalidate(change);
    if (change.kind === "setting" || change.kind === "secret") tokens.forget();
    followPurge(cache, change);
  });
}
