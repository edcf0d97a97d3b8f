import type { ConnectorDefinition, ErrorRule, RequestSpec, Retry, Step } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** A request of the definition with what its author says about repeating it. */
export interface RequestSite {
  readonly pointer: string;
  readonly request: RequestSpec;
  /** Pointer of the action, step or trigger part that sends it. */
  readonly owner: string;
  readonly kind: "action" | "step" | "trigger" | "auth";
  /** Repetition that is written beside the request; not what is inherited. */
  readonly retry: Retry | undefined;
  readonly errors: readonly ErrorRule[];
  /** Whether repeating is safe: by method, `readOnly`, `idempotent` or an idempotency key. */
  readonly repeatable: boolean;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Lists all requests: of actions, steps, triggers and auth methods. */
export const listRequests = (definition: ConnectorDefinition): readonly RequestSite[] => {
  const sites: RequestSite[] = [];
  const add = (
    request: RequestSpec | undefined,
    owner: string,
    kind: RequestSite["kind"],
    settings: { readonly retry?: Retry; readonly errors?: readonly ErrorRule[] },
    safe: boolean,
  ): void => {
    if (request === undefined) return;
    sites.push({
      pointer: `${owner}/request`,
      request,
      owner,
      kind,
      retry: settings.retry,
      errors: settings.errors ?? [],
      repeatable: safe || IDEMPOTENT.has(request.method ?? "GET"),
    });
  };
  const addSteps = (
    steps: readonly Step[] | undefined,
    pointer: string,
    kind: RequestSite["kind"],
    safe: boolean,
  ): void => {
    for (const [index, step] of (steps ?? []).entries()) {
      if (step.request !== undefined) add(step.request, extendPointer(pointer, index), kind, step, safe);
    }
  };
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    const pointer = extendPointer("/actions", name);
    const { readOnly, idempotent } = action.annotations ?? {};
    const safe = readOnly === true || idempotent === true || action.idempotencyKey !== undefined;
    add(action.request, pointer, "action", action, safe);
    addSteps(action.steps, `${pointer}/steps`, "step", safe);
  }
  for (const [name, trigger] of Object.entries(definition.triggers ?? {})) {
    const pointer = extendPointer("/triggers", name);
    add(trigger.poll?.request, `${pointer}/poll`, "trigger", {}, true);
    for (const part of ["subscribe", "renew", "unsubscribe"] as const) {
      add(trigger.webhook?.[part]?.request, `${pointer}/webhook/${part}`, "trigger", {}, true);
    }
  }
  for (const [index, method] of (definition.connection?.auth ?? []).entries()) {
    const pointer = extendPointer("/connection/auth", index);
    if (method.type === "session") {
      addSteps(method.login, `${pointer}/login`, "auth", true);
      addSteps(method.refresh, `${pointer}/refresh`, "auth", true);
    }
    if (method.type === "oauth2") addSteps(method.afterToken, `${pointer}/afterToken`, "auth", true);
  }
  return sites;
};
