import type { DiffRequest, DiffResult } from "@junctor/contract";
import {
  ConnectorError,
  type ConnectorStore,
  type ConnectorVersionRecord,
  checkDefinition,
  diffDefinitions,
  versionStep,
} from "@junctor/core";

/** What is to be compared, within one connector of a workspace. */
export interface DefinitionsToCompare extends DiffRequest {
  readonly workspaceId: string;
  readonly name: string;
}

type Definition = ReturnType<typeof checkDefinition>;

const sizes = { none: 0, patch: 1, minor: 2, major: 3 } as const;

/** Compares a version, or a definition that is not saved, with a version: by default the highest published one. */
export async function compareDefinitions(store: ConnectorStore, wish: DefinitionsToCompare): Promise<DiffResult> {
  const { workspaceId, name, from, to, definition } = wish;
  if ((to === undefined) === (definition === undefined)) {
    throw new ConnectorError("REQUEST_INVALID", "Name either a version in `to` or a `definition`.", {
      details: [{ pointer: "/to", message: "or /definition is required, not both" }],
      hint: 'Send {"to": "1.1.0"} or {"definition": {…}}.',
    });
  }
  await requireConnector(store, workspaceId, name);
  const after =
    definition === undefined ? await readVersion(store, workspaceId, name, to ?? "") : checkDefinition(definition);
  const before =
    from === undefined
      ? await readPublished(store, workspaceId, name)
      : await readVersion(store, workspaceId, name, from);
  if (before === undefined) return { from: null, to: after.version, step: "none", accepted: true, changes: [] };
  const { changes, step } = diffDefinitions(before, after);
  const needed = step ?? "none";
  const taken = versionStep(before.version, after.version) ?? "none";
  return {
    from: before.version,
    to: after.version,
    step: needed,
    accepted: taken !== "none" && sizes[taken] >= sizes[needed],
    changes,
  };
}

async function readPublished(
  store: ConnectorStore,
  workspaceId: string,
  name: string,
): Promise<Definition | undefined> {
  const record = await store.latest(workspaceId, name);
  return record && asDefinition(record);
}

/** A version of a connector that there is not is the lesser part of what is wrong. */
async function requireConnector(store: ConnectorStore, workspaceId: string, name: string): Promise<void> {
  if ((await store.latest(workspaceId, name, { drafts: true })) !== undefined) return;
  throw new ConnectorError("CONNECTOR_UNKNOWN", `The workspace has no connector "${name}".`, {
    hint: "List them with GET /v1/connectors.",
  });
}

async function readVersion(
  store: ConnectorStore,
  workspaceId: string,
  name: string,
  version: string,
): Promise<Definition> {
  const record = await store.get(workspaceId, name, version);
  if (record !== undefined) return asDefinition(record);
  throw new ConnectorError("VERSION_UNKNOWN", `The workspace has no version ${version} of connector "${name}".`, {
    hint: `List them with GET /v1/connectors/${name}/versions.`,
  });
}

const asDefinition = ({ definition }: ConnectorVersionRecord): Definition => definition as unknown as Definition;
