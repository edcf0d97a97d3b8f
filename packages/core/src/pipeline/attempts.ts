/**
 * The loop *attempts*: sends one planned request until it is answered for good.
 *
 *   ┌─► authenticate ─► sign ─► send ─► decode? ─► map errors ─┬─ accept, ignore ──────────────────────► done
 *   │                                                          ├─ fail ────────────────────────────────► error
 *   ├── redirect: another target, credentials only within the connector's hosts ─────────────────────────┤
 *   ├── challenge: the method knows the answer (digest), once ───────────────────────────────────────────┤
 *   ├── reauthenticate: one new credential, once, unless the request may have been acted upon ───────────┤
 *   └── retry: after a pause, where repeating is safe and attempts and time are left ────────────────────┘
 */
import type { CompiledRetry } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Plan } from "../plan/plan.ts";
import { renderTemplate } from "../templates/render-value.ts";
import { authenticate, openSession } from "./authenticate.ts";
import { takeBudget } from "./budget.ts";
import type { CallState } from "./call-state.ts";
import { decodeBody } from "./decode.ts";
import { followRedirects, isRedirect } from "./follow-redirects.ts";
import { judgeFailure, judgeResponse, type Verdict } from "./map-errors.ts";
import { passThrough } from "./pass-through.ts";
import { sendRequest, takeAnswer } from "./send.ts";
import { describeSendFailure } from "./send-failure.ts";
import { isReplayable, signRequest } from "./sign.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** What one call may still do over again. */
interface Allowance {
  attempts: number;
  renewals: number;
  challenges: number;
}

/**
 * Runs the attempts of the current plan; resolves when there is an answer to go on with, or a failure that a rule ignores
 * (`state.failure`, and no answer); rejects with its error.
 */
export async function runAttempts(state: CallState): Promise<void> {
  const { retry } = state.action.exchange;
  const allowance: Allowance = { attempts: readAttempts(state, retry), renewals: 1, challenges: 1 };
  let failures = 0;
  for (;;) {
    const budget = takeBudget(state);
    if (budget !== undefined) await budget;
    state.attempts += 1;
    const { verdict, sent } = await attempt(state, allowance);
    if (verdict.kind === "accept" || verdict.kind === "ignore") {
      state.ignored = verdict.kind === "ignore";
      state.failure = verdict.kind === "ignore" ? verdict.failure : null;
      return;
    }
    if (verdict.kind === "reauthenticate" && (await renewCredential(state, allowance, sent))) continue;
    failures += 1;
    if (verdict.kind !== "retry" || failures >= allowance.attempts || !mayRepeat(state, sent)) throw verdict.error;
    await pause(state, retry, failures, verdict.afterMs, verdict.error);
  }
}

interface Outcome {
  readonly verdict: Verdict;
  /** Whether the upstream may have acted upon the request. */
  readonly sent: boolean;
}

async function attempt(state: CallState, allowance: Allowance): Promise<Outcome> {
  state.response = null;
  state.upstreamStatus = null;
  const ready = authenticate(state);
  if (ready !== undefined) await ready;
  const signed = signRequest(state);
  if (signed !== undefined) await signed;
  const sentAt = performance.now();
  try {
    if (state.sink !== undefined && state.action.passThrough) await passThrough(state, state.sink);
    else takeAnswer(state, await sendRequest(state));
    if (isRedirect(state)) await followRedirects(state);
  } catch (failure) {
    // A ConnectorError is a decision of ours (a refused redirect, an answer that broke off in the sink), not a failure.
    if (failure instanceof ConnectorError) throw failure;
    // What came of an answer before (the head of an error page, a redirect) is none.
    state.response = null;
    const described = describeSendFailure(failure);
    return { verdict: judgeFailure(state, described), sent: described.sent };
  } finally {
    state.externalMs += performance.now() - sentAt;
  }
  if (state.passed) return { verdict: { kind: "accept" }, sent: true };
  const challenged = judgeChallenge(state, allowance);
  if (challenged !== undefined) return { verdict: challenged, sent: true };
  const decoding = decodeForVerdict(state);
  if (decoding !== undefined) await decoding;
  return { verdict: judge(state), sent: true };
}

