import { openStore } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, makeConnection, makeExecution, makeVersion, pause } from "./suite/records.ts";

// The statements of the warm path read an index, however full the tables are: seen from the database's own counters.

let postgres: TestPostgres;
let client: pg.Client;
let store: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = await openStore({ kind: "postgres", url: postgres.url, pool: 1 });
  await store.migrate();
  client = new pg.Client(postgres.url);
  await client.connect();
  const { stores } = store;
  for (let n = 0; n < 3; n += 1) await stores.workspaces.create({ id: `w${n}`, name: "w", createdAt: at });
  await stores.connectors.saveDraft(makeVersion("w1", "1.0.0"));
  await stores.connections.create(makeConnection("w1", { id: "c1" }));
  await stores.executions.append(Array.from({ length: 20_000 }, (_, n) => makeExecution(`w${n % 3}`)));
  await client.query(`
    insert into connectors select 'w' || (n % 3), 'c' || n from generate_series(1, 300) n;
    insert into connector_versions
      select workspace_id, name, '0.' || v || '.0', '010' || length(v::text) + 10 || v, 'published', '{}', '', '{}', now(), now()
      from connectors, generate_series(1, 40) v where name <> 'books';
    insert into connections
      select workspace_id, md5(name || v), name, 'n' || v, null, null, null, '{}', null, null, 1, 'active', null, null, null, now(), now()
      from connectors, generate_series(1, 20) v where name <> 'books';
    insert into secrets (workspace_id, name, sealed, hosts) select 'w' || (n % 3), 's' || n, 'x', '{}' from generate_series(1, 5000) n;
    insert into api_keys select 'w1', 'k' || n, 'service', 'k', 'p', 'hash' || n, '{}', '{}', null, now(), null
      from generate_series(1, 5000) n;
    insert into ephemeral select 'state', 'k' || n, 'x', now() + interval '1 h' from generate_series(1, 5000) n;
    analyze`);
});
afterAll(async () => {
  await client?.end();
  await store?.close();
  await postgres?.stop();
});

interface Scans {
  readonly sequential: number;
  readonly rows: number;
}

/** What each table was read by so far. */
async function readScans(): Promise<ReadonlyMap<string, Scans>> {
  // A session hands in its counters at the end of a statement, at most once a second.
  await pause(1_200);
  await store.health();
  const { rows } = await client.query<Scans & { table: string }>(
    `select relname as table, seq_scan::int as sequential,
      (seq_tup_read + coalesce((select sum(idx_tup_read) from pg_stat_user_indexes i where i.relname = t.relname), 0))::int as rows
      from pg_stat_user_tables t`,
  );
  return new Map(rows.map((row) => [row.table, row]));
}

describe("the reads of the warm path", () => {
  const reads: readonly [table: string, mostRows: number, reads: readonly (() => Promise<unknown>)[]][] = [
    [
      "connector_versions",
      6,
      [
        () => store.stores.connectors.latest("w1", "c100"),
        () => store.stores.connectors.latest("w1", "c100", { drafts: true }),
        () => store.stores.connectors.get("w1", "c100", "0.7.0"),
      ],
    ],
    [
      "connections",
      6,
      [() => store.stores.connections.get("w1", "c1"), () => store.stores.connections.find("w1", "c100", "n7", "u1")],
    ],
    ["secrets", 2, [() => store.stores.secrets.get("w1", "s100")]],
    ["api_keys", 2, [() => store.stores.keys.findByHash("hash100")]],
    ["ephemeral", 2, [() => store.stores.ephemeral.get("state", "k100")]],
    [
      "executions",
      30,
      [
        () => store.stores.executions.list("w1", { limit: 20 }),
        () => store.stores.executions.list("w1", { limit: 20, requestId: "nobody's" }),
      ],
    ],
  ];
  let before: ReadonlyMap<string, Scans>;
  let after: ReadonlyMap<string, Scans>;
  beforeAll(async () => {
    before = await readScans();
    for (const [, , ofTable] of reads) for (const read of ofTable) expect(await read()).toBeDefined();
    after = await readScans();
  });

  it.each(reads)("of %s go through an index and touch at most %i rows", (table, mostRows) => {
    expect((after.get(table)?.sequential ?? 0) - (before.get(table)?.sequential ?? 0)).toBe(0);
    const touched = (after.get(table)?.rows ?? 0) - (before.get(table)?.rows ?? 0);
    expect(touched).toBeGreaterThan(0);
    expect(touched).toBeLessThanOrEqual(mostRows);
  });
});
