import type { Issuer, Policy } from "@junctor/contract";
import type { JsonObject, SettingKind, SettingRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { checkIssuer } from "../../callers/check-issuer.ts";
import { checkOrigins } from "../../callers/check-origins.ts";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of who may call: issuers of user tokens, policies, origins; and the purge of the cache. */
export function mountCallers(app: FastifyInstance, context: ServerContext): void {
  const { stores, cache } = context;
  const list = async <Shown>(workspaceId: string, kind: SettingKind) => ({
    items: (await stores.settings.list(workspaceId, kind)).map((record) => show<Shown>(record)),
    cursor: null,
  });

  mountRoute(app, context, "listIssuers", ({ holder }) => list<Issuer>(holder.workspace.id, "issuer"));
  mountRoute(app, context, "listPolicies", ({ holder }) => list<Policy>(holder.workspace.id, "policy"));

  mountRoute(app, context, "putIssuer", async ({ holder, parameters: { name }, body, requestId }) => {
    await checkIssuer(context, holder.workspace.id, name, body);
    const record = await stores.settings.put(holder.workspace.id, "issuer", name, body as unknown as JsonObject);
    await context.audit(holder, requestId, {
      event: "issuer.write",
      resource: `issuer:${name}`,
      detail: { issuer: body.issuer },
    });
    return show<Issuer>(record);
  });

  mountRoute(app, context, "putPolicy", async ({ holder, parameters: { name }, body, requestId }) => {
    checkOrigins(body.allow.origins, "/allow/origins");
    const record = await stores.settings.put(holder.workspace.id, "policy", name, body as unknown as JsonObject);
    const { callers, connections } = body.allow;
    const detail = {
      connector: body.connector,
      action: body.action,
      callers: [...callers],
      ...(connections !== undefined && { connections: [...connections] }),
    };
    await context.audit(holder, requestId, { event: "policy.write", resource: `policy:${name}`, detail });
    return show<Policy>(record);
  });

  for (const [id, kind] of [
    ["deleteIssuer", "issuer"],
    ["deletePolicy", "policy"],
  ] as const) {
    mountRoute(app, context, id, async ({ holder, parameters: { name }, requestId }) => {
      if (!(await stores.settings.delete(holder.workspace.id, kind, name))) {
        throw unknownResource("RESOURCE_UNKNOWN", `${kind} "${name}"`, "List them first.");
      }
      await context.audit(holder, requestId, { event: `${kind}.delete`, resource: `${kind}:${name}` });
      return undefined;
    });
  }

  mountRoute(app, context, "getOrigins", async ({ holder }) => {
    const record = await stores.settings.get(holder.workspace.id, "cors", "origins");
    return { origins: (record?.value.origins ?? []) as readonly string[] };
  });
  mountRoute(app, context, "putOrigins", async ({ holder, body, requestId }) => {
    checkOrigins(body.origins, "/origins");
    const origins = [...new Set(body.origins)];
    await stores.settings.put(holder.workspace.id, "cors", "origins", { origins });
    await context.audit(holder, requestId, { event: "origins.write", resource: "origins", detail: { origins } });
    return { origins };
  });

  mountRoute(app, context, "purgeCache", async ({ holder, body, requestId }) => {
    const { connector } = body ?? {};
    const purged = await cache.purge(`${holder.workspace.id}\n${connector === undefined ? "" : `${connector}\n`}`);
    await context.audit(holder, requestId, { event: "cache.purge", resource: `connector:${connector ?? "*"}` });
    return { purged };
  });
}

const show = <Shown>({ name, value, updatedAt }: SettingRecord): Shown =>
  ({ name, ...value, updatedAt }) as unknown as Shown;
