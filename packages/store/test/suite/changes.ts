import type { Change, Stores } from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import {
  at,
  makeConnection,
  makeKey,
  makeVersion,
  makeWorkspace,
  makeWorkspaceWithConnector,
  until,
} from "./records.ts";

/** Collects the changes of one workspace while `work` runs, and until `count` of them have arrived. */
export async function collectChanges(
  store: Store,
  workspaceId: string,
  count: number,
  work: () => Promise<unknown>,
  limitMs = 5_000,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const stop = store.stores.changes.subscribe((change: Change) => {
    if (change.workspaceId === workspaceId) seen.push(`${change.kind} ${change.key}`);
  });
  try {
    await work();
    await until(() => seen.length >= count, limitMs, `${count} changes, only ${JSON.stringify(seen)}`);
    return seen;
  } finally {
    stop();
  }
}

type Write = (stores: Stores, workspaceId: string) => Promise<unknown>;

const writes: readonly [what: string, write: Write, changes: readonly string[]][] = [
  ["a saved draft", ({ connectors }, w) => connectors.saveDraft(makeVersion(w, "9.0.0")), ["connector books"]],
  ["a publication", ({ connectors }, w) => connectors.publish(w, "books", "1.0.0", at), ["connector books"]],
  ["a deleted draft", ({ connectors }, w) => connectors.deleteDraft(w, "books", "1.0.0"), ["connector books"]],
  ["a deleted connector", ({ connectors }, w) => connectors.delete(w, "books"), ["connector books"]],
  ["a new connection", ({ connections }, w) => connections.create(makeConnection(w, { id: "c" })), ["connection c"]],
  [
    "a changed and deleted connection",
    async ({ connections }, w) => {
      await connections.create(makeConnection(w, { id: "c" }));
      await connections.update(w, "c", 1, { label: "x" });
      await connections.delete(w, "c");
    },
    ["connection c", "connection c", "connection c"],
  ],
  [
    "a secret",
    ({ secrets }, workspaceId) => secrets.put({ workspaceId, name: "s", sealed: "x", hosts: [] }),
    ["secret s"],
  ],
  [
    "a written and deleted variable",
    async ({ variables }, w) => {
      await variables.put(w, "v", 1);
      await variables.delete(w, "v");
    },
    ["variable v", "variable v"],
  ],
  [
    "a key, made and revoked",
    async ({ keys }, w) => {
      await keys.create(makeKey(w, { id: `k-${w}` }));
      await keys.revoke(w, `k-${w}`, at);
    },
    ["key", "key"],
  ],
  [
    "a purge, which no table shows",
    ({ changes }, workspaceId) => changes.publish({ kind: "purge", workspaceId, key: "books/getBook" }),
    ["purge books/getBook"],
  ],
  [
    "a whole set",
    ({ connectors }, w) =>
      connectors.applyAll(w, {
        save: [makeVersion(w, "1.0.0", { name: "a" }), makeVersion(w, "1.0.0", { name: "b" })],
        remove: ["books"],
      }),
    ["connector a", "connector b", "connector books"],
  ],
];

/** What subscribers hear, on both engines. */
export function describeChanges(open: () => Store): void {
  describe("the change feed", () => {
    it.each(writes)("tells of %s", async (_what, write, expected) => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      await settle(open());
      const seen = await collectChanges(open(), workspaceId, expected.length, () => write(open().stores, workspaceId));
      expect(seen.map((text) => (text.startsWith("key ") ? "key" : text))).toEqual(expected);
    });

    it("tells nothing of a write that was rolled back", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connectors, connections, variables } = open().stores;
      await connections.create(makeConnection(workspaceId));
      await settle(open());
      const seen = await collectChanges(open(), workspaceId, 1, async () => {
        const set = { save: [makeVersion(workspaceId, "2.0.0", { name: "new" })], remove: ["books"] };
        await expect(connectors.applyAll(workspaceId, set)).rejects.toMatchObject({ code: "CONFLICT" });
        await variables.put(workspaceId, "after", 1);
      });
      expect(seen).toEqual(["variable after"]);
    });

    it("goes on when a subscriber throws, and ends for one who left", async () => {
      const workspaceId = await makeWorkspace(open());
      await settle(open());
      const { changes, variables } = open().stores;
      let heard = 0;
      const leave = changes.subscribe(() => {
        heard += 1;
      });
      leave();
      const stop = changes.subscribe(() => {
        throw new Error("subscriber");
      });
      const seen = await collectChanges(open(), workspaceId, 1, () => variables.put(workspaceId, "v", 1));
      stop();
      expect(seen).toEqual(["variable v"]);
      expect(heard).toBe(0);
    });
  });
}

/** Waits until the store has told what was written before. */
export async function settle(store: Store): Promise<void> {
  const mark = `mark-${Math.random()}`;
  await collectChanges(store, mark, 1, () =>
    store.stores.changes.publish({ kind: "purge", workspaceId: mark, key: "" }),
  );
}
