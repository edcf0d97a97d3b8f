import type { Stores } from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import {
  at,
  makeAudit,
  makeConnection,
  makeExecution,
  makeKey,
  makeVersion,
  makeWorkspace,
  makeWorkspaceWithConnector,
} from "./records.ts";

type Attempt = (
  stores: Stores,
  rival: string,
  ids: Record<"connection" | "key" | "execution", string>,
) => Promise<unknown>;

/** Every method that takes a workspace, called with another one: what it finds there, and what it would change. */
const attempts: readonly [what: string, attempt: Attempt, found: unknown][] = [
  ["reads a version", ({ connectors }, w) => connectors.get(w, "books", "1.0.0"), undefined],
  ["reads the latest version", ({ connectors }, w) => connectors.latest(w, "books", { drafts: true }), undefined],
  ["lists versions", ({ connectors }, w) => connectors.versions(w, "books"), []],
  ["lists connectors", ({ connectors }, w) => connectors.list(w), []],
  ["publishes", ({ connectors }, w) => connectors.publish(w, "books", "1.0.0", at), undefined],
  ["deletes a draft", ({ connectors }, w) => connectors.deleteDraft(w, "books", "1.0.0"), false],
  ["deletes a connector", ({ connectors }, w) => connectors.delete(w, "books"), false],
  ["removes by a set", ({ connectors }, w) => connectors.applyAll(w, { save: [], remove: ["books"] }), true],
  [
    "releases what a setting owns",
    ({ connectors }, w) => connectors.releaseAll(w, "repository:r", { kind: "policy", name: "main" }),
    false,
  ],
  ["reads a connection", ({ connections }, w, ids) => connections.get(w, ids.connection), undefined],
  ["finds a connection", ({ connections }, w) => connections.find(w, "books", "main"), undefined],
  ["lists connections", ({ connections }, w) => connections.list(w), []],
  [
    "writes a connection",
    ({ connections }, w, ids) => connections.update(w, ids.connection, 1, { label: "x" }),
    undefined,
  ],
  ["deletes a connection", ({ connections }, w, ids) => connections.delete(w, ids.connection), false],
  ["reads a secret", ({ secrets }, w) => secrets.get(w, "token"), undefined],
  ["lists secrets", ({ secrets }, w) => secrets.list(w), []],
  ["deletes a secret", ({ secrets }, w) => secrets.delete(w, "token"), false],
  ["reads a variable", ({ variables }, w) => variables.get(w, "region"), undefined],
  ["lists variables", ({ variables }, w) => variables.list(w), []],
  ["deletes a variable", ({ variables }, w) => variables.delete(w, "region"), false],
  ["reads a setting", ({ settings }, w) => settings.get(w, "policy", "main"), undefined],
  ["lists settings", ({ settings }, w) => settings.list(w, "policy"), []],
  ["updates a setting", ({ settings }, w) => settings.update(w, "policy", "main", () => ({})), undefined],
  ["deletes a setting", ({ settings }, w) => settings.delete(w, "policy", "main"), false],
  ["lists keys", ({ keys }, w) => keys.list(w), []],
  ["revokes a key", ({ keys }, w, ids) => keys.revoke(w, ids.key, at), false],
  ["reads an execution", ({ executions }, w, ids) => executions.get(w, ids.execution), undefined],
  ["lists executions", ({ executions }, w) => executions.list(w, { limit: 10 }), { items: [], cursor: null }],
  ["lists the audit trail", ({ audit }, w) => audit.list(w, { limit: 10 }), { items: [], cursor: null }],
  ["reads the current data key", ({ dataKeys }, w) => dataKeys.current(w), undefined],
  ["reads a data key", ({ dataKeys }, w) => dataKeys.get(w, "data-key"), undefined],
  ["rewraps a data key", ({ dataKeys }, w) => dataKeys.rewrap(w, "data-key", "x", "x"), undefined],
  [
    "lists sealed values",
    ({ sealed }, w) => sealed.listWithoutPrefix(w, "-", { limit: 10 }),
    { items: [], cursor: null },
  ],
  [
    "replaces a sealed secret",
    ({ sealed }, workspaceId) => sealed.replace({ kind: "secret", workspaceId, key: "token" }, "cipher", "x"),
    false,
  ],
  [
    "replaces a sealed parameter",
    ({ sealed }, workspaceId, { connection }) =>
      sealed.replace({ kind: "connection-parameters", workspaceId, key: connection }, "j1.k.sealed-parameters", "x"),
    false,
  ],
];

/** What one workspace sees of another: nothing. */
export function describeIsolation(open: () => Store): void {
  describe("a workspace", () => {
    async function setUp() {
      const { stores } = open();
      const owner = await makeWorkspaceWithConnector(open());
      const rival = await makeWorkspace(open(), "rival");
      const [connection, key, execution] = [makeConnection(owner), makeKey(owner), makeExecution(owner)];
      await stores.connections.create(connection);
      await stores.secrets.put({ workspaceId: owner, name: "token", sealed: "cipher", hosts: [] });
      await stores.variables.put(owner, "region", "eu");
      await stores.settings.put(owner, "policy", "main", { allow: [] });
      await stores.keys.create(key);
      await stores.executions.append([execution]);
      await stores.audit.append([makeAudit(owner)]);
      await stores.dataKeys.createCurrent({
        id: "data-key",
        workspaceId: owner,
        wrapped: "wrapped",
        masterKeyId: "m",
        createdAt: at,
        retiredAt: null,
      });
      return { owner, rival, ids: { connection: connection.id, key: key.id, execution: execution.id } };
    }

    const everythingOf = async ({ stores }: Store, workspace: string, ids: Record<string, string>) => [
      await stores.connectors.versions(workspace, "books"),
      await stores.connections.get(workspace, ids.connection ?? ""),
      await stores.secrets.get(workspace, "token"),
      await stores.variables.list(workspace),
      await stores.settings.list(workspace, "policy"),
      await stores.keys.list(workspace),
      await stores.executions.list(workspace, { limit: 10 }),
      await stores.audit.list(workspace, { limit: 10 }),
      await stores.dataKeys.current(workspace),
    ];

    it.each(attempts)("that %s of another one finds nothing and changes nothing", async (_what, attempt, found) => {
      const { owner, rival, ids } = await setUp();
      const before = await everythingOf(open(), owner, ids);
      expect(await attempt(open().stores, rival, ids)).toEqual(found);
      expect(await everythingOf(open(), owner, ids)).toEqual(before);
    });

    it("may use the names and ids of another one for its own things", async () => {
      const { owner, rival, ids } = await setUp();
      const { stores } = open();
      await stores.connectors.saveDraft(makeVersion(rival, "1.0.0", { digest: "rival's" }));
      await stores.connections.create(makeConnection(rival, { id: ids.connection, label: "rival's" }));
      await stores.executions.append([makeExecution(rival, { id: ids.execution, action: "rival's" })]);
      await stores.secrets.put({ workspaceId: rival, name: "token", sealed: "rival's", hosts: [] });
      expect((await stores.connectors.get(owner, "books", "1.0.0"))?.digest).toBe("digest of 1.0.0");
      expect((await stores.connections.get(rival, ids.connection))?.label).toBe("rival's");
      expect((await stores.connections.get(owner, ids.connection))?.label).toBeNull();
      expect((await stores.executions.get(owner, ids.execution))?.action).toBe("getBook");
      expect((await stores.secrets.get(owner, "token"))?.sealed).toBe("cipher");
    });
  });
}
