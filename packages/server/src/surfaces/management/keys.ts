import { coversScope, type Key, type KeyCreate, type Scope } from "@junctor/contract";
import { type ApiKeyRecord, ConnectorError } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { checkOrigins } from "../../callers/check-origins.ts";
import { mountRoute } from "../../http/mount-route.ts";
import { createApiKey } from "../../keys/api-key.ts";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of keys. */
export function mountKeys(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listKeys", async ({ holder }) => ({
    items: (await stores.keys.list(holder.workspace.id)).map(showKey),
    cursor: null,
  }));

  mountRoute(app, context, "createKey", async ({ holder, body, requestId, reply }) => {
    const { name, kind = "service", scopes = ["execute"], origins = [], expiresAt = null } = body;
    refuseWrongWish(holder, body, scopes);
    checkOrigins(origins, "/origins");
    const workspaceId = holder.workspace.id;
    const { key, record } = createApiKey({ workspaceId, name, kind, scopes, origins, expiresAt });
    await stores.keys.create(record);
    const detail = { name, kind, scopes: [...scopes] };
    await context.audit(holder, requestId, { event: "key.create", resource: `key:${record.id}`, detail });
    reply.header("cache-control", "no-store");
    return { ...showKey(record), key };
  });

  mountRoute(app, context, "revokeKey", async ({ holder, parameters: { id }, requestId }) => {
    const revoked = await stores.keys.revoke(holder.workspace.id, id, new Date().toISOString());
    if (!revoked) throw unknownResource("RESOURCE_UNKNOWN", `valid key "${id}"`, "List them with GET /v1/keys.");
    context.keys.invalidate({ kind: "key", workspaceId: holder.workspace.id, key: id });
    await context.audit(holder, requestId, { event: "key.revoke", resource: `key:${id}` });
    return undefined;
  });
}

/** Shows a key without the key itself and without its hash. */
export function showKey(record: ApiKeyRecord): Key {
  const { id, kind, name, prefix, scopes, origins, expiresAt, createdAt, revokedAt } = record;
  return { id, kind, name, prefix, scopes, origins, expiresAt, createdAt, revokedAt };
}

function refuseWrongWish(holder: KeyHolder, { kind, origins, expiresAt }: KeyCreate, scopes: readonly Scope[]): void {
  const beyond = scopes.filter((scope) => !coversScope(holder.key.scopes, scope) && !holder.key.scopes.includes(scope));
  if (beyond.length > 0) {
    throw new ConnectorError("FORBIDDEN", `Your key lacks ${beyond.join(", ")} and cannot give what it lacks.`, {
      hint: "Ask for fewer scopes, or use a key that has them.",
      details: [{ pointer: "/scopes", message: `cannot give ${beyond.join(", ")}` }],
    });
  }
  const refuse = (pointer: string, message: string, hint: string) => {
    throw new ConnectorError("REQUEST_INVALID", `The key cannot be made: ${pointer} ${message}.`, {
      details: [{ pointer, message, hint }],
      hint,
    });
  };
  if (kind === "publishable" && (origins ?? []).length === 0) {
    refuse("/origins", "is required for a publishable key", 'Name the origins, such as "https://app.example".');
  }
  if (kind === "publishable" && scopes.some((scope) => scope !== "execute")) {
    refuse("/scopes", "of a publishable key can only be execute", "Leave the scopes out.");
  }
  if (kind !== "publishable" && (origins ?? []).length > 0) {
    refuse("/origins", "belongs to a publishable key", 'Set "kind" to "publishable", or leave the origins out.');
  }
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) {
    refuse("/expiresAt", "is in the past", "Name a time in the future, or leave it out.");
  }
}
