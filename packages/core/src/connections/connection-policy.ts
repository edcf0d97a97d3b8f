import type { Caller } from "../execute/call.ts";
import type { ConnectionRecord } from "../ports/records.ts";

/**
 * Who may do what with a connection. A connection of the workspace is used by every caller whom the connector's policy lets
 * call; a connection of a user is used, seen and edited by that user alone, and seen and removed by administrators, who can
 * never use it in their own name.
 *
 *                   workspace's connection            a user's connection
 *   use             any caller with `execute`         that user
 *   see             scope connections:read            that user; scope connections:read (no credential is ever shown)
 *   edit, delete    scope connections:write           that user; deleting also scope connections:write
 */
export type ConnectionAct = "use" | "see" | "edit" | "delete";

/** Says whether a caller may do something with a connection. `covers` tells whether the caller's scopes cover one. */
export function mayAct(
  act: ConnectionAct,
  record: Pick<ConnectionRecord, "owner">,
  caller: Caller,
  covers: (scope: string) => boolean,
): boolean {
  const { owner } = record;
  if (owner.kind === "user") {
    if (caller.user?.id === owner.userId) return true;
    if (act === "see") return covers("connections:read");
    return act === "delete" && covers("connections:write");
  }
  switch (act) {
    case "use":
      return true;
    case "see":
      return covers("connections:read");
    case "edit":
    case "delete":
      return covers("connections:write");
  }
}
