import type { Caller } from "../execute/call.ts";

/**
 * Names the user of a call among all users of the workspace; undefined for other callers. What belongs to one user alone (a
 * connection, a kept answer, a page of a list) is told apart by this. It is not `user.id`, which templates see: two issuers may
 * give two people the same one.
 */
export const userIdOf = ({ id, user }: Caller): string | undefined =>
  user === undefined ? undefined : (id ?? user.id);
