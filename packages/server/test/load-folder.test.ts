import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@junctor/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConnectorFolder } from "../src/connectors/load-folder.ts";

let store: Store;
let folder: string;
beforeAll(async () => {
  store = await openStore({ kind: "memory" });
  await store.migrate();
  await store.stores.workspaces.create({ id: "w", name: "W", createdAt: new Date().toISOString() });
  folder = await mkdtemp(join(tmpdir(), "junctor-load-"));
  await write("books", definition("books", "1.0.0"));
  await write("broken", { name: "broken" });
  await mkdir(join(folder, "no-connector"));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const definition = (name: string, version: string, title = "Title") => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name,
  title,
  version,
  baseUrl: "https://api.example",
  actions: { read: { title: "Read", description: "Reads.", request: { path: "/" } } },
});

async function write(name: string, content: object): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "connector.json"), JSON.stringify(content));
}

const load = async () =>
  (await loadConnectorFolder(store.stores.connectors, "w", folder)).map((one) =>
    one.kind === "skipped" ? `skipped: ${one.reason}` : `${one.kind}: ${one.name} ${one.version}`,
  );

describe("loadConnectorFolder", () => {
  it("publishes what is new, and skips what has errors with the reason", async () => {
    expect(await load()).toEqual(["published: books 1.0.0", expect.stringMatching(/^skipped: At .*(and \d+ more)/)]);
  });

  it("does nothing the second time", async () => {
    expect((await load())[0]).toBe("unchanged: books 1.0.0");
  });

  it("skips a published version whose content changed, and takes it with a higher version", async () => {
    await write("books", definition("books", "1.0.0", "Other title"));
    expect((await load())[0]).toMatch(/^skipped: books 1\.0\.0 is published with other content/);
    await write("books", definition("books", "1.0.1", "Other title"));
    expect((await load())[0]).toBe("published: books 1.0.1");
  });

  it("finds nothing in a folder that is not there", async () => {
    expect(await loadConnectorFolder(store.stores.connectors, "w", join(folder, "nowhere"))).toEqual([]);
  });
});
