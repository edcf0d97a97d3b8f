import type { ServerContext } from "../server-context.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Deletes old execution records, ended short-lived entries and kept responses: soon after the start, then every hour. Returns how to stop. */
export function startRetention({ config, stores, log }: Pick<ServerContext, "config" | "stores" | "log">): () => void {
  async function sweep(): Promise<void> {
    const now = Date.now();
    try {
      const before = new Date(now - config.executionRetentionDays * dayMs).toISOString();
      const records = await stores.executions.deleteBefore(before);
      const entries = await stores.ephemeral.deleteExpired(new Date(now).toISOString());
      const responses = await stores.responseCache.deleteExpired(new Date(now).toISOString());
      if (records + entries + responses > 0) log.info({ records, entries, responses }, "old records were deleted");
    } catch (error) {
      log.warn({ err: error }, "old records could not be deleted; tried again in an hour");
    }
  }
  const first = setTimeout(() => void sweep(), 60_000);
  const hourly = setInterval(() => void sweep(), hourMs);
  first.unref();
  hourly.unref();
  return () => {
    clearTimeout(first);
    clearInterval(hourly);
  };
}
