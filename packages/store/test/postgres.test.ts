import { openStore, type Store } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll } from "vitest";
import { describeStore } from "./suite/store-suite.ts";

let postgres: TestPostgres;
let store: Store;
let replica: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase("suite");
  [store, replica] = await Promise.all([
    openStore({ kind: "postgres", url }),
    openStore({ kind: "postgres", url, pool: 4 }),
  ]);
  // Both at once on an empty database: one migrates, the other waits for it.
  await Promise.all([store.migrate(), replica.migrate()]);
});
afterAll(async () => {
  await Promise.all([store?.close(), replica?.close()]);
  await postgres?.stop();
});

describeStore(
  "Postgres",
  () => store,
  () => replica,
);
