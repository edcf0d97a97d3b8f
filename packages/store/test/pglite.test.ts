import { openStore, type Store } from "@junctor/store";
import { afterAll, beforeAll } from "vitest";
import { describeStore } from "./suite/store-suite.ts";

let store: Store;

beforeAll(async () => {
  store = await openStore({ kind: "memory" });
  await store.migrate();
});
afterAll(() => store.close());

describeStore(
  "PGlite",
  () => store,
  () => store,
);
