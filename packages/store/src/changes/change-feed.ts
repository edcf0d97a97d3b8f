import type { Change, ChangeFeed, ChangeKind } from "@junctor/core";
import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { Engine, ReportProblem } from "../engine.ts";

/** How long changes are kept for replicas that were away. */
const keptMs = 3_600_000;
const sweepMs = 600_000;

/** The change feed with its life in the hands of the store. */
export interface RunningChangeFeed extends ChangeFeed {
  /** Reads the position from which changes count, and starts listening and looking. */
  start(): Promise<void>;
  /** When the table was last read, in epoch milliseconds; what is warm is as fresh as that. */
  checkedAt(): number | undefined;
  stop(): Promise<void>;
}

interface ChangeRow {
  readonly next: string;
  readonly again: boolean | null;
  readonly id: number | null;
  readonly kind: ChangeKind;
  readonly workspace_id: string;
  readonly key: string;
}

/**
 * Reads the `changes` table whenever a notification arrives, and every `pollMs` because one can get lost. Subscribers
 * hear each change once, in the order in which the rows were written.
 *
 * Position: a row becomes visible when its transaction commits, and not in the order of ids. So the position is the
 * oldest transaction that was still running at the last read (`xmin` of the snapshot): every row of an older one has
 * been seen, and rows from there on are read again and told apart by id.
 */
export function createChangeFeed(database: Database, engine: Engine, report: ReportProblem): RunningChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  let since: string | undefined;
  let seen: ReadonlySet<number> = new Set();
  let checkedAt: number | undefined;
  let sweptAt = 0;
  let reading: Promise<void> | undefined;
  let readAgain = false;
  let unlisten: (() => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function tell(change: Change): void {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        report({ what: "subscriber", error });
      }
    }
  }

  async function read(): Promise<void> {
    const startedAt = Date.now();
    const { rows } = await database.read((db) =>
      sql<ChangeRow>`
        with position as (select pg_snapshot_xmin(pg_current_snapshot()) as next)
        select position.next::text as next, c.txid >= position.next as again, c.id, c.kind, c.workspace_id, c.key
        from position left join changes c on c.txid >= ${since ?? null}::xid8 order by c.id
      `.execute(db),
    );
    const missed = checkedAt === undefined || startedAt - checkedAt > keptMs * 0.9;
    const fresh = rows.filter(({ id }) => id !== null && !seen.has(id));
    seen = new Set(rows.flatMap(({ id, again }) => (id !== null && again ? [id] : [])));
    since = rows[0]?.next ?? since;
    checkedAt = startedAt;
    if (missed) tell({ kind: "everything", workspaceId: "", key: "" });
    for (const { kind, workspace_id, key } of fresh) tell({ kind, workspaceId: workspace_id, key });
    if (startedAt - sweptAt > sweepMs) {
      sweptAt = startedAt;
      await sweep();
    }
  }

  async function sweep(): Promise<void> {
    await database.read((db) =>
      sql`delete from changes where at < now() - ${keptMs}::float8 * interval '1 ms'`.execute(db),
    );
  }

  /** Reads at most once at a time; a wake-up during a read causes one more. */
  function look(): void {
    if (stopped) return;
    if (reading !== undefined) {
      readAgain = true;
      return;
    }
    readAgain = false;
    reading = read()
      .catch((error: unknown) => {
        if (!stopped) report({ what: "change-feed", error });
      })
      .finally(() => {
        reading = undefined;
        if (readAgain) look();
      });
  }

  function run(): void {
    if (stopped || unlisten !== undefined) return;
    unlisten = engine.listen(look);
    if (engine.pollMs > 0) timer = setInterval(look, engine.pollMs).unref();
  }

  return {
    async start() {
      if (since === undefined) await read();
      run();
    },
    async publish({ kind, workspaceId, key }) {
      await database.read((db) => db.insertInto("changes").values({ kind, workspace_id: workspaceId, key }).execute());
    },
    subscribe(listener) {
      listeners.add(listener);
      run();
      return () => listeners.delete(listener);
    },
    checkedAt: () => checkedAt,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await unlisten?.();
      await reading;
    },
  };
}
