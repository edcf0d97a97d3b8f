import { openStore, type Store, type StoreProblem } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { migrateSchema } from "../src/migrations/migrate.ts";
import { migrations } from "../src/migrations/migrations.ts";
import { openPostgres } from "../src/postgres/open-postgres.ts";
import { collectChanges, settle } from "./suite/changes.ts";
import { at, makeWorkspace, pause, until } from "./suite/records.ts";

// What only several processes on one Postgres can show. Each test has a database of its own.

let postgres: TestPostgres;
let databases = 0;
const opened: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterEach(async () => {
  await Promise.allSettled(opened.splice(0).map((store) => store.close()));
});
afterAll(() => postgres.stop());

const makeDatabase = (): Promise<string> => {
  databases += 1;
  return postgres.createDatabase(`replicas${databases}`);
};

async function open(url: string, onProblem: (problem: StoreProblem) => void = () => undefined): Promise<Store> {
  const store = await openStore({ kind: "postgres", url, pool: 3, onProblem });
  opened.push(store);
  return store;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  await client.connect();
  opened.push({ close: () => client.end() });
  return client;
}

async function openTwo(): Promise<{ url: string; one: Store; two: Store; workspaceId: string }> {
  const url = await makeDatabase();
  const [one, two] = await Promise.all([open(url), open(url)]);
  await Promise.all([one.migrate(), two.migrate()]);
  const workspaceId = await makeWorkspace(one);
  await settle(two);
  return { url, one, two, workspaceId };
}

describe("migrations", () => {
  it("run once when eight processes start at once on an empty database", async () => {
    const url = await makeDatabase();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    const runs = await Promise.all(stores.map((store) => store.migrate()));
    expect(runs.filter((names) => names.length > 0)).toEqual([Object.keys(migrations)]);
  });

  it("that fail leave nothing behind and can be run again", async () => {
    const engine = await openPostgres({ kind: "postgres", url: await makeDatabase() }, () => undefined);
    opened.push(engine);
    const broken = {
      ...migrations,
      "9999-broken": {
        up: async (db: typeof engine.kysely) => {
          await db.schema.createTable("half").addColumn("a", "text").execute();
          throw new Error("planted");
        },
      },
    };
    await expect(migrateSchema(engine.kysely, broken)).rejects.toThrow("planted");
    expect((await engine.kysely.introspection.getTables()).map(({ name }) => name)).not.toContain("half");
    expect(await migrateSchema(engine.kysely)).toEqual(Object.keys(migrations));
  });

  it("put version numbers that cannot be compared below all others, so that the workspace can go on", async () => {
    const url = await makeDatabase();
    const engine = await openPostgres({ kind: "postgres", url }, () => undefined);
    opened.push(engine);
    const { "0004-find-calls-by-request": _later, ...earlier } = migrations;
    await migrateSchema(engine.kysely, earlier);
    const client = await connect(url);
    await client.query(`
      insert into workspaces values ('w', 'w', now());
      insert into connectors values ('w', 'books');
      insert into connector_versions
        select 'w', 'books', version, version_order, 'published', '{}', '', '{}', now(), now()
        from (values ('99999999999999999999.0.0', '20999999999999999999990101~'), ('1.0.0-1234567890123456', '010110101!0161234567890123456 '),
          ('1.0.0', '010110101~')) as old (version, version_order)`);
    const store = await open(url);
    await store.migrate();
    const versions = await store.stores.connectors.versions("w", "books");
    expect(versions.map(({ version }) => version)).toEqual([
      "1.0.0",
      "1.0.0-1234567890123456",
      "99999999999999999999.0.0",
    ]);
  });

  it("refuse a database that is newer than the program", async () => {
    const url = await makeDatabase();
    const store = await open(url);
    await store.migrate();
    const client = await connect(url);
    await client.query("insert into junctor_migration values ('9999-later', $1)", [new Date().toISOString()]);
    await expect(store.migrate()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("another version of Junctor"),
    });
  });
});

