import { subscribe } from "node:diagnostics_channel";
import { resolveConfig, startServer } from "@junctor/server";
import { type SentNote, stormTiming, type WorkerOrders, type WorkerReport } from "./storm-orders.ts";

/**
 * One replica of the storm: a whole server on the shared database, called from within. It reads its orders from the
 * environment, makes its calls at an even pace and reports how they ended; it may be killed at any moment.
 */
const orders = JSON.parse(process.env.STORM_ORDERS ?? "{}") as WorkerOrders;
const server = await startServer(resolveConfig(orders.environment), { timing: stormTiming });
const { engine, stores } = server.context;
const workspace = (await stores.workspaces.list())[0];
if (workspace === undefined) throw new Error("There is no workspace.");

// The HTTP client tells when it writes a request's head: that is the moment at which a token is sent.
subscribe("undici:client:sendHeaders", (message) => {
  const { headers } = message as { readonly headers: string };
  const token = /authorization: bearer (\S+)/i.exec(headers)?.[1];
  if (token !== undefined) process.send?.({ kind: "sent", token, at: Date.now() } satisfies SentNote);
});

const errors = new Map<string, number>();
const afterLoss: string[] = [];
let done = 0;
let succeeded = 0;
const startedAt = Date.now();

async function call(index: number): Promise<void> {
  const connection = orders.connections[(index * 7 + orders.worker) % orders.connections.length] ?? "";
  try {
    await engine.execute({
      workspace: { id: workspace?.id ?? "", name: workspace?.name ?? "" },
      caller: { kind: "service", id: "storm", scopes: ["execute"] },
      requestId: `storm-${orders.worker}-${index}`,
      surface: "campaign",
      connector: "storm",
      action: "read",
      input: {},
      connection,
    });
    succeeded += 1;
  } catch (error) {
    const { code = "?", message } = error as { code?: string; message: string };
    errors.set(code, (errors.get(code) ?? 0) + 1);
    if (afterLoss.length < 3) afterLoss.push(`${code}: ${message}`);
  }
  done += 1;
}

const lanes = Array.from({ length: 4 }, async (_, lane) => {
  for (let index = lane; index < orders.calls; index += 4) {
    const due = startedAt + (index * orders.durationMs) / orders.calls;
    const wait = due - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await call(index);
    process.send?.({ kind: "progress", done });
  }
});
await Promise.all(lanes);
await server.close();
const report: WorkerReport = {
  kind: "report",
  worker: orders.worker,
  succeeded,
  errors: [...errors],
  samples: afterLoss,
};
process.send?.(report, () => process.exit(0));
