import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "./call-state.ts";

/**
 * Carries a transport failure that a rule ignores through the cache as the failure that it is: nothing is kept of it, and
 * something stale may stand in for it.
 */
class IgnoredFailure extends ConnectorError {
  readonly failure: ConnectorError;

  constructor(failure: ConnectorError) {
    super(failure.code, failure.message, { cause: failure });
    this.failure = failure;
  }
}

/** Runs attempts whose answer may be kept; rejects where there is none, also where a rule ignores that. */
export async function requireAnswer(state: CallState, run: (state: CallState) => Promise<void>): Promise<void> {
  await run(state);
  if (state.failure !== null) throw new IgnoredFailure(state.failure);
}

/** Waits for an answer of the cache. A failure that a rule ignored, in this call or in the one it waited for, ends here. */
export async function ignoreFailure(state: CallState, answering: Promise<void>): Promise<void> {
  try {
    await answering;
  } catch (thrown) {
    if (!(thrown instanceof IgnoredFailure)) throw thrown;
    state.response = null;
    state.ignored = true;
    state.failure = thrown.failure;
  }
}
