import { type ConnectionRecord, isOAuth2Method, readTokenSet } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Idle grants are renewed after this time; providers that end idle refresh tokens do so after two weeks and more. */
const idleMs = 7 * dayMs;
/** How often one replica looks; the lease keeps the others from looking in the same hour. */
const everyMs = 6 * hourMs;

/** Says whether a grant should be renewed although nobody uses it (R10). */
export function isDue(
  tokens: {
    readonly refreshToken: string | null;
    readonly refreshExpiresAt: number | null;
    readonly obtainedAt: number;
  },
  now: number,
): boolean {
  if (tokens.refreshToken === null) return false;
  if (tokens.refreshExpiresAt === null) return now - tokens.obtainedAt > idleMs;
  const lifetime = tokens.refreshExpiresAt - tokens.obtainedAt;
  return now < tokens.refreshExpiresAt && tokens.refreshExpiresAt - now < Math.max(lifetime / 2, 2 * everyMs);
}

/** Renews idle grants before their refresh token ends: soon after the start, then every six hours. Returns how to stop. */
export function startKeepAlive(context: ServerContext): () => void {
  const sweep = () =>
    keepAlive(context).catch((error) => context.log.warn({ err: error }, "idle grants were not renewed"));
  const first = setTimeout(() => void sweep(), 120_000);
  const often = setInterval(() => void sweep(), everyMs);
  first.unref();
  often.unref();
  return () => {
    clearTimeout(first);
    clearInterval(often);
  };
}

/** Looks at every connection once, if no other replica did within the hour; returns how many were renewed. */
export async function keepAlive(context: ServerContext, now: number = Date.now()): Promise<number> {
  const { stores } = context;
  const lease = await stores.leases.acquire("keep-alive", crypto.randomUUID(), hourMs);
  if (lease === undefined) return 0;
  let renewed = 0;
  for (const workspace of await stores.workspaces.list()) {
    for (const record of await stores.connections.list(workspace.id)) {
      if (record.sealedCredential === null || record.status === "needs-authorization") continue;
      if (await renewIfDue(context, record, now)) renewed += 1;
    }
  }
  return renewed;
}

async function renewIfDue(context: ServerContext, record: ConnectionRecord, now: number): Promise<boolean> {
  try {
    const { method, session, connection } = await context.auth.open(record, `keep-alive-${record.id}`);
    const tokens = readTokenSet(connection.credential);
    if (tokens === null || !isOAuth2Method(method) || !isDue(tokens, now)) return false;
    await method.keepAlive(session);
    return true;
  } catch (error) {
    // The keeper has marked and reported what is wrong with this one; the others must not wait for it.
    context.log.warn({ err: error, connection: record.id }, "an idle grant was not renewed");
    return false;
  }
}
