import {
  type ConnectionRecord,
  ConnectorError,
  finishAuthorization,
  isInteractive,
  isOAuth2Method,
  type JsonObject,
  startAuthorization,
  storeTokens,
} from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { testAfterConnecting } from "../../connections/test-after-connecting.ts";
import { updateConnection } from "../../connectors/write-connection.ts";
import type { ServerContext } from "../../server-context.ts";
import { formToken, isFormToken, openBrowserSession, readBrowserSession } from "./browser-session.ts";
import { listFields, makeConnectPage, makeLeavingPage, makeOutcomePage, readParameters } from "./connect-page.ts";
import { type ConnectTicket, readTicket, returnTicket, takeTicket } from "./connect-ticket.ts";
import { sendPage } from "./send-page.ts";

/** Longest that the exchange of a code may take. */
const exchangeMs = 20_000;

/** Shows the connect page and begins the browser session. */
export async function showConnecting(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  ticketId: string,
): Promise<FastifyReply> {
  const ticket = await readTicket(ticketId, context.auth.pending);
  const record = await requireRecord(context, ticket);
  const session = openBrowserSession(request, reply, context);
  return sendForm(context, reply, {
    status: 200,
    record,
    token: formToken(session, ticketId),
    error: null,
    requestId: request.id,
  });
}

/** Takes the form: stores parameters, then sends the person to the authorization server or tests what was entered. */
export async function submitConnecting(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  ticketId: string,
  form: URLSearchParams,
): Promise<FastifyReply> {
  const browserSession = readBrowserSession(request);
  if (browserSession === undefined || !isFormToken(form.get("token") ?? undefined, browserSession, ticketId)) {
    throw new ConnectorError("AUTHORIZATION_STATE_INVALID", "The form was not opened in this browser.", {
      hint: "Open the link again, with cookies allowed.",
    });
  }
  const ticket = await takeTicket(ticketId, context.auth.pending);
  try {
    return await proceed(context, request, reply, { ticket, browserSession, form });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    // What the person entered can be corrected, so the link stays good.
    await returnTicket(ticketId, ticket, context.auth.pending);
    const record = await requireRecord(context, ticket);
    const token = formToken(browserSession, ticketId);
    return sendForm(context, reply, { status: error.status, record, token, error, requestId: request.id });
  }
}

interface Submission {
  readonly ticket: ConnectTicket;
  readonly browserSession: string;
  readonly form: URLSearchParams;
}

async function proceed(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { ticket, browserSession, form }: Submission,
): Promise<FastifyReply> {
  const record = await storeParameters(context, await requireRecord(context, ticket), form);
  const connector = await context.engine.connector(record.workspaceId, record.connector);
  const { method, session } = await context.auth.open(record, request.id);
  if (!isInteractive(method)) {
    await testAfterConnecting(context, record, request.id, { required: true });
    await audit(context, ticket, request.id, "connection.connect");
    return sendOutcome(context, reply, ticket, true, `${connector.title} is connected.`, null);
  }
  const url = await startAuthorization(
    method,
    session,
    {
      connectionId: record.id,
      redirectUri: `${context.publicUrl()}/oauth/callback`,
      browserSession,
      returnTo: ticket.returnTo,
      mode: ticket.mode,
      actorKind: ticket.actorKind,
      actorId: ticket.actorId,
    },
    context.auth.pending,
  );
  return sendPage(reply, 200, makeLeavingPage(connector.title, url));
}

async function storeParameters(
  context: ServerContext,
  record: ConnectionRecord,
  form: URLSearchParams,
): Promise<ConnectionRecord> {
  const connector = await context.engine.connector(record.workspaceId, record.connector);
  const parameters = readParameters(listFields(connector, record), form) as JsonObject;
  if (Object.keys(parameters).length === 0) return record;
  return updateConnection(context, record, connector, { parameters });
}

