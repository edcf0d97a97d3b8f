import type { ErrorCode } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";

/** Builds the error for a name that the workspace does not know. */
export function unknownResource(code: ErrorCode, what: string, hint: string): ConnectorError {
  return new ConnectorError(code, `The workspace has no ${what}.`, { hint });
}
