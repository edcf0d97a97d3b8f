import { randomUUID } from "node:crypto";
import { openStore, type StoreOptions } from "@junctor/store";
import { makeExecution } from "./suite/records.ts";

// Runs as a child process: writes without end and prints each row after its write was acknowledged, until it is killed.
//   node --conditions=source acknowledging-writer.ts '<store options as JSON>' <workspace id>

const [options = "", workspaceId = ""] = process.argv.slice(2);
const store = await openStore(JSON.parse(options) as StoreOptions);
await store.migrate();
const { workspaces, variables, executions, secrets } = store.stores;
if ((await workspaces.get(workspaceId)) === undefined) {
  await workspaces.create({ id: workspaceId, name: "w", createdAt: new Date().toISOString() });
}
const acknowledge = (row: string): boolean => process.stdout.write(`${row}\n`);

async function writeRows(): Promise<void> {
  for (;;) {
    const name = randomUUID();
    await variables.put(workspaceId, name, name);
    acknowledge(`variable ${name}`);
    const batch = Array.from({ length: 5 }, () => makeExecution(workspaceId));
    await executions.append(batch);
    for (const { id } of batch) acknowledge(`execution ${id}`);
    const secret = await secrets.put({ workspaceId, name, sealed: name, hosts: [] });
    acknowledge(`secret ${secret.name}`);
  }
}

await Promise.all([writeRows(), writeRows(), writeRows()]);
