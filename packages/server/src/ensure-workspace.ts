import type { Stores, WorkspaceRecord } from "@junctor/core";
import { createApiKey, hashApiKey } from "./keys/api-key.ts";

/** Id of the workspace that every installation has. */
export const defaultWorkspaceId = "default";

/** Makes sure that the workspace `default` exists; safe when several replicas start at once. */
export async function ensureDefaultWorkspace({ workspaces }: Pick<Stores, "workspaces">): Promise<WorkspaceRecord> {
  const existing = await workspaces.get(defaultWorkspaceId);
  if (existing !== undefined) return existing;
  const workspace = { id: defaultWorkspaceId, name: "Default", createdAt: new Date().toISOString() };
  try {
    await workspaces.create(workspace);
    return workspace;
  } catch (error) {
    const made = await workspaces.get(defaultWorkspaceId);
    if (made === undefined) throw error;
    return made;
  }
}

/** Makes sure that the key which the operator chose exists, with every right. Returns whether it was made now. */
export async function ensureFirstKey({ keys }: Pick<Stores, "keys">, key: string): Promise<boolean> {
  if ((await keys.findByHash(hashApiKey(key))) !== undefined) return false;
  const wish = { workspaceId: defaultWorkspaceId, name: "First key", kind: "service", scopes: ["*", "admin"] } as const;
  try {
    await keys.create(createApiKey({ ...wish, key }).record);
    return true;
  } catch (error) {
    if ((await keys.findByHash(hashApiKey(key))) === undefined) throw error;
    return false;
  }
}