describe("a change on one replica", () => {
  it("reaches the other one within 5 s", async () => {
    const { one, two, workspaceId } = await openTwo();
    const startedAt = Date.now();
    const seen = await collectChanges(two, workspaceId, 1, () => one.stores.variables.put(workspaceId, "v", 1));
    expect(seen).toEqual(["variable v"]);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  it("reaches the other one within 5 s when the notification gets lost", async () => {
    const { url, one, two, workspaceId } = await openTwo();
    const client = await connect(url);
    await client.query("alter table changes disable trigger wake_listeners");
    const seen = await collectChanges(two, workspaceId, 1, () => one.stores.variables.put(workspaceId, "v", 1), 5_000);
    expect(seen).toEqual(["variable v"]);
  });

  it("reaches the other one when its listener was cut off, and again by notification after that", async () => {
    const { url, one, two, workspaceId } = await openTwo();
    const client = await connect(url);
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'");
    const missed = await collectChanges(two, workspaceId, 1, () => one.stores.variables.put(workspaceId, "v", 1));
    expect(missed).toEqual(["variable v"]);
    const listeners = async () =>
      (await client.query("select 1 from pg_stat_activity where query like 'listen%'")).rowCount ?? 0;
    await until(async () => (await listeners()) >= 2, 5_000, "both replicas listening again");
    const startedAt = Date.now();
    await collectChanges(two, workspaceId, 1, () => one.stores.variables.put(workspaceId, "w", 1));
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it("is told although an earlier transaction commits later", async () => {
    const { url, one, two, workspaceId } = await openTwo();
    const client = await connect(url);
    await client.query("begin");
    await client.query("insert into variables (workspace_id, name, value) values ($1, 'slow', '1')", [workspaceId]);
    const seen = await collectChanges(two, workspaceId, 2, async () => {
      await one.stores.variables.put(workspaceId, "fast", 1);
      await pause(2_500);
      await client.query("commit");
    });
    expect(seen).toEqual(["variable fast", "variable slow"]);
  });

  it("that happened while a replica could not look for longer than changes are kept is told as everything", async () => {
    const { two } = await openTwo();
    const told: string[] = [];
    two.stores.changes.subscribe(({ kind }) => told.push(kind));
    const realNow = Date.now;
    Date.now = () => realNow() + 2 * 3_600_000;
    try {
      await until(() => told.includes("everything"), 5_000, "everything");
    } finally {
      Date.now = realNow;
    }
  });
});

describe("a database that cannot be used", () => {
  it.each([
    ["nobody listens", "postgres://postgres:postgres@127.0.0.1:1/x"],
    ["the name does not resolve", "postgres://postgres:postgres@no-such-host.invalid/x"],
  ])("is an error that says so when %s", async (_why, url) => {
    await expect(openStore({ kind: "postgres", url })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: true,
      hint: expect.stringContaining("address and credentials"),
    });
  });

  it("is an error without the password when that is wrong or the database is not there", async () => {
    for (const url of [postgres.url.replace("postgres:postgres@", "postgres:s3cret@"), `${postgres.url}-none`]) {
      const error = await openStore({ kind: "postgres", url }).catch((reason: Error) => reason);
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(String(error)).not.toContain("s3cret");
    }
  });

  it("fails calls while it is away, tells of it, and works again when it is back", { timeout: 60_000 }, async () => {
    const problems: StoreProblem[] = [];
    const store = await open(await makeDatabase(), (problem) => problems.push(problem));
    await store.migrate();
    const workspaceId = await makeWorkspace(store);
    await settle(store);
    await postgres.halt();
    const write = store.stores.variables.put(workspaceId, "v", 1);
    await expect(write).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    expect(await store.health()).toMatchObject({ ok: false, reason: expect.stringContaining("cannot be used") });
    expect(problems.map(({ what }) => what)).toContain("listener");
    await postgres.resume();
    await until(async () => (await store.health()).ok, 10_000, "health");
    const seen = await collectChanges(store, workspaceId, 1, () => store.stores.variables.put(workspaceId, "v", 2));
    expect(seen).toEqual(["variable v"]);
  });

  it("does not keep a caller longer than the statement timeout", async () => {
    const url = await makeDatabase();
    const store = await openStore({ kind: "postgres", url, statementTimeoutMs: 300 });
    opened.push(store);
    await store.migrate();
    const workspaceId = await makeWorkspace(store);
    const client = await connect(url);
    await client.query("begin");
    await client.query("lock table variables in access exclusive mode");
    await expect(store.stores.variables.list(workspaceId)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("in time"),
    });
    await client.query("rollback");
    expect(await store.stores.variables.list(workspaceId)).toEqual([]);
  });

  it("makes callers wait for a connection instead of opening one more", async () => {
    const url = await makeDatabase();
    const store = await open(url);
    await store.migrate();
    const workspaceId = await makeWorkspace(store);
    await Promise.all(Array.from({ length: 60 }, (_, n) => store.stores.variables.put(workspaceId, `v${n}`, n)));
    expect(await store.stores.variables.list(workspaceId)).toHaveLength(60);
    expect((await store.health()).connections).toBeLessThanOrEqual(3);
  });

  it("refuses a backup, which Postgres has its own tools for", async () => {
    const store = await open(await makeDatabase());
    await expect(store.backup("/nowhere/x")).rejects.toMatchObject({
      code: "CONFLICT",
      hint: expect.stringContaining("pg_dump"),
    });
  });
});

describe("text that Postgres cannot hold", () => {
  it("is the caller's error, not the server's", async () => {
    const store = await open(await makeDatabase());
    await store.migrate();
    const create = store.stores.workspaces.create({ id: "a\u0000b", name: "w", createdAt: at });
    await expect(create).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});