/** Ends the flow: exchanges the code, stores the tokens, and sends the person back to where the flow was begun. */
export async function finishConnecting(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: URLSearchParams,
): Promise<FastifyReply> {
  const { auth, stores, vault } = context;
  const { pending, tokens } = await finishAuthorization(
    parameters,
    readBrowserSession(request),
    async ({ workspaceId, connectionId }) =>
      auth.open(await requireRecord(context, { workspaceId, connectionId }), request.id),
    auth.pending,
    AbortSignal.timeout(exchangeMs),
  );
  const { workspaceId, connectionId } = pending;
  await storeTokens(workspaceId, connectionId, tokens, { connections: stores.connections, sealer: vault });
  const record = await requireRecord(context, pending);
  await audit(context, pending, request.id, "connection.authorize");
  const label = await testAfterConnecting(context, record, request.id, { required: false });
  const connector = await context.engine.connector(workspaceId, record.connector);
  const account = label === null ? "" : ` as ${label}`;
  return sendOutcome(context, reply, pending, true, `${connector.title} is connected${account}.`, null);
}

function sendOutcome(
  context: ServerContext,
  reply: FastifyReply,
  flow: Pick<ConnectTicket, "connectionId" | "returnTo" | "mode">,
  succeeded: boolean,
  message: string,
  hint: string | null,
): FastifyReply {
  const { returnTo, mode, connectionId } = flow;
  if (returnTo !== null && mode === "redirect") {
    const url = new URL(returnTo);
    url.searchParams.set("connection", connectionId);
    url.searchParams.set("connected", String(succeeded));
    return sendPage(reply, 200, makeLeavingPage("your application", url.href));
  }
  const opener = mode === "popup" ? new URL(returnTo ?? context.publicUrl()).origin : null;
  return sendPage(reply, 200, makeOutcomePage({ succeeded, connectionId, message, hint, opener }));
}

interface FormView {
  readonly status: number;
  readonly record: ConnectionRecord;
  readonly token: string;
  readonly error: ConnectorError | null;
  readonly requestId: string;
}

async function sendForm(context: ServerContext, reply: FastifyReply, view: FormView): Promise<FastifyReply> {
  const { record, error } = view;
  const connector = await context.engine.connector(record.workspaceId, record.connector);
  const { method } = await context.auth.open(record, view.requestId);
  const problems = (error?.details ?? []).map(({ pointer = "", message }): [string, string] => [
    pointer.split("/").at(-1) ?? "",
    message,
  ]);
  const page = makeConnectPage({
    connector,
    record,
    fields: listFields(connector, record),
    interactive: isInteractive(method),
    scopes: isOAuth2Method(method) ? method.oauth2.scopes : [],
    formToken: view.token,
    problem: error === null ? null : context.secrets.clean([error.message, error.hint].filter(Boolean).join(" ")),
    fieldProblems: new Map(problems),
  });
  return sendPage(reply, view.status, page);
}

async function requireRecord(
  { stores }: ServerContext,
  { workspaceId, connectionId }: Pick<ConnectTicket, "workspaceId" | "connectionId">,
): Promise<ConnectionRecord> {
  const record = await stores.connections.get(workspaceId, connectionId);
  if (record !== undefined) return record;
  throw new ConnectorError("CONNECTION_UNKNOWN", "The connection was deleted.", { hint: "Create it again." });
}

async function audit(
  { stores }: ServerContext,
  flow: Pick<ConnectTicket, "workspaceId" | "connectionId" | "actorKind" | "actorId">,
  requestId: string,
  event: string,
): Promise<void> {
  await stores.audit.append([
    {
      id: crypto.randomUUID(),
      workspaceId: flow.workspaceId,
      at: new Date().toISOString(),
      actorKind: flow.actorKind,
      actorId: flow.actorId,
      event,
      resource: `connection:${flow.connectionId}`,
      requestId,
      detail: {},
    },
  ]);
}
