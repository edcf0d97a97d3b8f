import { coversScope } from "@junctor/contract";
import { ConnectorError, type ConnectorStore, nearestName } from "@junctor/core";
import type { KeyHolder } from "../keys/key-ring.ts";

/** What is known of a request for a connector that there is not. */
export interface UnknownConnector {
  readonly error: ConnectorError;
  readonly holder: KeyHolder;
  /** Name that was asked for. */
  readonly name: string;
}

/**
 * Whether somebody may be told which connectors there are: a service key that reads them. Gives what is needed for it;
 * undefined for other errors and other callers.
 */
export function readUnknownConnector(
  error: ConnectorError,
  { holder, params, body }: { readonly holder: KeyHolder | null; readonly params: unknown; readonly body?: unknown },
): UnknownConnector | undefined {
  if (error.code !== "CONNECTOR_UNKNOWN" || holder === null || holder.key.kind !== "service") return undefined;
  if (!coversScope(holder.key.scopes, "connectors:read")) return undefined;
  const { name } = (params ?? {}) as { readonly name?: unknown };
  const { connector } = (body ?? {}) as { readonly connector?: unknown };
  const asked = typeof name === "string" ? name : connector;
  return typeof asked === "string" ? { error, holder, name: asked } : undefined;
}

/** Says in the hint that the connector is a draft only, or names a similar one. Never fails: without the store the error stays as it was. */
export async function explainUnknownConnector(
  store: Pick<ConnectorStore, "versions" | "list">,
  { error, holder, name }: UnknownConnector,
): Promise<ConnectorError> {
  try {
    const workspaceId = holder.workspace.id;
    const drafts = await store.versions(workspaceId, name);
    const [newest] = drafts;
    if (newest !== undefined) {
      const hint = `It is a draft only: publish version ${newest.version}. Until then a call has to name the version.`;
      return withHint(error, hint);
    }
    const known = (await store.list(workspaceId)).map((one) => one.name);
    const nearest = nearestName(name, known);
    return nearest === undefined ? error : withHint(error, `Did you mean "${nearest}"?`);
  } catch {
    return error;
  }
}

const withHint = ({ code, message, details, cause, stage }: ConnectorError, hint: string): ConnectorError =>
  new ConnectorError(code, message, { hint, details, stage, ...(cause !== undefined && { cause }) });
