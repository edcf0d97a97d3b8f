import { randomBytes } from "node:crypto";
import type { Workspace } from "@junctor/contract";
import { ConnectorError, type WorkspaceRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import { createApiKey } from "../../keys/api-key.ts";
import type { ServerContext } from "../../server-context.ts";
import { showKey } from "./keys.ts";

/** Mounts the routes of workspaces: the only ones that look beyond the key's own. */
export function mountWorkspaces(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listWorkspaces", async () => ({
    items: (await stores.workspaces.list()).map(showWorkspace),
    cursor: null,
  }));

  mountRoute(app, context, "createWorkspace", async ({ holder, body, requestId, reply }) => {
    const id = body.id ?? `ws-${randomBytes(8).toString("hex")}`;
    if ((await stores.workspaces.get(id)) !== undefined) {
      throw new ConnectorError("CONFLICT", `There is a workspace "${id}" already.`, { hint: "Choose another id." });
    }
    const workspace = { id, name: body.name, createdAt: new Date().toISOString() };
    await stores.workspaces.create(workspace);
    const { key, record } = createApiKey({ workspaceId: id, name: "First key", kind: "service", scopes: ["*"] });
    await stores.keys.create(record);
    await context.audit(holder, requestId, { event: "workspace.create", resource: `workspace:${id}` });
    reply.header("cache-control", "no-store");
    return { workspace, key: { ...showKey(record), key } };
  });
}

const showWorkspace = ({ id, name, createdAt }: WorkspaceRecord): Workspace => ({ id, name, createdAt });
