import type { Problem } from "@junctor/contract";
import { ClientError } from "./client-error.ts";
import { type AskUserToken, createUserToken } from "./user-token.ts";

/** What every call may set for itself. */
export interface CallOptions {
  /** Milliseconds until the call fails with kind `timeout`, the time that `userToken` takes included; default: the client's. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What a call resolves to. */
export interface Result<Data> {
  readonly data: Data;
  readonly status: number;
  readonly headers: Headers;
  /** Id under which the server logged the call. */
  readonly requestId: string;
}

export interface ClientConfig {
  /** Where Junctor answers, with its base path. */
  readonly baseUrl: string;
  /** A service key (backends only) or a publishable key. */
  readonly key?: string;
  /**
   * Gives the user token of the host application; asked again when the server says that the token has ended. Where it throws,
   * rejects, or gives what cannot be a token, the call fails with kind `token`, and the next one asks again.
   */
  readonly userToken?: AskUserToken;
  /** Milliseconds; default 30 000. */
  readonly timeout?: number;
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface OutgoingCall extends CallOptions {
  readonly method: string;
  /** Below the base URL, with its query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends calls with the client's credentials; holds the user token, and nothing else, between calls. */
export interface Sender {
  send<Data>(call: OutgoingCall): Promise<Result<Data>>;
}

/** Codes by which the server says that a new user token would help. */
const renewable: readonly unknown[] = ["USER_TOKEN_INVALID", "USER_REQUIRED"];

/** Creates the one place of this package that talks to the network. */
export function createSender(config: ClientConfig): Sender {
  const baseUrl = config.baseUrl.replace(/\/+$/, "");
  const doFetch = config.fetch ?? globalThis.fetch.bind(globalThis);
  const token = createUserToken(config.userToken);

  const sendOnce = async (call: OutgoingCall, signal: AbortSignal, userToken: string | undefined) => {
    const headers = new Headers({ accept: "application/json", ...config.headers, ...call.headers });
    if (config.key)
      headers.set(userToken ? "x-junctor-key" : "authorization", userToken ? config.key : `Bearer ${config.key}`);
    if (userToken) headers.set("authorization", `Bearer ${userToken}`);
    if (call.body !== undefined) headers.set("content-type", "application/json");
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    const response = await doFetch(baseUrl + call.path, { method: call.method, headers, body, signal });
    return { response, data: await readBody(response) };
  };

  return {
    async send<Data>(call: OutgoingCall): Promise<Result<Data>> {
      const milliseconds = call.timeout ?? config.timeout ?? 30_000;
      const timeout = AbortSignal.timeout(milliseconds);
      const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
      try {
        const first = token.open();
        let answer = await sendOnce(call, signal, await token.wait(first, signal, timeout));
        if (answer.response.status === 401 && first && renewable.includes(codeOf(answer.data))) {
          // One renewal and one repetition; another call may have renewed already.
          token.forget(first);
          answer = await sendOnce(call, signal, await token.wait(token.open(), signal, timeout));
        }
        const { response, data } = answer;
        if (!response.ok) throw toError(response, data);
        return { data: data as Data, status: response.status, headers: response.headers, requestId: idOf(response) };
      } catch (cause) {
        if (cause instanceof ClientError) throw cause;
        if (call.signal?.aborted) throw new ClientError("cancelled", "The call was cancelled.", { cause });
        if (timeout.aborted) throw new ClientError("timeout", `No answer within ${milliseconds} ms.`, { cause });
        throw new ClientError(
          "network",
          `Junctor could not be reached: ${String((cause as Error)?.message ?? cause)}`,
          { cause },
        );
      }
    },
  };
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (/^(?:image|audio|video|font)\/|octet-stream|pdf|zip/.test(type)) return response.blob();
  const text = await response.text();
  if (text === "") return undefined;
  if (!/json/.test(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The problem document's code, or that of the widget route's envelope. */
const codeOf = (data: unknown): unknown => envelope(data).code ?? envelope(envelope(data).errors).code;
const envelope = (data: unknown): Record<string, unknown> =>
  typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
const idOf = (response: Response): string => response.headers.get("x-request-id") ?? "";

function toError(response: Response, data: unknown): ClientError {
  const problem = envelope(data);
  const errors = envelope(problem.errors);
  const message = problem.detail ?? errors.detail ?? problem.title ?? `Junctor answered ${response.status}.`;
  return new ClientError("response", String(message), {
    code: codeOf(data) as string | undefined,
    status: response.status,
    requestId: idOf(response) || (problem.requestId as string) || (problem.request_id as string),
    retryable: problem.retryable === true,
    problem: typeof problem.code === "string" ? (data as Problem) : undefined,
    params: errors.params,
  });
}
