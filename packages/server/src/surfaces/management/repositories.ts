import type { Repository, RepositoryPut, SyncResult } from "@junctor/contract";
import { type JsonObject, processClock, type SettingRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import { admitPush } from "../../registry/admit-push.ts";
import { type RepositorySetting, syncRepository } from "../../registry/sync-repository.ts";
import { readPushedBranch } from "../../registry/verify-push.ts";
import type { ServerContext } from "../../server-context.ts";
import { checkRepository } from "./check-repository.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of repositories, and where they send push events. */
export function mountRepositories(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listRepositories", async ({ holder }) => ({
    items: (await stores.settings.list(holder.workspace.id, "repository")).map((record) => show(context, record)),
    cursor: null,
  }));

  mountRoute(app, context, "putRepository", async ({ holder, parameters: { name }, body, requestId }) => {
    checkRepository(body, (url) => context.egress.checkUrl(url));
    const workspaceId = holder.workspace.id;
    const before = await stores.settings.get(workspaceId, "repository", name);
    const value = {
      ...fresh,
      ...keepHistory(before?.value as unknown as RepositorySetting | undefined, body),
      ...body,
    };
    const record = await stores.settings.put(workspaceId, "repository", name, value as unknown as JsonObject);
    await context.audit(holder, requestId, {
      event: "repository.write",
      resource: `repository:${name}`,
      detail: { url: body.url },
    });
    return show(context, record);
  });

  mountRoute(app, context, "deleteRepository", async ({ holder, parameters: { name }, requestId }) => {
    if (!(await stores.settings.delete(holder.workspace.id, "repository", name))) {
      throw unknownResource("RESOURCE_UNKNOWN", `repository "${name}"`, "List them with GET /v1/repositories.");
    }
    await context.audit(holder, requestId, { event: "repository.delete", resource: `repository:${name}` });
    return undefined;
  });

  mountRoute(app, context, "planRepository", ({ holder, parameters: { name } }) =>
    syncRepository(context, holder.workspace.id, name, { dry: true }).then(showOutcome),
  );
  mountRoute(app, context, "syncRepository", async ({ holder, parameters: { name }, requestId }) => {
    const outcome = await syncRepository(context, holder.workspace.id, name, { dry: false });
    const detail = { commit: outcome.commit, applied: outcome.applied };
    await context.audit(holder, requestId, { event: "repository.sync", resource: `repository:${name}`, detail });
    return showOutcome(outcome);
  });
  mountPush(app, context);
}

/** A push event: its signature is checked over the text as it came, before anything in it is believed. */
function mountPush(app: FastifyInstance, context: ServerContext): void {
  const ports = { ...context, clock: processClock };
  app.post(
    "/hooks/repositories/:workspace/:name",
    { config: { routeId: "pushRepository" } },
    async (request, reply) => {
      const { workspace, name } = request.params as { readonly workspace: string; readonly name: string };
      const setting = await admitPush(ports, {
        workspaceId: workspace,
        name,
        headers: request.headers,
        rawBody: Buffer.from(request.bodyText),
      });
      const branch = readPushedBranch(request.body);
      const concerned = branch !== undefined && (setting.branch === undefined || setting.branch === branch);
      if (concerned) {
        syncRepository(context, workspace, name, { dry: false }).catch((error: unknown) =>
          context.log.warn({ err: error, repository: name }, "a pushed repository could not be synchronised"),
        );
      }
      return reply.code(202).send({ accepted: concerned });
    },
  );
}

const fresh = { state: "new", commit: null, message: null, syncedAt: null } as const;

/** What is known of the last synchronisation stays, unless the repository is another one now. */
function keepHistory(
  before: RepositorySetting | undefined,
  { url, branch, folder }: RepositoryPut,
): Partial<RepositorySetting> {
  if (before === undefined || before.url !== url || before.branch !== branch || before.folder !== folder) return {};
  const { state, commit, message, syncedAt } = before;
  return { state, commit, message, syncedAt };
}

function show(context: ServerContext, { workspaceId, name, value }: SettingRecord): Repository {
  const webhookUrl = `${context.publicUrl()}/hooks/repositories/${workspaceId}/${name}`;
  const setting = value as unknown as RepositorySetting;
  return { name, webhookUrl, ...setting, url: hideUser(setting.url) };
}

/** Earlier versions took addresses with a password. */
const hideUser = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1***@");

type Outcome = Awaited<ReturnType<typeof syncRepository>>;

/** Without the definitions themselves. */
const showOutcome = ({ create, update, ...rest }: Outcome): SyncResult =>
  ({ ...rest, create: create.map(showVersion), update: update.map(showVersion) }) as unknown as SyncResult;
const showVersion = ({ name, version, path, from }: Outcome["create"][number]) => ({
  name,
  version,
  path,
  ...(from !== undefined && { from }),
});
