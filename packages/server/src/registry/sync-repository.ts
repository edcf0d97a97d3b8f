import {
  ConnectorError,
  type ConnectorSource,
  type ConnectorVersionRecord,
  compileHostRules,
  type JsonObject,
  listNamedValues,
  matchesHost,
  secretPurpose,
} from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { type PlannedVersion, planSync, type SyncPlan } from "./plan-sync.ts";
import { readRegistry } from "./read-registry.ts";

/** A repository as a workspace registered it, with how its last synchronisation went. Stored as a setting. */
export interface RepositorySetting {
  readonly url: string;
  readonly branch?: string;
  readonly folder?: string;
  /** Names of workspace secrets. */
  readonly tokenSecret?: string;
  readonly webhookSecret?: string;
  readonly state: "new" | "synchronised" | "failed";
  readonly commit: string | null;
  readonly message: string | null;
  readonly syncedAt: string | null;
}

export interface SyncOutcome extends SyncPlan {
  readonly commit: string;
  readonly applied: boolean;
  readonly warnings: readonly string[];
}

type SyncContext = Pick<ServerContext, "stores" | "vault" | "egress" | "log">;

/** The mark by which a connector belongs to a repository. */
export const referenceOf = (name: string): string => `repository:${name}`;

/** Milliseconds for which one synchronisation keeps others of the same repository away. */
const leaseMs = 5 * 60_000;

/**
 * Reads a repository, plans, and, unless `dry`, applies the plan: all of it or nothing.
 *
 *   fetch ─► read ─► plan ─┬─ problems ──► failed, nothing changed
 *                          └─ none ─────► apply in one transaction ─► synchronised
 *
 * Fails with RESOURCE_UNKNOWN, SYNC_FAILED, or CONFLICT while another synchronisation of it is running.
 */
export async function syncRepository(
  context: SyncContext,
  workspaceId: string,
  name: string,
  options: { readonly dry: boolean },
): Promise<SyncOutcome> {
  const setting = await readRepository(context, workspaceId, name);
  const lease = `sync:${workspaceId}:${name}`;
  const owner = crypto.randomUUID();
  if (!options.dry && (await context.stores.leases.acquire(lease, owner, leaseMs)) === undefined) {
    throw new ConnectorError("CONFLICT", `"${name}" is being synchronised already.`, {
      retryAfter: 5,
      hint: "Wait for it to end.",
    });
  }
  try {
    const outcome = await readAndPlan(context, workspaceId, name, setting);
    if (options.dry) return outcome;
    if (outcome.problems.length > 0) {
      const [first] = outcome.problems;
      await note(context, workspaceId, name, setting, {
        state: "failed",
        message: `${first?.path}: ${first?.message}`,
      });
      return outcome;
    }
    await apply(context, workspaceId, referenceOf(name), outcome);
    await note(context, workspaceId, name, setting, { state: "synchronised", message: null, commit: outcome.commit });
    return { ...outcome, applied: true };
  } catch (error) {
    if (!options.dry)
      await note(context, workspaceId, name, setting, { state: "failed", message: (error as Error).message });
    throw error;
  } finally {
    if (!options.dry) await context.stores.leases.release(lease, owner);
  }
}

/** The stored repository; fails with RESOURCE_UNKNOWN. */
export async function readRepository(
  { stores }: Pick<SyncContext, "stores">,
  workspaceId: string,
  name: string,
): Promise<RepositorySetting> {
  const record = await stores.settings.get(workspaceId, "repository", name);
  if (record !== undefined) return record.value as unknown as RepositorySetting;
  throw new ConnectorError("RESOURCE_UNKNOWN", `There is no repository "${name}".`, {
    hint: "List them with GET /v1/repositories.",
  });
}

/**
 * Opens a workspace secret that a repository names; undefined when it names none. A secret that is to be sent to a URL
 * must be bound to its host, as it must in a connector (SECRET_HOST_REFUSED).
 */
export async function openNamedSecret(
  { stores, vault }: Pick<SyncContext, "stores" | "vault">,
  workspaceId: string,
  name: string | undefined,
  sentTo?: string,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const secret = await stores.secrets.get(workspaceId, name);
  if (secret !== undefined && sentTo !== undefined) requireBound(name, secret.hosts, sentTo);
  if (secret !== undefined) return vault.openText(workspaceId, secretPurpose(name), secret.sealed);
  throw new ConnectorError("SECRET_UNKNOWN", `The repository names a secret "${name}" that does not exist.`, {
    hint: `Write it with PUT /v1/secrets/${name}.`,
  });
}

function requireBound(name: string, hosts: readonly string[], address: string): void {
  const url = URL.parse(address);
  if (url !== null && matchesHost(compileHostRules(hosts), url)) return;
  const host = url?.host ?? "that address";
  throw new ConnectorError("SECRET_HOST_REFUSED", `The secret "${name}" may not be sent to ${host}.`, {
    hint: `Add "${host}" to the hosts of the secret, if it belongs there.`,
  });
}

async function readAndPlan(
  context: SyncContext,
  workspaceId: string,
  name: string,
  setting: RepositorySetting,
): Promise<SyncOutcome> {
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
  const { wanted, problems } = readRegistry(files, (url) => context.egress.checkUrl(url));
  const plan = planSync(referenceOf(name), await context.stores.connectors.list(workspaceId), wanted);
  const warnings = await findMissing(context, workspaceId, [...plan.create, ...plan.update]);
  return { ...plan, problems: [...problems, ...plan.problems], commit, applied: false, warnings };
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

async function apply({ stores }: SyncContext, workspaceId: string, reference: string, plan: SyncPlan): Promise<void> {
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
  await stores.connectors.applyAll(workspaceId, { save, remove: plan.remove });
}

async function note(
  { stores }: SyncContext,
  workspaceId: string,
  name: string,
  setting: RepositorySetting,
  change: Partial<RepositorySetting>,
): Promise<void> {
  const value = { ...setting, ...change, syncedAt: new Date().toISOString() };
  await stores.settings.put(workspaceId, "repository", name, value as unknown as JsonObject);
}
