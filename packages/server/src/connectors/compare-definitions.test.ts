import type { ConnectorStore, ConnectorVersionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { compareDefinitions } from "./compare-definitions.ts";

const definition = (version: string) => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "books",
  title: "Books",
  version,
  baseUrl: "https://books.example",
  actions: { list: { request: { path: "/list" } } },
});
const record = (version: string, state: "draft" | "published") =>
  ({ name: "books", version, state, definition: definition(version) }) as unknown as ConnectorVersionRecord;

/** A workspace with one connector. */
const storeOf = (records: readonly ConnectorVersionRecord[]): ConnectorStore =>
  ({
    latest: async (_workspace: string, name: string, { drafts = false } = {}) =>
      records.find((one) => one.name === name && (drafts || one.state === "published")),
    get: async (_workspace: string, name: string, version: string) =>
      records.find((one) => one.name === name && one.version === version),
  }) as unknown as ConnectorStore;
const published = storeOf([record("1.0.0", "published")]);

describe("a comparison", () => {
  const refused: readonly [wish: object, code: string][] = [
    [{ name: "nope", to: "1.0.0" }, "CONNECTOR_UNKNOWN"],
    [{ name: "nope", from: "1.0.0", to: "2.0.0" }, "CONNECTOR_UNKNOWN"],
    [{ name: "nope", definition: definition("1.0.0") }, "CONNECTOR_UNKNOWN"],
    [{ name: "books", to: "9.0.0" }, "VERSION_UNKNOWN"],
    [{ name: "books", from: "0.1.0", to: "1.0.0" }, "VERSION_UNKNOWN"],
    [{ name: "books" }, "REQUEST_INVALID"],
  ];
  for (const [wish, code] of refused) {
    it(`of ${JSON.stringify(wish).slice(0, 60)} is ${code}`, async () => {
      const comparing = compareDefinitions(published, { workspaceId: "w", ...wish } as never);
      await expect(comparing).rejects.toMatchObject({ code, hint: expect.any(String) });
    });
  }

  it("with nothing published takes everything", async () => {
    const drafts = storeOf([record("0.1.0", "draft")]);
    const wish = { workspaceId: "w", name: "books", definition: definition("1.0.0") };
    expect(await compareDefinitions(drafts, wish)).toMatchObject({ from: null, to: "1.0.0", accepted: true });
  });
});
