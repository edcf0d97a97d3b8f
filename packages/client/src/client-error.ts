import type { ErrorCode, Problem } from "@junctor/contract";

/**
 * Why a call failed, in the order in which it can happen:
 * `options` the call was refused before anything was sent · `token` the application gave no user token · `network` no answer ·
 * `timeout` no answer in time, of Junctor or of `userToken` · `cancelled` the caller's signal · `response` Junctor answered with
 * an error.
 */
export type ClientErrorKind = "options" | "token" | "network" | "timeout" | "cancelled" | "response";

export interface ClientErrorFields {
  readonly code?: ErrorCode | string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly problem?: Problem | undefined;
  readonly params?: unknown;
  readonly cause?: unknown;
}

/** The only error this package throws. `code` is stable; `problem` is the server's whole answer where there was one. */
export class ClientError extends Error {
  readonly kind: ClientErrorKind;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  readonly problem: Problem | undefined;
  /** Names of the path parameters that a widget call got wrong. */
  readonly params: unknown;

  constructor(kind: ClientErrorKind, message: string, fields: ClientErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "ClientError";
    this.kind = kind;
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.retryable = fields.retryable ?? (kind === "network" || kind === "timeout");
    this.problem = fields.problem;
    this.params = fields.params;
  }
}
