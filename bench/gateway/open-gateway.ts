import type { BenchContext, Skipped } from "../harness/answer.ts";
import type { Cleanups } from "../harness/cleanups.ts";
import type { Running } from "../harness/processes.ts";
import { findTool } from "../harness/tools.ts";
import { startNginxUpstream } from "./nginx.ts";
import { startPostgres } from "./postgres.ts";
import { prepareJunctor, startJunctor } from "./start-junctor.ts";

/** A Junctor server on Postgres with the bench connector, in front of nginx that serves a file. */
export interface Gateway {
  readonly junctor: Running;
  readonly upstreamPort: number;
  readonly databaseUrl: string;
}

/** Opens the gateway that most questions ask, or says which tool is missing. */
export async function openGateway(context: BenchContext, { keep }: Cleanups): Promise<Gateway | Skipped> {
  for (const tool of ["nginx", "wrk"] as const) {
    const found = findTool(tool);
    if ("missing" in found) return { skipped: found.missing };
  }
  const postgres = await startPostgres();
  if ("missing" in postgres) return { skipped: postgres.missing };
  const databaseUrl = await keep(postgres).createDatabase("bench");
  const upstream = keep(await startNginxUpstream(context.folder));
  const junctor = keep(await startJunctor({ folder: context.folder, databaseUrl, upstreamPort: upstream.port }));
  await prepareJunctor(junctor, upstream.port);
  return { junctor, upstreamPort: upstream.port, databaseUrl };
}
