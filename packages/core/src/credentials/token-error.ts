import type { ErrorCode } from "@junctor/contract";
import { ConnectorError, type ConnectorErrorOptions } from "../errors/connector-error.ts";

/**
 * What a failed token request means for the connection:
 *
 *   temporary             try again later; the stored credential is as good as before
 *   needs-authorization   the grant is gone; a person must authorize again
 *   misconfigured         the client, its secret, an address or a setting is wrong; an administrator must act
 */
export type TokenOutcome = "temporary" | "needs-authorization" | "misconfigured";

const codes: Readonly<Record<TokenOutcome, ErrorCode>> = {
  temporary: "TOKEN_REQUEST_FAILED",
  "needs-authorization": "CONNECTION_UNUSABLE",
  misconfigured: "AUTHENTICATION_FAILED",
};

/** What a {@link TokenError} says beyond its message. */
export interface TokenErrorOptions extends ConnectorErrorOptions {
  readonly outcome: TokenOutcome;
  /** Error code of the server (`invalid_grant`), as RFC 6749 or the definition's `token.error` names it. */
  readonly serverCode?: string;
  /**
   * True when the server may have acted although no answer was read: a rotated refresh token may be lost.
   * False when the server refused, or nothing was sent.
   */
  readonly inDoubt?: boolean;
}

/** Reports why no token could be had, and what follows for the connection. Its message holds no secret. */
export class TokenError extends ConnectorError {
  readonly outcome: TokenOutcome;
  readonly serverCode: string | undefined;
  readonly inDoubt: boolean;

  constructor(message: string, options: TokenErrorOptions) {
    super(codes[options.outcome], message, { retryable: options.outcome === "temporary", ...options });
    this.outcome = options.outcome;
    this.serverCode = options.serverCode;
    this.inDoubt = options.inDoubt ?? false;
  }
}
