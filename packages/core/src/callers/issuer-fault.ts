import { ConnectorError, type ConnectorErrorOptions } from "../errors/connector-error.ts";

/**
 * USER_TOKEN_INVALID where the token is not at fault but what a workspace says of its issuer: a key set that cannot be read, a secret
 * that is not there. It names addresses and settings of the workspace, so only its operator may read it.
 */
export class IssuerFault extends ConnectorError {
  constructor(message: string, options: ConnectorErrorOptions) {
    super("USER_TOKEN_INVALID", message, options);
  }
}
