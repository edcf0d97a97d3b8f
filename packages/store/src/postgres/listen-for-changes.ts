import pg from "pg";
import { changesChannel, type ReportProblem } from "../engine.ts";

/**
 * Keeps one connection listening for as long as it takes:
 *
 *   connecting ──LISTEN──► listening ──connection ends──► waiting (0.2 … 5 s, jittered) ──► connecting
 *
 * `wake` is called for each notification and after each successful LISTEN, because notifications sent in between are
 * gone. Returns how to stop.
 */
export function listenForChanges(
  config: pg.ClientConfig,
  wake: () => void,
  report: ReportProblem,
): () => Promise<void> {
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let current: pg.Client | undefined;

  function reconnect(client: pg.Client, error: unknown): void {
    if (stopped || current !== client) return;
    current = undefined;
    report({ what: "listener", error });
    client.end().catch(() => undefined);
    failures += 1;
    timer = setTimeout(connect, Math.min(5_000, 200 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random() / 2));
    timer.unref();
  }

  function connect(): void {
    const client = new pg.Client(config);
    current = client;
    client.on("error", (error) => reconnect(client, error));
    client.on("end", () => reconnect(client, new Error("The connection that listens for changes has ended.")));
    client.on("notification", wake);
    client
      .connect()
      .then(() => client.query(`listen ${changesChannel}`))
      .then(() => {
        failures = 0;
        wake();
      })
      .catch((error: unknown) => reconnect(client, error));
  }

  connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current?.end().catch(() => undefined);
  };
}
