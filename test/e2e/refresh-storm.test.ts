import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeStorm } from "../campaign/judge-storm.ts";
import { runStorm } from "../campaign/run-storm.ts";

/** A tenth of `npm run campaign`: the same storm with 4 processes and 200 calls each. */
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const size = { processes: 4, calls: 200, connections: 20, durationMs: 14_000 };

describe("refresh storm: 20 connections, tokens of five seconds, rotation and family revocation", () => {
  it.each([
    ["no replica dies: no grant is lost, no call fails", "never", 0],
    [
      "a replica dies between answer and commit: its connection says so, no other changes",
      "between answer and commit",
      0,
    ],
  ] as const)(
    "%s",
    async (title, kill, leewayMs) => {
      const databaseUrl = await postgres.createDatabase(`storm_${title.length}`);
      const result = await runStorm({ databaseUrl, ...size, kill, leewayMs });
      expect(judgeStorm({ kill, leewayMs }, result), JSON.stringify(result)).toEqual([]);
    },
    120_000,
  );
});
