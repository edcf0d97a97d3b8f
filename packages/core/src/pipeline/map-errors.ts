/**
 * Stage *map errors*: what an answer or a transport failure means. The connector's own rules come first, nearest first;
 * then the built-in ones:
 *
 *   401 ─► reauthenticate      408, 429, 500, 502, 503, 504, connection, timeout ─► retry      other ≥ 400, TLS ─► fail
 */
import type { CompiledErrorRule } from "../compile/compiled-connector.ts";
import { ConnectorError, type ConnectorErrorOptions } from "../errors/connector-error.ts";
import { renderValue, testValue } from "../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../templates/template-host.ts";
import type { CallState } from "./call-state.ts";
import { readMoment } from "./read-moment.ts";
import { readUpstreamMessage } from "./read-upstream-message.ts";
import { responseRoot } from "./response-root.ts";
import type { SendFailure } from "./send-failure.ts";
import { readResponseHeader } from "./upstream-response.ts";

/** What follows from an attempt. `afterMs` is how long the upstream asks to wait. */
export type Verdict =
  | { readonly kind: "accept" }
  /** `failure`: the transport failure that is ignored; null where there is an answer. */
  | { readonly kind: "ignore"; readonly failure: ConnectorError | null }
  | { readonly kind: "fail"; readonly error: ConnectorError }
  | { readonly kind: "retry"; readonly error: ConnectorError; readonly afterMs: number | null }
  | { readonly kind: "reauthenticate"; readonly error: ConnectorError };

export const ACCEPT: Verdict = Object.freeze({ kind: "accept" });
const IGNORE: Verdict = Object.freeze({ kind: "ignore", failure: null });

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Statuses that mean to the caller what they mean to us; all others become 502 (design: an upstream's 401 is not ours). */
const PASSED_ON: ReadonlySet<number> = new Set([400, 404, 409, 410, 422, 429]);

/** Failures that a repetition may cure; a refusal by the outbound policy is none of them, and a bad certificate stays bad. */
const TRANSPORT: ReadonlySet<string> = new Set(["UPSTREAM_UNREACHABLE", "UPSTREAM_TIMEOUT"]);

/**
 * Judges the answer of an attempt. A rule that reads the body wants it decoded by now; so does an error's message, which
 * then quotes what the upstream says.
 */
export function judgeResponse(state: CallState): Verdict {
  const { response, action } = state;
  if (response === null) return ACCEPT;
  const { errors } = action.exchange;
  if (errors.length > 0) {
    const scope = bindRoots(state.closedScope, {
      response: responseRoot(state, response),
      page: state.page ?? undefined,
    });
    for (const rule of errors) {
      if (rule.when === null || testValue(rule.when, scope)) return applyRule(state, rule, scope);
    }
  }
  const { status } = response;
  if (status < 400 || action.exchange.response.passErrors) return ACCEPT;
  const error = describeStatus(state, status);
  if (status === 401) return { kind: "reauthenticate", error };
  if (!TRANSIENT.has(status)) return { kind: "fail", error };
  return { kind: "retry", error, afterMs: retryAfter(state) };
}

/** Judges a transport failure. `error` is what rules see; there is no `response`. */
export function judgeFailure(state: CallState, { error }: SendFailure): Verdict {
  const { errors } = state.action.exchange;
  if (errors.length > 0) {
    const scope = bindRoots(state.closedScope, {
      error: { code: error.code, message: error.message },
      page: state.page ?? undefined,
    });
    for (const rule of errors) {
      if (rule.when === null || testValue(rule.when, scope)) return applyRule(state, rule, scope, error);
    }
  }
  return TRANSPORT.has(error.code) ? { kind: "retry", error, afterMs: null } : { kind: "fail", error };
}

function applyRule(
  state: CallState,
  rule: CompiledErrorRule,
  scope: RenderScope,
  failure: ConnectorError | null = null,
): Verdict {
  if (rule.then === "ignore") return failure === null ? IGNORE : ignoreFailure(failure);
  const afterMs = readAfter(state, rule, scope);
  const error = describeRule(state, rule, scope, failure, afterMs);
  return rule.then === "retry" ? { kind: "retry", error, afterMs } : { kind: rule.then, error };
}

/** A rule lets pass what the upstream did, or the way to it: not a call that was cancelled, refused by the outbound policy, or broken by us. */
const ignoreFailure = (failure: ConnectorError): Verdict =>
  failure.code.startsWith("UPSTREAM_") ? { kind: "ignore", failure } : { kind: "fail", error: failure };

function describeRule(
  state: CallState,
  rule: CompiledErrorRule,
  scope: RenderScope,
  failure: ConnectorError | null,
  afterMs: number | null,
): ConnectorError {
  const status = state.response?.status ?? null;
  const message = rule.message === null ? undefined : renderValue(rule.message, scope);
  const text = typeof message === "string" || typeof message === "number" ? String(message).slice(0, 2_000) : undefined;
  const options: ConnectorErrorOptions = {
    ...(rule.code !== null && { connectorCode: rule.code }),
    ...(text !== undefined && { isWritten: true }),
    retryable: rule.retryable ?? rule.then === "retry",
    ...(afterMs !== null && { retryAfter: Math.ceil(afterMs / 1000) }),
    ...(status !== null && { upstreamStatus: status }),
  };
  if (failure !== null)
    return new ConnectorError(failure.code, text ?? failure.message, { ...options, cause: failure });
  return new ConnectorError("UPSTREAM_STATUS", text ?? `The upstream answered ${status} with an error.`, {
    ...options,
    status: status !== null && PASSED_ON.has(status) ? status : 502,
  });
}

function describeStatus(state: CallState, status: number): ConnectorError {
  const transient = TRANSIENT.has(status);
  const after = retryAfter(state);
  const said = state.response?.decoded === true ? readUpstreamMessage(state.response.body) : undefined;
  return new ConnectorError(
    status === 401 && state.auth !== null ? "AUTHENTICATION_FAILED" : "UPSTREAM_STATUS",
    said === undefined ? `The upstream answered ${status}.` : `The upstream answered ${status}: ${said}`,
    {
      upstreamStatus: status,
      status: PASSED_ON.has(status) ? status : 502,
      retryable: transient,
      ...(after !== null && { retryAfter: Math.ceil(after / 1000) }),
      ...(status === 401 && { hint: "Check the credential of the connection, or connect the account again." }),
    },
  );
}

function retryAfter(state: CallState): number | null {
  const header = state.response === null ? undefined : readResponseHeader(state.response.headers, "retry-after");
  return header === undefined ? null : readMoment(header, state.context.clock.now());
}

function readAfter(state: CallState, rule: CompiledErrorRule, scope: RenderScope): number | null {
  const value = rule.after === null ? undefined : renderValue(rule.after, scope);
  if (typeof value === "string" || typeof value === "number")
    return readMoment(String(value), state.context.clock.now());
  return retryAfter(state);
}
