import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ConnectorError,
  type ConnectorStore,
  type ConnectorVersionRecord,
  digestDefinition,
  normalizeDefinition,
  parseDefinition,
  readDefinition,
} from "@junctor/core";
import { saveDefinition } from "./save-definition.ts";

/** What became of one connector of a folder. */
export type LoadedConnector =
  | { readonly kind: "published" | "unchanged"; readonly path: string; readonly name: string; readonly version: string }
  | { readonly kind: "skipped"; readonly path: string; readonly reason: string };

/**
 * Publishes every `<folder>/<name>/connector.json` that is not there yet. A version that is there with the same content
 * stays; one with other content is skipped, because published versions never change; so is one with errors.
 */
export async function loadConnectorFolder(
  store: ConnectorStore,
  workspaceId: string,
  folder: string,
): Promise<readonly LoadedConnector[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const paths = names.sort().map((name) => join(folder, name, "connector.json"));
  const loaded: LoadedConnector[] = [];
  for (const path of paths.filter((candidate) => existsSync(candidate))) {
    try {
      loaded.push(await loadConnector(store, workspaceId, path));
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      loaded.push({ kind: "skipped", path, reason: error.message });
    }
  }
  return loaded;
}

async function loadConnector(store: ConnectorStore, workspaceId: string, path: string): Promise<LoadedConnector> {
  const text = await readFile(path, "utf8");
  const known = await findUnchanged(store, workspaceId, text);
  if (known !== undefined) return { kind: "unchanged", path, name: known.name, version: known.version };
  const { definition } = readDefinition(text);
  const { name, version } = definition;
  const existing = await store.get(workspaceId, name, version);
  if (existing?.state === "published") {
    const reason = `${name} ${version} is published with other content. Raise its version to publish this one.`;
    return { kind: "skipped", path, reason };
  }
  const source = { kind: "folder", reference: path, locked: false } as const;
  await saveDefinition(store, { workspaceId, text, publish: true, source });
  return { kind: "published", path, name, version };
}

/**
 * Finds the published version that a text is, without checking the text: what is published was checked. Saves the
 * compilation of the definition's schema, most of a warm start otherwise.
 */
async function findUnchanged(
  store: ConnectorStore,
  workspaceId: string,
  text: string,
): Promise<ConnectorVersionRecord | undefined> {
  const { document } = parseDefinition(text);
  const { name, version } = (document ?? {}) as { readonly name?: unknown; readonly version?: unknown };
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  const existing = await store.get(workspaceId, name, version);
  if (existing?.state !== "published") return undefined;
  try {
    const definition = normalizeDefinition(document as never);
    return digestDefinition(definition) === existing.digest ? existing : undefined;
  } catch {
    // Not the shape of a definition: the full check will say what is wrong.
    return undefined;
  }
}
