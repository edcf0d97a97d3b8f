import { ConnectorError, type JsonObject, type SettingRecord, type Stores } from "@junctor/core";

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
  /** Token of the newest push event that no synchronisation has answered yet: one that began later than the event. */
  readonly requested?: string;
  /** Whether the last synchronisation that was applied read a registry file. */
  readonly hasRegistryFile?: boolean;
}

/** What a synchronisation says of itself when it ends. */
export type SyncNote = Pick<RepositorySetting, "state" | "message"> &
  Partial<Pick<RepositorySetting, "commit" | "hasRegistryFile">>;

type Settings = Pick<Stores["settings"], "get" | "update">;

/** The mark by which a connector belongs to a repository. */
export const referenceOf = (name: string): string => `repository:${name}`;

/** The value of a stored setting as a repository. */
export const asRepository = (value: SettingRecord["value"]): RepositorySetting => value as unknown as RepositorySetting;

/** Whether two settings name the same branch and folder of the same repository. */
export const isSameAddress = (a: RepositorySetting, b: Pick<RepositorySetting, "url" | "branch" | "folder">): boolean =>
  a.url === b.url && a.branch === b.branch && a.folder === b.folder;

/** The stored repository; fails with RESOURCE_UNKNOWN. */
export async function readRepository(
  settings: Pick<Settings, "get">,
  workspaceId: string,
  name: string,
): Promise<RepositorySetting> {
  const record = await settings.get(workspaceId, "repository", name);
  if (record !== undefined) return asRepository(record.value);
  throw new ConnectorError("RESOURCE_UNKNOWN", `There is no repository "${name}".`, {
    hint: "List them with GET /v1/repositories.",
  });
}

/**
 * Notes how a synchronisation that began with `begun` ended, beside whatever else was written since. Notes nothing when the
 * repository is gone, or is another one by now. A request that came after the beginning stays.
 */
export async function noteSync(
  settings: Settings,
  workspaceId: string,
  name: string,
  begun: RepositorySetting,
  note: SyncNote,
): Promise<void> {
  await change(settings, workspaceId, name, (now) => {
    if (!isSameAddress(now, begun)) return now;
    const { requested, ...rest } = now;
    const open = requested === undefined || requested === begun.requested ? {} : { requested };
    return { ...rest, ...open, ...note, syncedAt: new Date().toISOString() };
  });
}

/** Asks for a synchronisation, so that every replica and the next start know of it. False when the repository is gone. */
export async function requestSync(settings: Settings, workspaceId: string, name: string): Promise<boolean> {
  const requested = crypto.randomUUID();
  return (await change(settings, workspaceId, name, (now) => ({ ...now, requested }))) !== undefined;
}

const change = (
  settings: Settings,
  workspaceId: string,
  name: string,
  make: (now: RepositorySetting) => RepositorySetting,
): Promise<SettingRecord | undefined> =>
  settings.update(workspaceId, "repository", name, (value) => make(asRepository(value)) as unknown as JsonObject);
