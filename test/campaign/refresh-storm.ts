import { startTestPostgres } from "@junctor/store/testkit";
import { judgeStorm } from "./judge-storm.ts";
import { type KillPoint, runStorm } from "./run-storm.ts";

/**
 * `npm run campaign`: the refresh storm at full strength. Eight processes make 1,000 calls each on 20 connections whose tokens
 * live five seconds, against a token server with rotation and family revocation; one replica is killed in the middle of a
 * renewal. Exits 1 when a grant was lost that need not be.
 */
const rounds: ReadonlyArray<{ readonly kill: KillPoint; readonly leewayMs: number }> = [
  { kill: "never", leewayMs: 0 },
  { kill: "before request", leewayMs: 0 },
  { kill: "after commit", leewayMs: 0 },
  { kill: "between answer and commit", leewayMs: 30_000 },
  { kill: "between answer and commit", leewayMs: 0 },
];

const postgres = await startTestPostgres();
let failed = false;
try {
  for (const [index, round] of rounds.entries()) {
    const databaseUrl = await postgres.createDatabase(`storm_${index}`);
    const size = { processes: 8, calls: 1_000, connections: 20, durationMs: 30_000 };
    const result = await runStorm({ databaseUrl, ...size, ...round });
    const complaints = judgeStorm(round, result);
    failed ||= complaints.length > 0;
    console.log(`kill: ${round.kill}, leeway ${round.leewayMs} ms`);
    console.log(JSON.stringify(result));
    for (const complaint of complaints) console.log(`  FAILED: ${complaint}`);
  }
} finally {
  await postgres.stop();
}
process.exitCode = failed ? 1 : 0;
