import { ConnectorError, type ConnectorSource, type ConnectorVersionRecord, listNamedValues } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { openNamedSecret } from "./open-named-secret.ts";
import { type PlannedVersion, planSync, refuseVanished, type SyncPlan } from "./plan-sync.ts";
import { readRegistry } from "./read-registry.ts";
import {
  asRepository,
  isSameAddress,
  noteSync,
  type RepositorySetting,
  readRepository,
  referenceOf,
} from "./repository-setting.ts";

/** What a synchronisation did, or would do. */
export interface SyncOutcome extends SyncPlan {
  readonly commit: string;
  readonly applied: boolean;
  readonly warnings: readonly string[];
}

/** What a synchronisation needs. */
export type SyncContext = Pick<ServerContext, "stores" | "vault" | "egress" | "log">;

interface ReadOutcome extends SyncOutcome {
  readonly hasRegistryFile: boolean;
}

/** Milliseconds for which one synchronisation keeps others of the same repository away. */
const leaseMs = 5 * 60_000;

/** Reads a repository and plans; nothing is changed. Fails with RESOURCE_UNKNOWN or SYNC_FAILED. */
export async function planRepository(context: SyncContext, workspaceId: string, name: string): Promise<SyncOutcome> {
  const setting = await readRepository(context.stores.settings, workspaceId, name);
  return withoutFacts(await readAndPlan(context, workspaceId, name, setting));
}

/**
 * Reads a repository, plans and applies the plan: all of it or nothing. Undefined while another synchronisation of it runs.
 *
 *   lease ─► setting ─► fetch ─► read ─► plan ─┬─ problems ──► failed, nothing changed
 *                                              └─ none ─────► apply in one transaction, if the repository is still
 *                                                             there and the same ─┬─ yes ─► synchronised
 *                                                                                 └─ no ──► CONFLICT, nothing changed
 *
 * The setting is read once the lease is held, so what was pushed before that is in what is fetched. Fails with
 * RESOURCE_UNKNOWN, SYNC_FAILED, or CONFLICT.
 */
export async function syncRepository(
  context: SyncContext,
  workspaceId: string,
  name: string,
): Promise<SyncOutcome | undefined> {
  const { leases, settings } = context.stores;
  await readRepository(settings, workspaceId, name);
  const lease = `sync:${workspaceId}:${name}`;
  const owner = crypto.randomUUID();
  if ((await leases.acquire(lease, owner, leaseMs)) === undefined) return undefined;
  try {
    const setting = await readRepository(settings, workspaceId, name);
    return await syncAlone(context, workspaceId, name, setting);
  } finally {
    await leases.release(lease, owner);
  }
}

async function syncAlone(
  context: SyncContext,
  workspaceId: string,
  name: string,
  setting: RepositorySetting,
): Promise<SyncOutcome> {
  const { settings } = context.stores;
  try {
    const outcome = await readAndPlan(context, workspaceId, name, setting);
    const [first] = outcome.problems;
    if (first !== undefined) {
      const message = `${first.path}: ${first.message}`;
      await noteSync(settings, workspaceId, name, setting, { state: "failed", message });
      return withoutFacts(outcome);
    }
    await apply(context, workspaceId, name, setting, outcome);
    const { commit, hasRegistryFile } = outcome;
    await noteSync(settings, workspaceId, name, setting, {
      state: "synchronised",
      message: null,
      commit,
      hasRegistryFile,
    });
    return { ...withoutFacts(outcome), applied: true };
  } catch (error) {
    const { message } = error as Error;
    await noteSync(settings, workspaceId, name, setting, { state: "failed", message });
    throw error;
  }
}

