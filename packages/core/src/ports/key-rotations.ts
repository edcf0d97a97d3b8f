/**
 * A rotation of keys, as all replicas see it. At most one runs at a time over the installation.
 *
 *   create ─► running ──claim by a replica──► worked on ──claim ends──► claimed by the next one
 *                                                └──► finished │ incomplete: something stayed as it was
 */
export interface KeyRotationRecord {
  readonly id: string;
  readonly kind: "master-key" | "data-keys";
  /** Wraps anew also what is under the current master key already. */
  readonly force: boolean;
  /** Whose data keys; null: all workspaces. */
  readonly workspaceIds: readonly string[] | null;
  readonly state: "running" | "finished" | "incomplete";
  /** Who asked for it. */
  readonly requestedBy: { readonly workspaceId: string; readonly keyId: string };
  readonly progress: KeyRotationProgress;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

/** How far a rotation is. */
export interface KeyRotationProgress {
  /** Master key that wraps. */
  readonly masterKeyId: string;
  /** Data keys (master key) or workspaces (data keys) that were looked at, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Data keys wrapped anew, or values sealed anew. */
  readonly changed: number;
  /** Why it does not go on at the moment; it is tried again. Null: it does. */
  readonly trouble: string | null;
  /** What stayed as it was, the first ones; `problemCount` counts all. */
  readonly problems: readonly KeyRotationProblem[];
  readonly problemCount: number;
}

/** Something that a rotation could not change. */
export interface KeyRotationProblem {
  readonly workspaceId: string;
  /** Such as `data-key:4f…` or `secret:token`. */
  readonly what: string;
  readonly reason: string;
}

/** Master keys that a replica has. */
export interface MasterKeyHolder {
  /** Names the replica, for people. */
  readonly replica: string;
  readonly currentKeyId: string;
  /** All that it can unwrap with. */
  readonly keyIds: readonly string[];
  readonly seenAt: string;
}

/** Rotations of keys, and which replica has which master key. Times of claims and holders are the database's. */
export interface KeyRotationStore {
  /** Adds a running rotation; false while another one runs. */
  create(record: Omit<KeyRotationRecord, "updatedAt">): Promise<boolean>;
  get(id: string): Promise<KeyRotationRecord | undefined>;
  /** The newest ones first. */
  list(limit: number): Promise<readonly KeyRotationRecord[]>;
  /** Takes the running rotation if nobody works on it, or its worker has not been heard of for `durationMs`. */
  claim(owner: string, durationMs: number): Promise<KeyRotationRecord | undefined>;
  /** Notes progress and keeps the claim; false when it belongs to somebody else by now. A state that ends it, ends the claim. */
  advance(
    id: string,
    owner: string,
    durationMs: number,
    change: Pick<KeyRotationRecord, "progress" | "state">,
  ): Promise<boolean>;
  /** Gives the claim back, so that another replica may go on at once. */
  release(id: string, owner: string): Promise<void>;
  /** Says which master keys a replica has; to be repeated while it runs. */
  announce(holder: Omit<MasterKeyHolder, "seenAt">): Promise<void>;
  /** Replicas heard of within `withinMs`, by name. */
  holders(withinMs: number): Promise<readonly MasterKeyHolder[]>;
  /** Forgets a replica that ends. */
  withdraw(replica: string): Promise<void>;
}
