import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import {
  ConnectorError,
  type KeyPort,
  type KeyRotationRecord,
  type MasterKeyHolder,
  processClock,
  type Stores,
} from "@junctor/core";
import type { Logger } from "../logging/create-logger.ts";
import { type RotationPorts, runRotation } from "./run-rotation.ts";

/** The part of a replica that rotates keys, and says which ones it has. */
export interface KeyRotations {
  readonly masterKey: Pick<KeyPort, "currentKeyId" | "keyIds">;
  /** Begins a rotation; fails with CONFLICT while another one runs, or while replicas have different master keys. */
  create(wish: KeyRotationWish): Promise<KeyRotationRecord>;
  /** Replicas that were heard of lately, and their master keys. */
  holders(): Promise<readonly MasterKeyHolder[]>;
  /** Stops the work, which another replica continues. */
  close(): Promise<void>;
}

export type KeyRotationWish = Pick<KeyRotationRecord, "kind" | "force" | "workspaceIds" | "requestedBy">;

export interface KeyRotationOptions extends Pick<RotationPorts, "keyPort"> {
  readonly stores: Pick<Stores, "dataKeys" | "sealed" | "keyRotations" | "audit">;
  readonly log: Pick<Logger, "info" | "warn">;
  /** How often a replica says which keys it has, and looks for a rotation to continue. Default 10 s. */
  readonly everyMs?: number;
  /** How long a replica may be silent before another one continues its work. Default 30 s. */
  readonly claimMs?: number;
  /** See {@link RotationPorts}. Default 6 s. */
  readonly settleMs?: number;
}

/**
 * Takes part in rotations: every replica says which master keys it has, and looks for a rotation that nobody works on.
 *
 *   create ─► the replica that was asked works on it ─► ended
 *                 └─ stops, crashes, or a key service is away ─► any replica claims it at its next look ─► …
 */
export function startKeyRotations(options: KeyRotationOptions): KeyRotations {
  const { stores, keyPort, log, everyMs = 10_000, claimMs = 30_000, settleMs = 6_000 } = options;
  const replica = `${hostname()}/${process.pid}-${randomBytes(2).toString("hex")}`;
  const ports: RotationPorts = { stores, keyPort, clock: processClock, owner: replica, claimMs, settleMs };
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  /** Somebody asked for another look while this replica was at work. */
  let isWanted = false;

  const announce = () =>
    stores.keyRotations.announce({ replica, currentKeyId: keyPort.currentKeyId, keyIds: keyPort.keyIds });
  const holders = () => stores.keyRotations.holders(claimMs);

  async function workOn(record: KeyRotationRecord): Promise<void> {
    try {
      const odd = findDisagreement(record.kind, keyPort, await holders());
      if (odd !== undefined) {
        const progress = { ...record.progress, trouble: odd.message };
        await stores.keyRotations.advance(record.id, replica, claimMs, { progress, state: "running" });
        throw odd;
      }
      log.info({ rotation: record.id, kind: record.kind }, "keys are rotated");
      const state = await runRotation(record, ports, stop.signal);
      log.info({ rotation: record.id, state }, "the rotation of keys has ended here");
    } catch (error) {
      await stores.keyRotations.release(record.id, replica).catch(() => undefined);
      log.warn({ err: error, rotation: record.id }, "the rotation of keys does not go on; it is tried again");
    }
  }

  async function work(): Promise<void> {
    do {
      isWanted = false;
      const record = await stores.keyRotations.claim(replica, claimMs);
      if (record !== undefined) await workOn(record);
    } while (isWanted && !stop.signal.aborted);
  }

  async function look(): Promise<void> {
    try {
      await announce();
      if (stop.signal.aborted) return;
      isWanted = true;
      working ??= work().finally(() => {
        working = undefined;
      });
      await working;
    } catch (error) {
      log.warn({ err: error }, "rotations of keys could not be looked at; tried again soon");
    }
  }

  let looking = look();
  const lookAgain = (): void => {
    looking = look();
  };
  const timer = setInterval(lookAgain, everyMs);
  timer.unref();

  return {
    masterKey: keyPort,
    holders,
    async create(wish) {
      await announce();
      const odd = findDisagreement(wish.kind, keyPort, await holders());
      if (odd !== undefined) throw odd;
      const record = makeRecord(wish, keyPort);
      if (!(await stores.keyRotations.create(record))) throw await anotherRuns(stores);
      lookAgain();
      return { ...record, updatedAt: record.createdAt };
    },
    async close() {
      clearInterval(timer);
      stop.abort(new Error("The server stops."));
      await looking;
      await working?.catch(() => undefined);
      await stores.keyRotations.withdraw(replica).catch(() => undefined);
    },
  };
}

function makeRecord(wish: KeyRotationWish, { currentKeyId }: KeyPort): Omit<KeyRotationRecord, "updatedAt"> {
  const counts = { done: 0, total: 0, changed: 0, trouble: null, problems: [], problemCount: 0 };
  return {
    ...wish,
    id: `rot_${randomBytes(12).toString("hex")}`,
    state: "running",
    progress: { masterKeyId: currentKeyId, ...counts },
    createdAt: new Date().toISOString(),
    finishedAt: null,
  };
}

/**
 * After a rotation, every replica must open what this one wrapped. For the master key they must also wrap with it
 * themselves: whoever still wraps with the former one makes data keys that are lost when that one is taken away.
 */
function findDisagreement(
  kind: KeyRotationRecord["kind"],
  { currentKeyId }: KeyPort,
  holders: readonly MasterKeyHolder[],
): ConnectorError | undefined {
  const odd = holders.filter((holder) =>
    kind === "master-key" ? holder.currentKeyId !== currentKeyId : !holder.keyIds.includes(currentKeyId),
  );
  if (odd.length === 0) return undefined;
  const named = odd.map((holder) => `${holder.replica} (${holder.currentKeyId})`).join(", ");
  const does = kind === "master-key" ? "use" : "know";
  return new ConnectorError("CONFLICT", `Not all replicas ${does} the master key ${currentKeyId}: ${named}.`, {
    hint: "Give them the new master key first and the former one behind it, restart them, then ask again. One that has crashed is forgotten after half a minute.",
  });
}

async function anotherRuns({ keyRotations }: Pick<Stores, "keyRotations">): Promise<ConnectorError> {
  const running = (await keyRotations.list(10)).find(({ state }) => state === "running");
  return new ConnectorError("CONFLICT", `A rotation is under way${running ? `: ${running.id}` : ""}.`, {
    hint: "Follow it with GET /v1/encryption, and ask again when it has ended.",
  });
}
