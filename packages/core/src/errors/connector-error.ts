import { type ErrorCode, type ErrorStage, errorCatalogue, type ProblemDetail } from "@junctor/contract";

/** What an error says beyond its code. Nothing in it may hold a secret. */
export interface ConnectorErrorOptions {
  /** What to do next, in one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The single places that are wrong, with JSON pointers. */
  readonly details?: readonly ProblemDetail[];
  /** Status that the upstream answered with. */
  readonly upstreamStatus?: number;
  /** HTTP status of this occurrence, where it differs from the catalogue (upstream 404 stays 404). */
  readonly status?: number;
  readonly retryable?: boolean;
  /** Seconds after which a repetition makes sense. */
  readonly retryAfter?: number;
  /** Code given by the connector's own error rule. */
  readonly connectorCode?: string;
  /** Whether the connector's own error rule wrote the message: it is then meant for whoever calls. */
  readonly isWritten?: boolean;
  readonly stage?: ErrorStage;
  /** Step of a composite in which it arose; `index` from 0. */
  readonly step?: { readonly name: string; readonly index: number };
}

/**
 * The error of every public function of the engine: a stable `code` from the catalogue, a message that says where and
 * why, and a `hint` that says what to do next.
 */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly stage: ErrorStage;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly details: readonly ProblemDetail[];
  readonly upstreamStatus: number | undefined;
  readonly retryAfter: number | undefined;
  readonly connectorCode: string | undefined;
  readonly step: { readonly name: string; readonly index: number } | undefined;
  readonly isWritten: boolean;

  constructor(code: ErrorCode, message: string, options: ConnectorErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ConnectorError";
    const entry = errorCatalogue[code];
    this.code = code;
    this.status = options.status ?? entry.status;
    this.stage = options.stage ?? entry.stage;
    this.retryable = options.retryable ?? entry.retryable;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.upstreamStatus = options.upstreamStatus;
    this.retryAfter = options.retryAfter;
    this.connectorCode = options.connectorCode;
    this.step = options.step;
    this.isWritten = options.isWritten ?? false;
  }
}