/** A 401 whose challenge the method knows the answer to is unread and repeated at once. */
function judgeChallenge(state: CallState, allowance: Allowance): Verdict | undefined {
  const response = state.response as UpstreamResponse;
  if (response.status !== 401 || !answersChallenge(state, response, allowance)) return undefined;
  response.source?.discard();
  response.source = null;
  const error = new ConnectorError("AUTHENTICATION_FAILED", "The upstream answered 401.");
  return { kind: "retry", error, afterMs: 0 };
}

/** Reads the body where the verdict needs it. */
function decodeForVerdict(state: CallState): Promise<void> | undefined {
  const { status, decoded } = state.response as UpstreamResponse;
  if (decoded || !needsBody(state, status)) return undefined;
  return decodeBody(state, status >= 400);
}

function judge(state: CallState): Verdict {
  const response = state.response as UpstreamResponse;
  const verdict = judgeResponse(state);
  if (verdict.kind !== "accept" && verdict.kind !== "ignore") {
    response.source?.discard();
    response.source = null;
  }
  return verdict;
}

/**
 * Whether the verdict needs the body: a rule reads it, or it holds what the upstream says of its error. An anonymous
 * caller is told no more than the connector's own rules say.
 */
function needsBody({ action, call }: CallState, status: number): boolean {
  const { errors, response } = action.exchange;
  const isError = status >= 400;
  if (errors.some((rule) => rule.readsBody || (rule.describesBody && isError))) return true;
  return isError && !response.passErrors && call.caller.kind !== "anonymous";
}

function answersChallenge(state: CallState, response: UpstreamResponse, allowance: Allowance): boolean {
  const { auth } = state;
  if (auth?.answerChallenge == null || allowance.challenges === 0) return false;
  if (!isReplayable(state.plan as Plan)) return false;
  if (!auth.answerChallenge({ status: response.status, headers: response.headers }, openSession(state))) return false;
  allowance.challenges -= 1;
  // The answered request was refused unread, and its repetition is no retry of the definition's.
  allowance.attempts += 1;
  return true;
}

/**
 * Gets a new credential for a refused one, at most once per call. A 401 says that the request was not acted upon; an
 * error found in any other answer says so only where repeating is safe anyway.
 */
async function renewCredential(state: CallState, allowance: Allowance, sent: boolean): Promise<boolean> {
  const { auth } = state;
  if (auth?.reauthenticate == null || allowance.renewals === 0 || !isReplayable(state.plan as Plan)) return false;
  const refusedUnread = state.response?.status === 401 || state.response?.status === 403;
  if (sent && !refusedUnread && !state.action.exchange.repeatable) return false;
  allowance.renewals -= 1;
  return auth.reauthenticate(openSession(state));
}

/** Repeating is safe by method, by the author's word, or because certainly nothing was sent. */
function mayRepeat(state: CallState, sent: boolean): boolean {
  if (sent && state.response?.status === 401) return true;
  if (!isReplayable(state.plan as Plan)) return false;
  return !sent || state.action.exchange.repeatable;
}

/** Waits with full jitter (any time up to the bound), or as long as the upstream asks; fails when there is no time for it. */
async function pause(
  state: CallState,
  retry: CompiledRetry,
  failures: number,
  afterMs: number | null,
  error: ConnectorError,
): Promise<void> {
  const { clock } = state.context;
  const bound = Math.min(retry.maxMs, retry.initialMs * retry.factor ** (failures - 1));
  const wait = afterMs ?? clock.random() * bound;
  if (clock.now() + wait >= state.deadline) throw error;
  if (wait > 0) await clock.sleep(wait, state.call.signal);
}

function readAttempts(state: CallState, retry: CompiledRetry): number {
  const attempts =
    typeof retry.attempts === "number" ? retry.attempts : Number(renderTemplate(retry.attempts, state.closedScope));
  if (Number.isInteger(attempts) && attempts >= 1) return Math.min(attempts, MAX_ATTEMPTS);
  throw new ConnectorError("VALUE_REFUSED", '"retry.attempts" must be a whole number of at least 1.');
}

const MAX_ATTEMPTS = 20;
