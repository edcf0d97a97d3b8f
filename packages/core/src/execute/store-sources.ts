import { credentialPurpose, parametersPurpose } from "../credentials/connection-place.ts";
import { secretPurpose, type Vault } from "../credentials/envelope-vault.ts";
import type { ConnectionRecord, ConnectorVersionRecord } from "../ports/records.ts";
import type {
  ConnectionSource,
  OpenConnection,
  OpenSecret,
  OpenVariable,
  SecretSource,
  VariableSource,
  VersionSource,
} from "../ports/sources.ts";
import type { Change, Stores } from "../ports/stores.ts";
import { WarmCache } from "./warm-cache.ts";

/** The four sources of an engine, over the stores of one database. */
export interface StoreSources {
  readonly connectors: VersionSource;
  readonly connections: ConnectionSource;
  readonly secrets: SecretSource;
  readonly variables: VariableSource;
}

/** Entries kept of each kind. */
const LIMITS = { connectors: 500, connections: 5_000, secrets: 5_000, variables: 5_000 } as const;

/**
 * Makes the sources of an engine: each loads from its store, opens what is sealed, and keeps it until the change feed
 * names it (`invalidate`), so that a warm call costs no statement and no decryption.
 */
export function createStoreSources(
  stores: Pick<Stores, "connectors" | "connections" | "secrets" | "variables">,
  vault: Pick<Vault, "open" | "openText">,
): StoreSources {
  return {
    connectors: versionSource(stores),
    connections: connectionSource(stores, vault),
    secrets: secretSource(stores, vault),
    variables: variableSource(stores),
  };
}

/** Parts of a key cannot run into each other: none of them holds a line feed. */
const keyOf = (workspaceId: string, name: string): string => `${workspaceId}\n${name}`;
const versionKey = (workspaceId: string, name: string, version = ""): string => `${workspaceId}\n${name}\n${version}`;

/** Says which keys a change of this kind concerns: its own, a whole workspace, or all; null if none. */
function concernedKeys(change: Change, kind: Change["kind"]): ((key: string) => boolean) | null {
  if (change.kind === "everything") return () => true;
  const workspace = keyOf(change.workspaceId, "");
  if (change.kind === "workspace") return (key) => key.startsWith(workspace);
  if (change.kind !== kind) return null;
  const exact = keyOf(change.workspaceId, change.key);
  return (key) => key === exact || key.startsWith(`${exact}\n`);
}

function versionSource({ connectors }: Pick<Stores, "connectors">): VersionSource {
  const warm = new WarmCache<ConnectorVersionRecord>(LIMITS.connectors);
  return {
    peek: (workspaceId, name, version) => warm.peek(versionKey(workspaceId, name, version)),
    load: (workspaceId, name, version) =>
      warm.load(versionKey(workspaceId, name, version), async () => {
        const record =
          version === undefined
            ? await connectors.latest(workspaceId, name)
            : await connectors.get(workspaceId, name, version);
        return record ?? null;
      }),
    invalidate: (change) => dropConcerned(warm, change, "connector"),
  };
}

function connectionSource({ connections }: Pick<Stores, "connections">, vault: Pick<Vault, "open">): ConnectionSource {
  const warm = new WarmCache<OpenConnection>(LIMITS.connections);
  const find = async (
    workspaceId: string,
    connector: string,
    reference: string,
    userId: string | undefined,
  ): Promise<ConnectionRecord | undefined> => {
    const own = userId === undefined ? undefined : await connections.find(workspaceId, connector, reference, userId);
    const named = own ?? (await connections.find(workspaceId, connector, reference));
    const record = named ?? (await connections.get(workspaceId, reference));
    if (record === undefined || record.connector !== connector) return undefined;
    return record.owner.kind === "workspace" || record.owner.userId === userId ? record : undefined;
  };
  const keyFor = (workspaceId: string, connector: string, reference: string, userId = "") =>
    `${workspaceId}\n${connector}\n${reference}\n${userId}`;
  return {
    peek: (workspaceId, connector, reference, userId) => warm.peek(keyFor(workspaceId, connector, reference, userId)),
    load: (workspaceId, connector, reference, userId) =>
      warm.load(keyFor(workspaceId, connector, reference, userId), async () => {
        const record = await find(workspaceId, connector, reference, userId);
        return record === undefined ? null : openConnection(record, vault);
      }),
    invalidate(change) {
      if (change.kind !== "connection") return dropConcerned(warm, change, "connection");
      const prefix = keyOf(change.workspaceId, "");
      // A name that was free may be taken now, so what was known to be absent goes as well.
      return warm.drop((key, value) => key.startsWith(prefix) && (value === null || value.record.id === change.key));
    },
  };
}

/** Opens what is sealed of a connection. Fails with KEY_UNAVAILABLE. */
export async function openConnection(record: ConnectionRecord, vault: Pick<Vault, "open">): Promise<OpenConnection> {
  const { id, workspaceId, sealedParameters, sealedCredential } = record;
  const [secretParameters, credential] = await Promise.all([
    sealedParameters === null ? {} : vault.open(workspaceId, parametersPurpose(id), sealedParameters),
    sealedCredential === null ? null : vault.open(workspaceId, credentialPurpose(id), sealedCredential),
  ]);
  return Object.freeze({ record, parameters: record.parameters, secretParameters, credential });
}

function secretSource({ secrets }: Pick<Stores, "secrets">, vault: Pick<Vault, "openText">): SecretSource {
  const warm = new WarmCache<OpenSecret>(LIMITS.secrets);
  return {
    peek: (workspaceId, name) => warm.peek(keyOf(workspaceId, name)),
    load: (workspaceId, name) =>
      warm.load(keyOf(workspaceId, name), async () => {
        const record = await secrets.get(workspaceId, name);
        if (record === undefined) return null;
        const value = await vault.openText(workspaceId, secretPurpose(name), record.sealed);
        return Object.freeze({ name, value, version: record.version, hosts: record.hosts });
      }),
    invalidate: (change) => dropConcerned(warm, change, "secret"),
  };
}

function variableSource({ variables }: Pick<Stores, "variables">): VariableSource {
  const warm = new WarmCache<OpenVariable>(LIMITS.variables);
  return {
    peek: (workspaceId, name) => warm.peek(keyOf(workspaceId, name)),
    load: (workspaceId, name) =>
      warm.load(keyOf(workspaceId, name), async () => {
        const record = await variables.get(workspaceId, name);
        return record === undefined ? null : Object.freeze({ value: record.value });
      }),
    invalidate: (change) => dropConcerned(warm, change, "variable"),
  };
}

function dropConcerned<Value>(warm: WarmCache<Value>, change: Change, kind: Change["kind"]): void {
  const concerns = concernedKeys(change, kind);
  if (concerns !== null) warm.drop(concerns);
}
