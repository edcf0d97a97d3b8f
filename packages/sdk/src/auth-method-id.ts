import type { AuthMethod } from "./definition.generated.ts";

/**
 * Gives the identity of an auth method: what a connection chose, and what `request.auth` names. It is the method's `id`,
 * else its `name`, else its `type`; the `name` of an apiKey method is that of its header, parameter or cookie and does not
 * count.
 */
export const authMethodId = (method: AuthMethod): string =>
  method.id ?? (method.type === "apiKey" ? method.type : (method.name ?? method.type));
