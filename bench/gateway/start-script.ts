import { join } from "node:path";
import { findFreePort } from "../harness/free-port.ts";
import { CORES, type Cores, type Running, startProcess } from "../harness/processes.ts";

/** Starts a script of this folder on the server's core by default, with its port in `PORT`. */
export async function startScript(
  name: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  core: Cores = CORES.server,
): Promise<Running> {
  const port = await findFreePort();
  const command = [process.execPath, "--conditions=source", join(import.meta.dirname, file)];
  return await startProcess({
    name,
    command,
    core,
    port,
    environment: { ...environment, PORT: String(port) },
  });
}
