import { writeQueryValue } from "../compile/compile-query.ts";
import { isFile } from "../compile/file-input.ts";
import type { CallState } from "../pipeline/call-state.ts";
import { renderPlan } from "../pipeline/render.ts";
import { readTrace } from "../pipeline/trace.ts";
import type { DeferredTarget, Plan } from "../plan/plan.ts";
import { joinTarget } from "../plan/plan-request.ts";
import type { Json } from "../ports/records.ts";
import { Deferred, MASK } from "../templates/deferred.ts";
import type { CallTrace, PlannedRequest } from "./call-trace.ts";
import type { DryRun } from "./engine.ts";
import { listUnresolved } from "./list-unresolved.ts";

/** Describes what a call would send. Secrets are not read: where one would stand, the mask does. */
export function dryRun(state: CallState): DryRun {
  if (state.action.pagination !== null) {
    const size = state.action.pagination.size ?? undefined;
    state.page = { number: 1, offset: 0, size, next: undefined };
  }
  renderPlan(state);
  const request = describeRequest(state.plan as Plan);
  const check = state.context.http.checkUrl(request.url);
  const { retry } = state.action.exchange;
  return {
    connector: state.connector.name,
    version: state.connector.version,
    action: state.action.name,
    connection: state.connection?.record.id ?? null,
    request,
    unresolved: listUnresolved(state),
    auth: state.auth?.name ?? null,
    timeoutMs: state.deadline - state.startedAt,
    attempts: typeof retry.attempts === "number" ? retry.attempts : 3,
    egress: check.kind === "allowed" ? { allowed: true } : { allowed: false, reason: check.error.message },
  };
}

/** Tells what a finished call sent, without its secrets, and how long its stages took. */
export function describeTrace(state: CallState): CallTrace {
  const trace: CallTrace = {
    request: state.plan === null ? null : describeRequest(state.plan),
    auth: state.auth?.name ?? null,
    unresolved: listUnresolved(state),
    stages: readTrace(state),
  };
  const { redaction } = state;
  return redaction.empty ? trace : (redaction.cleanJson(trace as unknown as Json) as unknown as CallTrace);
}

function describeRequest(plan: Plan): PlannedRequest {
  const url = plan.origin + (plan.target ?? maskTarget(plan.deferred?.target ?? null));
  const headers = pairs(plan.headers).concat((plan.deferred?.headers ?? []).map(({ name }) => ({ name, value: MASK })));
  const contentType = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value;
  const body = describeBody(plan, contentType);
  return {
    method: plan.method,
    url,
    headers,
    ...(body !== undefined && { body }),
    ...(contentType !== undefined && { contentType }),
  };
}

function pairs(flat: readonly string[]): { readonly name: string; readonly value: string }[] {
  const headers: { readonly name: string; readonly value: string }[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    headers.push({ name: flat[index] as string, value: flat[index + 1] as string });
  }
  return headers;
}

function maskTarget(target: DeferredTarget | null): string {
  if (target === null) return "/";
  const path = typeof target.path === "string" ? target.path : `/${MASK}`;
  const query = target.query.map((part) =>
    typeof part === "string" ? part : writeQueryValue(part.name, maskDeferred(part.value), part.style),
  );
  return joinTarget(target.prefix + path, query.join("&"));
}

function describeBody(plan: Plan, contentType: string | undefined): Json | undefined {
  const { body, deferred } = plan;
  if (deferred?.body != null) return maskDeferred(deferred.body.tree);
  if (body === null) return undefined;
  if (body.kind === "file") return { file: body.file.name, mediaType: body.file.mediaType, size: body.file.size };
  if (body.kind === "multipart")
    return body.parts.map((part) => (typeof part === "string" ? part : maskDeferred(part)));
  return contentType?.includes("json") === true ? (JSON.parse(body.text) as Json) : body.text;
}

/** Replaces deferred templates by the mask, and files by what is known of them. */
function maskDeferred(value: unknown): Json {
  if (value instanceof Deferred) return MASK;
  if (isFile(value)) return { file: value.name, mediaType: value.mediaType, size: value.size };
  if (value === null || typeof value !== "object") return (value ?? null) as Json;
  if (Array.isArray(value)) return value.map(maskDeferred);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskDeferred(member)]));
}
