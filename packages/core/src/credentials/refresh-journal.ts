import type { EphemeralStore } from "../ports/stores.ts";

/**
 * The journal of refreshes under way (R8). An entry is written before a refresh token is presented and removed once the
 * answer is stored, or once the server certainly refused. One that is still there for the stored grant therefore says:
 * somebody presented this refresh token and nobody stored what came back.
 *
 *   write ─► token request ─► commit ─► clear
 *     │            │             └ killed here: entry names a grant that is no longer stored; it means nothing
 *     │            └ killed or cut off here: entry names the stored grant; a refusal now explains itself
 *     └ killed here: the same entry, but the refresh token was never used and still works
 */
export interface RefreshJournal {
  /** Says when a refresh of exactly this grant was begun and not ended; `null` when none was. */
  unfinished(key: string, grant: string): Promise<string | null>;
  write(key: string, grant: string): Promise<void>;
  clear(key: string): Promise<void>;
}

const kind = "refresh-journal";
/** A lost grant is explained for this long. */
const keptMs = 30 * 24 * 3_600_000;

interface JournalEntry {
  readonly grant: string;
  readonly startedAt: string;
}

/** Keeps the journal in the ephemeral store. Entries hold a hash of the grant, no secret. */
export function createRefreshJournal(store: EphemeralStore, now: () => number): RefreshJournal {
  return {
    async unfinished(key, grant) {
      const text = await store.get(kind, key);
      const entry = text === undefined ? undefined : parseEntry(text);
      return entry?.grant === grant ? entry.startedAt : null;
    },
    async write(key, grant) {
      const startedAt = new Date(now()).toISOString();
      await store.put(kind, key, JSON.stringify({ grant, startedAt }), new Date(now() + keptMs).toISOString());
    },
    clear: (key) => store.delete(kind, key),
  };
}

function parseEntry(text: string): JournalEntry | undefined {
  try {
    return JSON.parse(text) as JournalEntry;
  } catch {
    return undefined;
  }
}
