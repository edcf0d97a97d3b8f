import type { DefinitionChange, Finding as ShownFinding } from "@junctor/contract";
import {
  ConnectorError,
  type ConnectorSource,
  type ConnectorStore,
  type ConnectorVersionRecord,
  digestDefinition,
  type JsonObject,
  readDefinition,
} from "@junctor/core";

/** A definition to be saved. */
export interface DefinitionToSave {
  readonly workspaceId: string;
  /** The definition as its author wrote it. */
  readonly text: string;
  readonly publish: boolean;
  readonly source: ConnectorSource;
}

/** What was saved, and what there is to say about it. */
export interface SavedDefinition {
  readonly record: ConnectorVersionRecord;
  readonly findings: readonly ShownFinding[];
  readonly changes: readonly DefinitionChange[];
}

/** Saves a definition as a draft under its own name and version, and publishes it if that is wished. */
export async function saveDefinition(store: ConnectorStore, wish: DefinitionToSave): Promise<SavedDefinition> {
  const { definition } = readDefinition(wish.text);
  const draft: ConnectorVersionRecord = {
    workspaceId: wish.workspaceId,
    name: definition.name,
    version: definition.version,
    state: "draft",
    definition: definition as unknown as JsonObject,
    digest: digestDefinition(definition),
    source: wish.source,
    createdAt: new Date().toISOString(),
    publishedAt: null,
  };
  await store.saveDraft(draft);
  const record = wish.publish ? await publishVersion(store, draft) : draft;
  return { record, findings: [], changes: [] };
}

/** Makes a draft immutable. */
export async function publishVersion(
  store: ConnectorStore,
  { workspaceId, name, version }: ConnectorVersionRecord,
): Promise<ConnectorVersionRecord> {
  const published = await store.publish(workspaceId, name, version, new Date().toISOString());
  if (published === undefined) {
    throw new ConnectorError("VERSION_PUBLISHED", `${name} ${version} is published already.`, {
      hint: "Save the definition under a higher version.",
    });
  }
  return published;
}
