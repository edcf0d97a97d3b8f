import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startScript } from "../gateway/start-script.ts";
import type { Answer, Question } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { CORES } from "../harness/processes.ts";

/** What does an action cost that was called once and is kept compiled? */
export const compiledMemory: Question = {
  name: "compiled-memory",
  title: "Memory of a compiled action",
  run: () => withCleanups(measure),
};

async function measure({ keep }: Cleanups): Promise<Answer> {
  const upstream = keep(await startScript("upstream", "slow-upstream.ts", {}, CORES.others));
  const script = join(import.meta.dirname, "..", "gateway", "compiled-memory.ts");
  const environment = { ...process.env, UPSTREAM_PORT: String(upstream.port) };
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--expose-gc", "--conditions=source", script], {
    env: environment,
    timeout: 120_000,
  });
  const { bytesPerAction }: { readonly bytesPerAction: number } = JSON.parse(stdout);
  return {
    tables: [],
    gates: [
      {
        what: "compiled action, after its first call",
        value: bytesPerAction / 1024,
        gate: 60,
        goal: 20,
        unit: "KiB heap",
      },
    ],
    notes: [
      "500 actions with ten inputs, nine query parameters, a header and two output templates, called once each after 500 others had warmed what they share; heap in use after garbage collection, difference divided by 500.",
    ],
  };
}
