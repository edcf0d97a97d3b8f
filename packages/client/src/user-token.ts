import { ClientError } from "./client-error.ts";

/** Asks the host application for its user token. */
export type AskUserToken = () => string | Promise<string>;

/** The user token between calls: asked for once, by whichever call needs it first, until it is forgotten. */
export interface UserToken {
  /** The question that was asked, or a new one; undefined where the application gives no token. */
  open(): Promise<string> | undefined;
  /** Waits for the answer no longer than the signals say. */
  wait(asked: Promise<string> | undefined, signal: AbortSignal, timeout: AbortSignal): Promise<string | undefined>;
  /** Drops the answer, so that the next call asks again; one that was asked for since stays. */
  forget(asked: Promise<string> | undefined): void;
}

/** Creates the keeper of one client's user token. */
export function createUserToken(userToken: AskUserToken | undefined): UserToken {
  // Calls that start together share one question to the host application.
  let token: Promise<string> | undefined;
  const forget = (asked: Promise<string> | undefined): void => {
    if (token === asked) token = undefined;
  };
  return {
    open() {
      if (userToken && !token) {
        const asked = ask(userToken);
        asked.catch(() => forget(asked));
        token = asked;
      }
      return token;
    },
    async wait(asked, signal, timeout) {
      try {
        return asked && (await within(asked, signal));
      } catch (error) {
        // One that nobody may ever answer must not be waited for by the next call.
        if (timeout.aborted) forget(asked);
        throw error;
      }
    },
    forget,
  };
}

/** What is no token would fail as a header field, or be refused by the server as one. */
async function ask(userToken: AskUserToken): Promise<string> {
  const refuse = (reason: unknown, cause?: unknown): never => {
    throw new ClientError("token", `userToken gave no token: ${reason}`, { cause });
  };
  const token = await new Promise<string>((resolve) => resolve(userToken())).catch((cause) =>
    refuse(cause?.message ?? cause, cause),
  );
  return !token || (typeof token === "string" && /^[!-~]+$/.test(token))
    ? token
    : refuse("it is no text without spaces");
}

/** Settles as the promise does, or rejects when the signal fires before. */
function within<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
