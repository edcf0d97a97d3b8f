import { type OutgoingRequest, setHeader } from "../auth/outgoing-request.ts";
import { writeHeaderValue } from "../compile/compile-headers.ts";
import { writeQueryValue } from "../compile/compile-query.ts";
import { type FileValue, openFile } from "../compile/file-input.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { DeferredTarget, Plan, PlannedBody } from "../plan/plan.ts";
import { joinTarget } from "../plan/plan-request.ts";
import { writeBody } from "../plan/write-body.ts";
import type { HttpBody } from "../ports/http.ts";
import { Deferred } from "../templates/deferred.ts";
import { tidyPath } from "../templates/encode-url.ts";
import { renderText, resolveDeferred } from "../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../templates/template-host.ts";
import { openSession } from "./authenticate.ts";
import type { CallState } from "./call-state.ts";
import { checkSecretHosts } from "./check-secret-hosts.ts";

/** Largest body that is collected for a method that signs it. */
const SIGNED_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Stage *sign*: puts the request together, deferred values included, and applies the credential. Made anew for each
 * attempt: a timestamp or nonce is never sent twice.
 */
export function signRequest(state: CallState): Promise<void> | undefined {
  const plan = state.plan as Plan;
  const { auth } = state;
  const sensitiveHeaders: string[] = [];
  const request: OutgoingRequest = {
    method: plan.method,
    url: plan.origin + (plan.target ?? ""),
    headers: plan.headers.slice(),
    body: openBody(plan.body),
    sensitiveHeaders,
    sensitiveQuery: [],
  };
  state.request = plan.deferred === null ? request : putDeferred(state, plan, request);
  if (auth === null) return undefined;
  if (auth.secretsGoTo === "request") checkSecretHosts(state, state.authSecrets, plan);
  if (auth.needsBody && isStream(state.request.body)) return collectAndApply(state, state.request, auth);
  return auth.apply(state.request, openSession(state));
}

function putDeferred(state: CallState, plan: Plan, request: OutgoingRequest): OutgoingRequest {
  const { deferred } = plan;
  if (deferred === null) return request;
  if (!plan.credentialHost) {
    throw new ConnectorError("SECRET_HOST_REFUSED", `A secret of the connection may not be sent to ${plan.host}.`, {
      hint: `Add "${plan.host}" to the connector's "hosts".`,
    });
  }
  checkSecretHosts(state, state.action.exchange.uses.secrets, plan);
  const scope = state.page === null ? state.openScope : bindRoots(state.openScope, { page: { ...state.page } });
  if (deferred.target !== null) {
    request.url = plan.origin + resolveTarget(deferred.target, scope);
    for (const part of deferred.target.query) if (typeof part !== "string") request.sensitiveQuery.push(part.name);
  }
  for (const { name, value } of deferred.headers) {
    const text = writeHeaderValue(name, resolveDeferred(value, scope));
    if (text !== undefined) setHeader(request, name, text);
  }
  if (deferred.body === null) return request;
  const tree = resolveDeferred(deferred.body.tree, scope);
  const body = writeBody(deferred.body.format, tree, "/request/body", `junctor-${state.executionId}`);
  return { ...request, body: openBody(body) };
}

function resolveTarget(target: DeferredTarget, scope: RenderScope): string {
  const path = target.path instanceof Deferred ? tidyPath(renderText(target.path.template, scope)) : target.path;
  const query = target.query
    .map((part) =>
      typeof part === "string" ? part : writeQueryValue(part.name, resolveDeferred(part.value, scope), part.style),
    )
    .filter((part) => part !== "");
  return joinTarget(target.prefix + path, query.join("&"));
}

function openBody(body: PlannedBody | null): HttpBody {
  if (body === null) return null;
  switch (body.kind) {
    case "text":
      return body.text;
    case "file":
      return openFile(body.file);
    case "multipart":
      return joinParts(body.parts);
  }
}

async function* joinParts(parts: readonly (string | FileValue)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (typeof part === "string") yield Buffer.from(part);
    else yield* openFile(part);
  }
}

const isStream = (body: HttpBody): body is AsyncIterable<Uint8Array | string> =>
  body !== null && typeof body === "object" && !(body instanceof Uint8Array);

async function collectAndApply(
  state: CallState,
  request: OutgoingRequest,
  auth: NonNullable<CallState["auth"]>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > SIGNED_BODY_BYTES) {
      throw new ConnectorError("SIGNING_FAILED", "The file is too large for a method that signs the whole body.");
    }
    chunks.push(bytes);
  }
  const collected = { ...request, body: Buffer.concat(chunks) };
  state.request = collected;
  await auth.apply(collected, openSession(state));
}

/** Whether the planned body can be sent a second time: a file is read once. */
export function isReplayable(plan: Plan): boolean {
  return plan.body === null || plan.body.kind === "text";
}
