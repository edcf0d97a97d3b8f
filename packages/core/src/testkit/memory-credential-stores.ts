import type { Sealer } from "../credentials/sealer.ts";
import type { ConnectionRecord } from "../ports/records.ts";
import type { Clock } from "../ports/sources.ts";
import type { ConnectionStore, EphemeralStore, LeaseStore } from "../ports/stores.ts";

/** Stores of credentials in memory, with the same promises as the database: for unit tests. */
export interface MemoryCredentialStores {
  readonly connections: ConnectionStore;
  readonly ephemeral: EphemeralStore;
  readonly leases: LeaseStore;
  readonly sealer: Sealer;
  /** Counts every statement. */
  readonly statements: { count: number };
  readonly rows: Map<string, ConnectionRecord>;
  readonly entries: Map<string, { readonly value: string; readonly expiresAt: string }>;
}

/** Makes empty stores whose time is that of the clock. */
export function createMemoryCredentialStores(clock: Clock): MemoryCredentialStores {
  const rows = new Map<string, ConnectionRecord>();
  const entries = new Map<string, { readonly value: string; readonly expiresAt: string }>();
  const statements = { count: 0 };
  const step = async <Value>(work: () => Value): Promise<Value> => {
    statements.count += 1;
    await Promise.resolve();
    return work();
  };
  return {
    rows,
    entries,
    statements,
    connections: memoryConnections(rows, clock, step),
    ephemeral: memoryEphemeral(entries, clock, step),
    leases: memoryLeases(clock, step),
    sealer: memorySealer(),
  };
}

type Step = <Value>(work: () => Value) => Promise<Value>;

function memoryConnections(rows: Map<string, ConnectionRecord>, clock: Clock, step: Step): ConnectionStore {
  return {
    create: (record) => step(() => void rows.set(record.id, record)),
    get: (workspaceId, id) => step(() => ofWorkspace(rows.get(id), workspaceId)),
    find: (workspaceId, connector, name, userId) =>
      step(() =>
        [...rows.values()].find(
          (row) =>
            row.workspaceId === workspaceId &&
            row.connector === connector &&
            row.name === name &&
            (row.owner.kind === "workspace" || row.owner.userId === userId),
        ),
      ),
    list: (workspaceId) => step(() => [...rows.values()].filter((row) => row.workspaceId === workspaceId)),
    update: (workspaceId, id, version, change) =>
      step(() => {
        const row = ofWorkspace(rows.get(id), workspaceId);
        if (row === undefined || row.version !== version) return undefined;
        const changed = { ...row, ...change, version: version + 1, updatedAt: new Date(clock.now()).toISOString() };
        rows.set(id, changed);
        return changed;
      }),
    delete: (_workspaceId, id) => step(() => rows.delete(id)),
  };
}

function ofWorkspace(row: ConnectionRecord | undefined, workspaceId: string): ConnectionRecord | undefined {
  return row?.workspaceId === workspaceId ? row : undefined;
}

function memoryEphemeral(
  entries: Map<string, { readonly value: string; readonly expiresAt: string }>,
  clock: Clock,
  step: Step,
): EphemeralStore {
  const live = (id: string) => {
    const entry = entries.get(id);
    return entry !== undefined && Date.parse(entry.expiresAt) > clock.now() ? entry : undefined;
  };
  return {
    put: (kind, key, value, expiresAt) => step(() => void entries.set(`${kind}/${key}`, { value, expiresAt })),
    get: (kind, key) => step(() => live(`${kind}/${key}`)?.value),
    take: (kind, key) =>
      step(() => {
        const value = live(`${kind}/${key}`)?.value;
        entries.delete(`${kind}/${key}`);
        return value;
      }),
    list: (kind) =>
      step(() =>
        [...entries]
          .filter(([id]) => id.startsWith(`${kind}/`))
          .map(([id, entry]) => ({ key: id.slice(kind.length + 1), ...entry })),
      ),
    delete: (kind, key) => step(() => void entries.delete(`${kind}/${key}`)),
    deleteExpired: () => step(() => 0),
  };
}

function memoryLeases(clock: Clock, step: Step): LeaseStore {
  const held = new Map<string, { readonly owner: string; readonly until: number }>();
  let fence = 0;
  return {
    acquire: (name, owner, durationMs) =>
      step(() => {
        const lease = held.get(name);
        if (lease !== undefined && lease.until > clock.now() && lease.owner !== owner) return undefined;
        held.set(name, { owner, until: clock.now() + durationMs });
        fence += 1;
        return fence;
      }),
    release: (name, owner) =>
      step(() => {
        if (held.get(name)?.owner === owner) held.delete(name);
      }),
  };
}

/** Not encryption: it reverses the text, so that a test sees whether a value was sealed and for which purpose. */
function memorySealer(): Sealer {
  return {
    async seal(workspaceId, purpose, value) {
      return `sealed:${[...JSON.stringify([workspaceId, purpose, value])].reverse().join("")}`;
    },
    async open(workspaceId, purpose, sealed) {
      const [workspace, sealedFor, value] = JSON.parse([...sealed.slice(7)].reverse().join(""));
      if (workspace !== workspaceId || sealedFor !== purpose) throw new Error("sealed for another purpose");
      return value;
    },
  };
}
