import { createHash } from "node:crypto";
import {
  ConnectorError,
  type KeyPort,
  type KeyRotationProblem,
  type KeyRotationRecord,
  resealWorkspace,
  rotateDataKey,
  rotateMasterKey,
  type Stores,
} from "@junctor/core";
import { createRotationJournal, type JournalPorts, type RotationJournal } from "./rotation-journal.ts";

/** What the work on a rotation needs. */
export interface RotationPorts extends JournalPorts {
  readonly stores: Pick<Stores, "dataKeys" | "sealed" | "keyRotations" | "audit">;
  readonly keyPort: KeyPort;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** How long other replicas may still seal under the former data key. */
  readonly settleMs: number;
}

/**
 * Works on a claimed rotation until it ends, `signal` aborts, or the claim is lost; then whoever claims it next
 * continues. A key service or a database that is away is noted as its trouble, and the claim is given back.
 */
export async function runRotation(
  record: KeyRotationRecord,
  ports: RotationPorts,
  signal: AbortSignal,
): Promise<KeyRotationRecord["state"]> {
  const { owner, stores } = ports;
  const journal = createRotationJournal(record, ports);
  const stop = AbortSignal.any([signal, journal.lost]);
  try {
    if (record.kind === "master-key") await rotateMaster(record, ports, journal, stop);
    else await rotateWorkspaces(record, ports, journal, stop);
    const state = journal.progress.problemCount === 0 ? "finished" : "incomplete";
    if (await journal.write(state)) await auditEnd(record, journal, state, ports);
    return state;
  } catch (error) {
    if (stop.aborted) return "running";
    journal.note({ trouble: error instanceof Error ? error.message : String(error) });
    await journal.write("running");
    throw error;
  } finally {
    journal.close();
    await stores.keyRotations.release(record.id, owner);
  }
}

async function rotateMaster(
  { force, progress }: KeyRotationRecord,
  { keyPort, stores }: RotationPorts,
  journal: RotationJournal,
  signal: AbortSignal,
): Promise<void> {
  const { failed } = await rotateMasterKey({
    keyPort,
    dataKeys: stores.dataKeys,
    force,
    signal,
    onProgress: (done, total, rewrapped) => journal.note({ done, total, changed: progress.changed + rewrapped }),
  });
  for (const { workspaceId, dataKeyId, reason } of failed) {
    journal.addProblem({ workspaceId, what: `data-key:${dataKeyId}`, reason: describe(reason) });
  }
}

/**
 *   for each workspace: make key, make it current, reseal ─► settle, once for all ─► for each workspace: reseal stragglers
 */
async function rotateWorkspaces(
  { id: rotationId, workspaceIds }: KeyRotationRecord,
  { keyPort, stores, clock, settleMs }: RotationPorts,
  journal: RotationJournal,
  signal: AbortSignal,
): Promise<void> {
  const { dataKeys, sealed } = stores;
  const current = (await dataKeys.list()).filter(({ retiredAt }) => retiredAt === null);
  const concerned = current
    .map(({ workspaceId }) => workspaceId)
    .filter((workspaceId) => workspaceIds === null || workspaceIds.includes(workspaceId));
  journal.note({ done: 0, total: concerned.length });
  const ports = { keyPort, dataKeys, sealed, clock, signal, settleMs: 0 };
  for (const [index, workspaceId] of concerned.entries()) {
    const before = journal.progress.changed;
    const onProgress = (resealed: number) => journal.note({ changed: before + resealed });
    const dataKeyId = nameDataKey(rotationId, workspaceId);
    const { resealed } = await rotateDataKey({ ...ports, workspaceId, dataKeyId, onProgress });
    journal.note({ done: index + 1, changed: before + resealed });
  }
  await clock.sleep(settleMs, signal);
  for (const workspaceId of concerned) {
    const { resealed, damaged } = await resealWorkspace({ ...ports, workspaceId });
    journal.note({ changed: journal.progress.changed + resealed });
    for (const { kind, key } of damaged) {
      journal.addProblem({ workspaceId, what: `${kind}:${key}`, reason: doesNotOpen });
    }
  }
}

const doesNotOpen = "It does not open, and did not before: write it again, or authorise the connection again.";

/** A rotation gives a workspace one key, also when it is continued by another replica. */
const nameDataKey = (rotationId: string, workspaceId: string): string =>
  createHash("sha256")
    .update(JSON.stringify([rotationId, workspaceId]))
    .digest("base64url")
    .slice(0, 16);

async function auditEnd(
  { id, kind, requestedBy }: KeyRotationRecord,
  { progress }: RotationJournal,
  state: KeyRotationRecord["state"],
  { stores, clock }: RotationPorts,
): Promise<void> {
  const { masterKeyId, changed, problemCount } = progress;
  await stores.audit.append([
    {
      id: crypto.randomUUID(),
      workspaceId: requestedBy.workspaceId,
      at: new Date(clock.now()).toISOString(),
      actorKind: "key",
      actorId: requestedBy.keyId,
      event: "encryption.rotated",
      resource: kind,
      requestId: null,
      detail: { rotation: id, state, masterKeyId, changed, problems: problemCount },
    },
  ]);
}

const describe = (reason: unknown): KeyRotationProblem["reason"] => {
  if (reason instanceof ConnectorError) return [reason.message, reason.hint].filter(Boolean).join(" ");
  return reason instanceof Error ? reason.message : String(reason);
};
