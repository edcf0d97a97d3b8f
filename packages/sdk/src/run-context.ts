/** A request that connector code sends through the host; the connection's credential is added on the way. */
export interface HostRequest {
  readonly method?: string;
  /** Begins with `/` and is appended to the base URL; or `url`, absolute, to an allowed host. */
  readonly path?: string;
  readonly url?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown;
}

/** What came back. */
export interface HostResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded by Content-Type. */
  readonly body: unknown;
}

/** The only way out of connector code: requests under the egress policy and the call's deadline. */
export type HostHttp = (request: HostRequest) => Promise<HostResponse>;

/** Writes a line to the execution's log; values of secrets are redacted. */
export type HostLog = (message: string, details?: Readonly<Record<string, unknown>>) => void;

/** What a `run` function is given. */
export interface RunContext<Input = unknown> {
  /** The validated input, defaults filled in. */
  readonly input: Input;
  /** Parameters of the connection and values from token answers; secrets are references. */
  readonly connection: Readonly<Record<string, unknown>>;
  readonly http: HostHttp;
  readonly log: HostLog;
  /** Aborts when nobody waits for the result any more. */
  readonly signal: AbortSignal;
}

/** Carries out an action, a poll or an auth method in code. */
export type RunFunction<Input = unknown, Output = unknown> = (context: RunContext<Input>) => Output | Promise<Output>;