async function readAndPlan(
  context: SyncContext,
  workspaceId: string,
  name: string,
  setting: RepositorySetting,
): Promise<ReadOutcome> {
  const token = await openNamedSecret(context, workspaceId, setting.tokenSecret, setting.url);
  const { url, branch, folder } = setting;
  // Loaded when the first repository is read: the Git library takes megabytes that most servers never need.
  const { fetchRepository } = await import("./fetch-repository.ts");
  const { commit, files } = await fetchRepository(context.egress, {
    url,
    ...(branch !== undefined && { branch }),
    ...(folder !== undefined && { folder }),
    ...(token !== undefined && { token }),
  });
  const content = readRegistry(files, (url) => context.egress.checkUrl(url));
  const reference = referenceOf(name);
  const current = await context.stores.connectors.list(workspaceId);
  const plan = planSync(reference, current, content.wanted, await listEdited(context, workspaceId, reference, current));
  const vanished = refuseVanished(plan, content, setting.hasRegistryFile ?? false);
  const warnings = await findMissing(context, workspaceId, [...plan.create, ...plan.update]);
  const problems = [...content.problems, ...plan.problems, ...vanished];
  // What cannot be read may be what seems to be gone.
  const remove = content.problems.length > 0 ? [] : plan.remove;
  return { ...plan, remove, problems, commit, applied: false, warnings, hasRegistryFile: content.hasRegistryFile };
}

const withoutFacts = ({ hasRegistryFile: _, ...outcome }: ReadOutcome): SyncOutcome => outcome;

/** Connectors of the repository that were unlocked, as it was removed once, and have got a version by hand since. */
async function listEdited(
  { stores }: SyncContext,
  workspaceId: string,
  reference: string,
  current: readonly ConnectorVersionRecord[],
): Promise<ReadonlySet<string>> {
  const unlocked = current.filter(({ source }) => source.reference === reference && !source.locked);
  const edited = await Promise.all(
    unlocked.map(async ({ name }) => {
      const versions = await stores.connectors.versions(workspaceId, name);
      return versions.every(({ source }) => source.reference === reference) ? [] : [name];
    }),
  );
  return new Set(edited.flat());
}

/** Secrets and variables that the new definitions name and the workspace does not have. */
async function findMissing(
  { stores }: SyncContext,
  workspaceId: string,
  versions: readonly PlannedVersion[],
): Promise<string[]> {
  const secrets = new Set((await stores.secrets.list(workspaceId)).map((secret) => secret.name));
  const variables = new Set((await stores.variables.list(workspaceId)).map((variable) => variable.name));
  return versions.flatMap(({ name, definition }) => {
    const named = listNamedValues(definition);
    return [
      ...named.secrets
        .filter((each) => !secrets.has(each))
        .map((each) => `"${name}" reads the secret "${each}", which does not exist yet.`),
      ...named.variables
        .filter((each) => !variables.has(each))
        .map((each) => `"${name}" reads the variable "${each}", which does not exist yet.`),
    ];
  });
}

async function apply(
  { stores }: SyncContext,
  workspaceId: string,
  name: string,
  begun: RepositorySetting,
  plan: SyncPlan,
): Promise<void> {
  const reference = referenceOf(name);
  const source: ConnectorSource = { kind: "repository", reference, locked: true };
  const at = new Date().toISOString();
  const save = [...plan.create, ...plan.update].map(
    ({ name, version, definition, digest }): ConnectorVersionRecord => ({
      workspaceId,
      name,
      version,
      state: "published",
      definition,
      digest,
      source,
      createdAt: at,
      publishedAt: at,
    }),
  );
  // What comes back from an earlier registration of the repository was unlocked with its removal.
  const names = [...plan.unchanged, ...plan.update.map((version) => version.name)];
  const applied = await stores.connectors.applyAll(workspaceId, {
    save,
    remove: plan.remove,
    lock: { reference, names },
    under: { kind: "repository", name, holds: (value) => isSameAddress(asRepository(value), begun) },
  });
  if (applied) return;
  throw new ConnectorError("CONFLICT", `The repository "${name}" was changed or removed during its synchronisation.`, {
    hint: "Nothing was applied. Synchronise it again.",
  });
}
