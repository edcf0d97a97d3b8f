/** Starts a Junctor server from its environment, as `junctor serve` does, without the command line around it. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const { describeStartFailure, resolveConfig, tuneProcess, startServer } = await import("@junctor/server");

try {
  const server = await startServer(resolveConfig(process.env));
  tuneProcess();
  process.once("SIGTERM", () => void server.close().then(() => process.exit(0)));
} catch (error) {
  console.error(describeStartFailure(error));
  process.exit(1);
}
