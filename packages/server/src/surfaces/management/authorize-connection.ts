import {
  type ConnectionRecord,
  ConnectorError,
  continueDeviceFlow,
  isInteractive,
  isOAuth2Method,
  startDeviceFlow,
  storeTokens,
} from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { testAfterConnecting } from "../../connections/test-after-connecting.ts";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { issueTicket } from "../oauth/connect-ticket.ts";
import { checkReturnAddress } from "../oauth/return-address.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes by which a program begins to connect an account and hears how it goes. */
export function mountConnectionAuthorization(app: FastifyInstance, context: ServerContext): void {
  const { auth, stores, vault } = context;

  mountRoute(app, context, "authorizeConnection", async ({ holder, parameters: { id }, body, requestId }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    const { method, session } = await auth.open(record, requestId);
    await context.audit(holder, requestId, { event: "connection.authorize.begin", resource: `connection:${id}` });
    if (isOAuth2Method(method) && method.oauth2.grant === "deviceCode") {
      const prompt = await startDeviceFlow(method, session, id, auth.pending);
      return {
        kind: "device",
        userCode: prompt.userCode,
        verificationUri: prompt.verificationUri,
        verificationUriComplete: prompt.verificationUriComplete,
        expiresAt: new Date(prompt.expiresAt).toISOString(),
        intervalSeconds: prompt.intervalMs / 1_000,
      };
    }
    if (!isInteractive(method) && !asksParameters(method.type)) throw nothingToAuthorize(method.name);
    const mode = body?.mode ?? "redirect";
    const rules = { origins: context.config.corsOrigins, ownUrl: context.publicUrl() };
    const returnTo = body?.returnTo === undefined ? null : checkReturnAddress(body.returnTo, rules);
    if (mode === "popup" && returnTo === null) throw popupWithoutOpener();
    const actor = { actorKind: "key", actorId: holder.key.id };
    const wish = { workspaceId: holder.workspace.id, connectionId: id, returnTo, mode, ...actor };
    const ticket = await issueTicket(wish, auth.pending);
    return { kind: "browser", url: `${context.publicUrl()}/oauth/connect/${ticket.id}`, expiresAt: ticket.expiresAt };
  });

  mountRoute(app, context, "continueConnection", async ({ holder, parameters: { id }, requestId }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    const { method, session } = await auth.open(record, requestId);
    if (!isOAuth2Method(method)) throw nothingToAuthorize(method.name);
    const status = await continueDeviceFlow(method, session, id, auth.pending);
    if (status.kind === "pending") return { done: false, waitSeconds: status.waitMs / 1_000 };
    await storeTokens(record.workspaceId, id, status.tokens, { connections: stores.connections, sealer: vault });
    await context.audit(holder, requestId, { event: "connection.authorize", resource: `connection:${id}` });
    const connected = await requireConnection(context, holder.workspace.id, id);
    await testAfterConnecting(context, connected, requestId, { required: false });
    return { done: true, waitSeconds: 0 };
  });
}

async function requireConnection(
  { stores }: ServerContext,
  workspaceId: string,
  id: string,
): Promise<ConnectionRecord> {
  const record = await stores.connections.get(workspaceId, id);
  if (record !== undefined) return record;
  throw unknownResource("CONNECTION_UNKNOWN", `connection "${id}"`, "List them with GET /v1/connections.");
}

/** Methods whose parameters a person can fill in on the connect page; one without a credential has nothing to ask. */
function asksParameters(type: string): boolean {
  return type !== "none";
}

function nothingToAuthorize(method: string): ConnectorError {
  return new ConnectorError(
    "INPUT_INVALID",
    `The method "${method}" of the connection is not authorized by a person.`,
    {
      hint: "Set its parameters with PATCH /v1/connections/{id}.",
    },
  );
}

function popupWithoutOpener(): ConnectorError {
  return new ConnectorError("INPUT_INVALID", "A popup needs to know which page opened it.", {
    details: [{ pointer: "/returnTo", message: "Required with mode popup: an address of the opening page." }],
  });
}
