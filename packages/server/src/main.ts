import { restoreBackup } from "@junctor/store";
import { resolveConfig } from "./config.ts";
import { describeStartFailure } from "./describe-start-failure.ts";
import { startServer } from "./start-server.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/**
 * The server as a process, as the container runs it:
 *
 *   node --conditions=source packages/server/src/main.ts                  serves until SIGTERM
 *   node --conditions=source packages/server/src/main.ts restore FILE     makes the data folder out of a backup
 */
async function run([command = "serve", file]: readonly string[]): Promise<void> {
  const config = resolveConfig(process.env);
  if (command === "restore" && file !== undefined) {
    await restoreBackup({ path: file, folder: config.dataDirectory });
    console.log(`Restored ${file} into ${config.dataDirectory}. The master key is not part of a backup.`);
  } else if (command === "serve") {
    const server = await startServer(config);
    stopOnSignals(() => server.close());
  } else {
    throw new Error("Usage: main.ts [serve | restore FILE]");
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(describeStartFailure(error));
  process.exitCode = 1;
});
