import { randomUUID } from "node:crypto";
import { readFile, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError } from "@junctor/core";
import { checkProcess, identifyThisProcess, type ProcessIdentity } from "./process-identity.ts";

/** The right to use a data folder. */
export interface FolderLock {
  /** Throws once somebody else has taken the folder over. */
  assertHeld(): void;
  /** Gives the folder back. Doing it twice is no error. */
  release(): Promise<void>;
}

export interface FolderLockOptions {
  readonly onLost?: (error: ConnectorError) => void;
  /** How often the holder shows that it lives. Default 3 s. */
  readonly heartbeatMs?: number;
  /** Age of the last sign of life after which a holder in another place counts as ended. Default 20 s. */
  readonly silenceMs?: number;
}

/** Content of a lock file. */
interface LockRecord extends ProcessIdentity {
  /** Tells this record from every other one, past and future. */
  readonly nonce: string;
  readonly since: string;
}

export const lockFile = "junctor.lock";

/**
 * Takes a data folder for this process. Two processes on one embedded database lose rows without a word, so a second
 * opener is refused.
 *
 *   no file ──create (O_EXCL)──► held
 *   file, holder runs ─────────► refused, naming the holder
 *   file, holder ended ────────► take the right to remove this very record, remove it, start over
 *
 * The right to remove record N is a lock file of its own, `junctor.lock.N`. Only its holder may remove N, and N never
 * comes back; so of two processes that find the same stale record, one removes it and the other finds it gone.
 */
export async function acquireFolderLock(folder: string, options: FolderLockOptions = {}): Promise<FolderLock> {
  const { heartbeatMs = 3_000, silenceMs = 20_000, onLost } = options;
  const path = join(folder, lockFile);
  const taken = await tryTakeFile(path, silenceMs);
  if (taken.kind === "held") throw refusal(path, taken.holder);
  const { record } = taken;
  let lost: ConnectorError | undefined;
  let released = false;

  async function showLife(): Promise<void> {
    const current = await readRecord(path);
    if (released) return;
    if (current?.nonce === record.nonce) {
      const now = new Date();
      await utimes(path, now, now);
    } else {
      lost = new ConnectorError("STORE_UNAVAILABLE", `The lock of data folder ${folder} was taken away.`, {
        hint: "Stop this server: another process uses its data now, or the lock file was deleted.",
        retryable: false,
      });
      clearInterval(timer);
      onLost?.(lost);
    }
  }
  const timer = setInterval(() => showLife().catch(() => undefined), heartbeatMs).unref();

  return {
    assertHeld() {
      if (lost !== undefined) throw lost;
    },
    async release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      if ((await readRecord(path))?.nonce === record.nonce) await unlink(path);
    },
  };
}

type Attempt =
  | { readonly kind: "taken"; readonly record: LockRecord }
  | { readonly kind: "held"; readonly holder: LockRecord };

async function tryTakeFile(path: string, silenceMs: number): Promise<Attempt> {
  const record: LockRecord = { ...identifyThisProcess(), nonce: randomUUID(), since: new Date().toISOString() };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await createFile(path, record)) return { kind: "taken", record };
    const holder = await readRecord(path);
    if (holder !== undefined && !(await isStale(path, holder, silenceMs))) return { kind: "held", holder };
    if (holder === undefined || !(await removeStale(path, holder, silenceMs))) {
      // Just created and not yet written, or somebody else is removing it.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new ConnectorError("STORE_UNAVAILABLE", `The lock file ${path} cannot be read.`, {
    hint: "If no Junctor process uses this folder, delete the file and start again.",
    retryable: false,
  });
}

async function createFile(path: string, record: LockRecord): Promise<boolean> {
  try {
    await writeFile(path, `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw new ConnectorError("STORE_UNAVAILABLE", `The lock file ${path} cannot be written.`, {
      hint: "Give this process write access to its data folder.",
      retryable: false,
      cause: error,
    });
  }
}

async function isStale(path: string, holder: LockRecord, silenceMs: number): Promise<boolean> {
  const state = checkProcess(holder);
  if (state !== "unknown") return state === "ended";
  const seenAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  return seenAt !== undefined && Date.now() - seenAt > silenceMs;
}

/** Removes one stale record; false while somebody who runs is at it. */
async function removeStale(path: string, stale: LockRecord, silenceMs: number): Promise<boolean> {
  const rightPath = `${path}.${stale.nonce}`;
  const right = await tryTakeFile(rightPath, silenceMs);
  if (right.kind === "held") return false;
  try {
    if ((await readRecord(path))?.nonce === stale.nonce) await unlink(path);
    return true;
  } finally {
    if ((await readRecord(rightPath))?.nonce === right.record.nonce) await unlink(rightPath);
  }
}

async function readRecord(path: string): Promise<LockRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, "utf8")) as Partial<LockRecord>;
    return typeof record.nonce === "string" && typeof record.pid === "number" && typeof record.place === "string"
      ? { startTime: null, since: "", ...record, nonce: record.nonce, pid: record.pid, place: record.place }
      : undefined;
  } catch {
    return undefined;
  }
}

function refusal(path: string, holder: LockRecord): ConnectorError {
  const here = checkProcess(holder) !== "unknown";
  const who = holder.pid === process.pid && here ? "this process" : `process ${holder.pid}`;
  return new ConnectorError(
    "STORE_UNAVAILABLE",
    `The data folder is in use by ${who}${here ? "" : " on another host or in another container"}, since ${holder.since} (${path}).`,
    {
      hint: here
        ? "Use the running server's API, or stop that process first. For several processes, use Postgres (DATABASE_URL)."
        : "Stop the other server first; if it is gone already, the folder opens by itself about 20 s after its last sign of life.",
      retryable: false,
    },
  );
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
