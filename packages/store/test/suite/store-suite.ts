import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { describeChanges } from "./changes.ts";
import { describeConfiguration } from "./configuration.ts";
import { describeConnectors } from "./connectors.ts";
import { describeCoordination } from "./coordination.ts";
import { describeRecords } from "./executions.ts";
import { describeIsolation } from "./isolation.ts";
import { describeKeyRotations } from "./key-rotations.ts";
import { describeRotation } from "./rotation.ts";

/** What an engine must do. Run by each of them on a migrated store; `openReplica` is a second one on the same data. */
export function describeStore(engine: string, open: () => Store, openReplica: () => Store): void {
  describe(`the store on ${engine}`, () => {
    it("has nothing left to migrate, however often and from however many places it is asked", async () => {
      const runs = await Promise.all([open(), openReplica(), open(), openReplica()].map((store) => store.migrate()));
      expect(runs.flat()).toEqual([]);
    });

    it("is healthy and has looked for changes", async () => {
      expect(await open().health()).toEqual({
        ok: true,
        engine: open().kind,
        latencyMs: expect.any(Number),
        connections: expect.any(Number),
        waiting: 0,
        changesCheckedAt: expect.any(Number),
      });
    });

    describeConnectors(open);
    describeConfiguration(open);
    describeIsolation(open);
    describeRecords(open);
    describeCoordination(open);
    describeChanges(open);
    describeKeyRotations(open);
    describeRotation(open, openReplica);
  });
}
