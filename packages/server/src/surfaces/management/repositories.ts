import type { Repository, RepositoryPut, SyncResult } from "@junctor/contract";
import { ConnectorError, type JsonObject, processClock, type SettingRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import { parseJson } from "../../http/parse-json.ts";
import { admitPush } from "../../registry/admit-push.ts";
import { asRepository, isSameAddress, type RepositorySetting, referenceOf } from "../../registry/repository-setting.ts";
import { planRepository, type SyncOutcome, syncRepository } from "../../registry/sync-repository.ts";
import { createSyncRunner, type SyncRunner } from "../../registry/sync-runner.ts";
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
    const make = (before?: RepositorySetting) =>
      ({ ...fresh, ...keepHistory(before, body), ...body }) as unknown as JsonObject;
    // A synchronisation that ends meanwhile writes how it went: neither may undo the other.
    const record =
      (await stores.settings.update(workspaceId, "repository", name, (before) => make(asRepository(before)))) ??
      (await stores.settings.put(workspaceId, "repository", name, make()));
    await context.audit(holder, requestId, {
      event: "repository.write",
      resource: `repository:${name}`,
      detail: { url: body.url },
    });
    return show(context, record);
  });

  mountRoute(app, context, "deleteRepository", async ({ holder, parameters: { name }, requestId }) => {
    const owner = { kind: "repository", name } as const;
    if (!(await stores.connectors.releaseAll(holder.workspace.id, referenceOf(name), owner))) {
      throw unknownResource("RESOURCE_UNKNOWN", `repository "${name}"`, "List them with GET /v1/repositories.");
    }
    await context.audit(holder, requestId, { event: "repository.delete", resource: `repository:${name}` });
    return undefined;
  });

  const runner = createSyncRunner({
    settings: stores.settings,
    log: context.log,
    clock: processClock,
    sync: (workspaceId, name) => syncRepository(context, workspaceId, name),
  });
  app.addHook("onReady", () => resumeAll(context, runner));
  app.addHook("onClose", async () => runner.stop());
  mountSync(app, context, runner);
  app.register(async (hooks) => mountPush(hooks, context, runner));
}

/** What the process before this one, or a replica that ended, was asked for and has not done. */
async function resumeAll(context: ServerContext, runner: SyncRunner): Promise<void> {
  await runner.resumeAll().catch((error: unknown) => {
    context.log.warn({ err: error }, "pushed repositories could not be looked up");
  });
}

/** On demand: the plan, and the synchronisation itself. */
function mountSync(app: FastifyInstance, context: ServerContext, runner: SyncRunner): void {
  mountRoute(app, context, "planRepository", ({ holder, parameters: { name } }) =>
    planRepository(context, holder.workspace.id, name).then(showOutcome),
  );
  mountRoute(app, context, "syncRepository", async ({ holder, parameters: { name }, requestId }) => {
    const workspaceId = holder.workspace.id;
    try {
      const outcome = await syncRepository(context, workspaceId, name);
      if (outcome === undefined) throw isBusy(name);
      const detail = { commit: outcome.commit, applied: outcome.applied };
      await context.audit(holder, requestId, { event: "repository.sync", resource: `repository:${name}`, detail });
      return showOutcome(outcome);
    } finally {
      // A push event that came meanwhile, here or at another replica, found the repository held.
      runner.resume(workspaceId, name);
    }
  });
}

const isBusy = (name: string): ConnectorError =>
  new ConnectorError("CONFLICT", `"${name}" is being synchronised already.`, {
    retryAfter: 5,
    hint: "Wait for it to end.",
  });

const form = "application/x-www-form-urlencoded";

/**
 * A push event: its signature is checked over the text as it came, before anything in it is believed. GitHub sends the event as
 * JSON, or as a form with the JSON in its field `payload`, whichever its webhook is set to.
 */
function mountPush(app: FastifyInstance, context: ServerContext, runner: SyncRunner): void {
  const ports = { ...context, clock: processClock };
  app.addContentTypeParser(form, { parseAs: "string" }, (request, body, done) => {
    request.bodyText = body as string;
    done(null, undefined);
  });
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
      const isForm = request.headers["content-type"]?.startsWith(form) ?? false;
      const branch = readPushedBranch(isForm ? readPayload(request.bodyText) : request.body);
      const concerned = branch !== undefined && (setting.branch === undefined || setting.branch === branch);
      const accepted = concerned && (await runner.request(workspace, name));
      return reply.code(202).send({ accepted });
    },
  );
}

/** The event of a form; fails with REQUEST_MALFORMED when its field is missing or not JSON. */
function readPayload(text: string): unknown {
  const payload = new URLSearchParams(text).get("payload");
  if (payload !== null) return parseJson(payload);
  throw new ConnectorError("REQUEST_MALFORMED", "The form of the push event has no field `payload`.", {
    hint: "Set the content type of the webhook to application/json.",
  });
}

const fresh = { state: "new", commit: null, message: null, syncedAt: null } as const;

/** What is known of the last synchronisation stays, unless the repository is another one now. */
function keepHistory(before: RepositorySetting | undefined, body: RepositoryPut): Partial<RepositorySetting> {
  if (before === undefined || !isSameAddress(before, body)) return {};
  const {
    url: _url,
    branch: _branch,
    folder: _folder,
    tokenSecret: _token,
    webhookSecret: _webhook,
    ...history
  } = before;
  return history;
}

/** Without what only synchronisations need. */
function show(context: ServerContext, { workspaceId, name, value }: SettingRecord): Repository {
  const webhookUrl = `${context.publicUrl()}/hooks/repositories/${workspaceId}/${name}`;
  const { requested: _requested, hasRegistryFile: _hasRegistryFile, ...shown } = asRepository(value);
  return { name, webhookUrl, ...shown, url: hideUser(shown.url) };
}

/** Earlier versions took addresses with a password. */
const hideUser = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1***@");

/** Without the definitions themselves. */
const showOutcome = ({ create, update, ...rest }: SyncOutcome): SyncResult =>
  ({ ...rest, create: create.map(showVersion), update: update.map(showVersion) }) as unknown as SyncResult;
const showVersion = ({ name, version, path, from }: SyncOutcome["create"][number]) => ({
  name,
  version,
  path,
  ...(from !== undefined && { from }),
});
