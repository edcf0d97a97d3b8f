import type { DataKeyCount, Encryption, KeyRotation } from "@junctor/contract";
import { ConnectorError, type DataKeyRecord, type KeyRotationRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";

const mostListed = 50;

/** Mounts the routes of the keys that protect secrets. They concern the installation, not one workspace. */
export function mountEncryption(app: FastifyInstance, context: ServerContext): void {
  const { stores, keyRotations } = context;
  const { masterKey } = keyRotations;

  mountRoute(app, context, "getEncryption", async (): Promise<Encryption> => {
    const [latest] = await stores.keyRotations.list(1);
    const holders = await keyRotations.holders();
    return {
      masterKeyId: masterKey.currentKeyId,
      replicas: holders.map(({ replica, currentKeyId, keyIds, seenAt }) => ({
        replica,
        masterKeyId: currentKeyId,
        knownMasterKeyIds: keyIds,
        seenAt,
      })),
      dataKeys: countByMasterKey(await stores.dataKeys.list(), masterKey.keyIds),
      rotation: latest === undefined ? null : showRotation(latest),
    };
  });

  mountRoute(app, context, "createKeyRotation", async ({ holder, body, requestId }) => {
    const { what, workspaces, force = false } = body;
    refuseWrongWish(body);
    if (workspaces !== undefined) await requireWorkspaces(context, workspaces);
    const record = await keyRotations.create({
      kind: what,
      force,
      workspaceIds: workspaces === undefined ? null : [...new Set(workspaces)],
      requestedBy: { workspaceId: holder.workspace.id, keyId: holder.key.id },
    });
    const detail = { rotation: record.id, masterKeyId: record.progress.masterKeyId, force };
    await context.audit(holder, requestId, { event: "encryption.rotate", resource: what, detail });
    return showRotation(record);
  });

  mountRoute(app, context, "listKeyRotations", async () => ({
    items: (await stores.keyRotations.list(mostListed)).map(showRotation),
    cursor: null,
  }));

  mountRoute(app, context, "getKeyRotation", async ({ parameters: { id } }) => {
    const record = await stores.keyRotations.get(id);
    if (record !== undefined) return showRotation(record);
    throw new ConnectorError("RESOURCE_UNKNOWN", `There is no rotation "${id}".`, {
      hint: "List them with GET /v1/encryption/rotations.",
    });
  });
}

function refuseWrongWish({ what, workspaces, force }: { what: string; workspaces?: unknown; force?: boolean }): void {
  const pointer =
    what === "master-key" && workspaces !== undefined ? "/workspaces" : what === "data-keys" && force ? "/force" : null;
  if (pointer === null) return;
  const message = `has no meaning for ${what}`;
  throw new ConnectorError("REQUEST_INVALID", `The rotation cannot be made: ${pointer} ${message}.`, {
    details: [{ pointer, message, hint: "Leave it out." }],
    hint: "Leave it out: the master key is one for all workspaces, and data keys are always made anew.",
  });
}

async function requireWorkspaces({ stores }: ServerContext, ids: readonly string[]): Promise<void> {
  const known = new Set((await stores.workspaces.list()).map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new ConnectorError("RESOURCE_UNKNOWN", `There is no workspace ${unknown.slice(0, 10).join(", ")}.`, {
    hint: "List them with GET /v1/workspaces.",
  });
}

function countByMasterKey(records: readonly DataKeyRecord[], known: readonly string[]): DataKeyCount[] {
  return [...Map.groupBy(records, ({ masterKeyId }) => masterKeyId)].map(([masterKeyId, wrapped]) => {
    const current = wrapped.filter(({ retiredAt }) => retiredAt === null).length;
    return { masterKeyId, isKnown: known.includes(masterKeyId), current, retired: wrapped.length - current };
  });
}

function showRotation({ id, kind, state, force, workspaceIds, progress, ...times }: KeyRotationRecord): KeyRotation {
  const { problems, ...counts } = progress;
  const { createdAt, updatedAt, finishedAt } = times;
  return {
    id,
    what: kind,
    state,
    force,
    workspaces: workspaceIds === null ? null : [...workspaceIds],
    ...counts,
    problems: problems.map(({ workspaceId, what, reason }) => ({ workspace: workspaceId, what, reason })),
    createdAt,
    updatedAt,
    finishedAt,
  };
}
