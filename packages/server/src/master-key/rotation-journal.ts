import type { KeyPort, KeyRotationProblem, KeyRotationProgress, KeyRotationRecord, Stores } from "@junctor/core";

/** What a journal needs. */
export interface JournalPorts {
  readonly stores: Pick<Stores, "keyRotations">;
  readonly keyPort: Pick<KeyPort, "currentKeyId">;
  /** Names the claim. */
  readonly owner: string;
  /** How long a claim holds without a word; it is renewed three times as often. */
  readonly claimMs: number;
}

/** Keeps what a rotation has done, and writes it down while the work goes on. */
export interface RotationJournal {
  readonly progress: KeyRotationProgress;
  /** Aborts when somebody else works on the rotation by now. */
  readonly lost: AbortSignal;
  /** Notes progress; it is written with the next beat. */
  note(change: Partial<KeyRotationProgress>): void;
  addProblem(problem: KeyRotationProblem): void;
  /** Writes at once; false when the claim is lost. */
  write(state: KeyRotationRecord["state"]): Promise<boolean>;
  close(): void;
}

const mostProblems = 100;
const writeEveryMs = 1_000;

/** Opens the journal of a claimed rotation. It writes every second, or as often as the claim needs it. */
export function createRotationJournal(
  record: KeyRotationRecord,
  { stores, keyPort, owner, claimMs }: JournalPorts,
): RotationJournal {
  const lost = new AbortController();
  // Problems are found anew by whoever continues; what changed stays changed.
  let progress: KeyRotationProgress = {
    ...record.progress,
    masterKeyId: keyPort.currentKeyId,
    trouble: null,
    problems: [],
    problemCount: 0,
  };
  async function write(state: KeyRotationRecord["state"]): Promise<boolean> {
    const isOurs = await stores.keyRotations.advance(record.id, owner, claimMs, { progress, state });
    if (!isOurs) lost.abort(new Error("Another replica works on this rotation."));
    return isOurs;
  }
  // A database that is away for a beat is noticed by the work itself; the claim outlives several beats.
  const beat = setInterval(() => void write("running").catch(() => undefined), Math.min(writeEveryMs, claimMs / 3));
  return {
    get progress() {
      return progress;
    },
    lost: lost.signal,
    note(change) {
      progress = { ...progress, ...change };
    },
    addProblem(problem) {
      const { problems, problemCount } = progress;
      const isKept = problems.length < mostProblems;
      progress = {
        ...progress,
        problems: isKept ? [...problems, problem] : problems,
        problemCount: problemCount + 1,
      };
    },
    write,
    close: () => clearInterval(beat),
  };
}
