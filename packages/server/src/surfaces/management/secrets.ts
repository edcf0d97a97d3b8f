import type { Secret } from "@junctor/contract";
import { type SecretRecord, secretPurpose } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of secrets. A value comes in, is sealed at once, and never goes out. */
export function mountSecrets(app: FastifyInstance, context: ServerContext): void {
  const { stores, vault, secrets: known } = context;

  mountRoute(app, context, "listSecrets", async ({ holder }) => ({
    items: (await stores.secrets.list(holder.workspace.id)).map(showSecret),
    cursor: null,
  }));

  mountRoute(app, context, "putSecret", async ({ holder, parameters: { name }, body, requestId }) => {
    known.add(body.value);
    const workspaceId = holder.workspace.id;
    const sealed = await vault.sealText(workspaceId, secretPurpose(name), body.value);
    const hosts = body.hosts.map((host) => host.toLowerCase());
    const record = await stores.secrets.put({ workspaceId, name, sealed, hosts });
    await context.audit(holder, requestId, { event: "secret.write", resource: `secret:${name}`, detail: { hosts } });
    return showSecret(record);
  });

  mountRoute(app, context, "deleteSecret", async ({ holder, parameters: { name }, requestId }) => {
    const deleted = await stores.secrets.delete(holder.workspace.id, name);
    if (!deleted) throw unknownResource("RESOURCE_UNKNOWN", `secret "${name}"`, "List them with GET /v1/secrets.");
    await context.audit(holder, requestId, { event: "secret.delete", resource: `secret:${name}` });
    return undefined;
  });
}

function showSecret({ name, hosts, version, createdAt, updatedAt }: Omit<SecretRecord, "sealed">): Secret {
  return { name, hosts, version, createdAt, updatedAt };
}
