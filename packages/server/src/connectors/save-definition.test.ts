import type { ConnectorStore, ConnectorVersionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { publishVersion, saveDefinition } from "./save-definition.ts";

const definition = (version: string) => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "books",
  title: "Books",
  version,
  baseUrl: "https://books.example",
  actions: { list: { request: { path: "/list" } } },
});
const recordOf = (version: string, state: "draft" | "published") =>
  ({
    workspaceId: "w",
    name: "books",
    version,
    state,
    definition: definition(version),
    source: { kind: "api", locked: false },
  }) as unknown as ConnectorVersionRecord;

/** A workspace in which these versions were saved before. */
function storeOf(records: readonly ConnectorVersionRecord[]) {
  const saved: string[] = [];
  const store = {
    latest: async () => records[0],
    versions: async () => records,
    saveDraft: async ({ version }: ConnectorVersionRecord) => void saved.push(version),
    publish: async (_workspace: string, _name: string, version: string) => recordOf(version, "published"),
  } as unknown as ConnectorStore;
  return { store, saved };
}

const save = (store: ConnectorStore, version: string) =>
  saveDefinition(store, {
    workspaceId: "w",
    text: JSON.stringify(definition(version)),
    publish: true,
    source: { kind: "api", locked: false },
  });

/** Versions that earlier releases took. */
const incomparable = ["99999999999999999999.0.0", "9007199254740993.0.0", "1.0.0-01"];

describe("a version that cannot be compared", () => {
  for (const version of incomparable) {
    it(`is not saved any more: ${version}`, async () => {
      const { store, saved } = storeOf([]);
      await expect(save(store, version)).rejects.toMatchObject({ code: "DEFINITION_INVALID", status: 422 });
      expect(saved).toEqual([]);
    });

    it(`blocks no other one: ${version}`, async () => {
      const { store } = storeOf([recordOf(version, "published")]);
      expect((await save(store, "1.0.0")).record).toMatchObject({ version: "1.0.0", state: "published" });
    });

    it(`hides no published one that the next has to come after: ${version}`, async () => {
      const { store } = storeOf([recordOf(version, "published"), recordOf("1.2.0", "published")]);
      expect((await save(store, "1.2.1")).record).toMatchObject({ version: "1.2.1", state: "published" });
    });

    it(`is not published where it is a draft: ${version}`, async () => {
      const { store } = storeOf([]);
      const publishing = publishVersion(store, recordOf(version, "draft"));
      await expect(publishing).rejects.toMatchObject({ code: "DEFINITION_INVALID" });
    });
  }
});
