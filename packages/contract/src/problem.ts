import type { ErrorCode, ErrorStage } from "./errors.ts";

/** One reason within a problem, tied to a place in the caller's document. */
export interface ProblemDetail {
  /** JSON pointer (RFC 6901) into the request body, the input or the definition. */
  readonly pointer: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** 1-based position in the text the caller sent, where there was text. */
  readonly line?: number;
  readonly column?: number;
}

/** The body of every error answer: an RFC 9457 problem document with Junctor's members. */
export interface Problem {
  /** URI of the code's entry in the error reference. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Where and why, for this occurrence. Never holds a secret. */
  readonly detail: string;
  readonly code: ErrorCode;
  readonly stage: ErrorStage;
  readonly retryable: boolean;
  readonly requestId: string;
  /** What to do next. */
  readonly hint?: string;
  /** Seconds after which a repetition makes sense. */
  readonly retryAfter?: number;
  /** Code that the connector's own error rule gave (`errors[].code`). */
  readonly connectorCode?: string;
  readonly upstreamStatus?: number;
  readonly errors?: readonly ProblemDetail[];
}
