import type { ExecutionRecord } from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { at, makeAudit, makeExecution, makeWorkspace } from "./records.ts";

const minutes = (count: number): string => new Date(Date.parse(at) + count * 60_000).toISOString();

/** What both engines do with records of calls and with the audit trail. */
export function describeRecords(open: () => Store): void {
  describe("executions", () => {
    it("are written in one batch and come back as they were", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const full = makeExecution(workspaceId, {
        connectionId: "c",
        outcome: "failed",
        errorCode: "UPSTREAM_STATUS",
        errorStage: "map-errors",
        upstreamStatus: 503,
        attempts: 3,
        cache: "miss",
        durationMs: 1234.567,
      });
      const empty = makeExecution(workspaceId, { callerId: null, upstreamStatus: null, callerKind: "anonymous" });
      const odd = makeExecution(workspaceId, { action: 'a{"b",\\c}NULL', callerId: "", requestId: "ü 😀 '" });
      await executions.append([full, empty, odd]);
      await executions.append([]);
      for (const record of [full, empty, odd]) expect(await executions.get(workspaceId, record.id)).toEqual(record);
    });

    it("may be sent twice, as after a lost connection", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const batch = [makeExecution(workspaceId), makeExecution(workspaceId)];
      await executions.append(batch);
      await executions.append([...batch, makeExecution(workspaceId)]);
      expect((await executions.list(workspaceId, { limit: 10 })).items).toHaveLength(3);
    });

    it("do not lose a batch to one odd identity", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const odd = makeExecution(workspaceId, { callerId: "sub\u0000ject", action: "half \ud83d" });
      const plain = makeExecution(workspaceId);
      await executions.append([odd, plain]);
      expect(await executions.get(workspaceId, odd.id)).toEqual({
        ...odd,
        callerId: "sub\u{fffd}ject",
        action: "half \u{fffd}",
      });
      expect(await executions.get(workspaceId, plain.id)).toEqual(plain);
    });

    it("are listed newest first, page by page, each once, also where times are equal", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const records = Array.from({ length: 25 }, (_, index) =>
        makeExecution(workspaceId, { startedAt: minutes(Math.floor(index / 5)) }),
      );
      await executions.append(records);
      const seen: ExecutionRecord[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await executions.list(workspaceId, { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(7);
        seen.push(...page.items);
        cursor = page.cursor;
      }
      const newestFirst = [...records].sort((a, b) => b.startedAt.localeCompare(a.startedAt) || (a.id < b.id ? 1 : -1));
      expect(seen.map(({ id }) => id)).toEqual(newestFirst.map(({ id }) => id));
    });

    it("are listed by connector and outcome", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const wanted = makeExecution(workspaceId, { connector: "slack", outcome: "failed" });
      await executions.append([
        wanted,
        makeExecution(workspaceId, { connector: "slack" }),
        makeExecution(workspaceId, { outcome: "failed" }),
      ]);
      const page = await executions.list(workspaceId, { limit: 10, connector: "slack", outcome: "failed" });
      expect(page).toEqual({ items: [wanted], cursor: null });
    });

    it("are listed by the request that caused them, in their own workspace", async () => {
      const [workspaceId, other] = [await makeWorkspace(open()), await makeWorkspace(open())];
      const { executions } = open().stores;
      const wanted = makeExecution(workspaceId, { requestId: "request-7" });
      await executions.append([wanted, makeExecution(workspaceId), makeExecution(other, { requestId: "request-7" })]);
      const page = await executions.list(workspaceId, { limit: 10, requestId: "request-7" });
      expect(page).toEqual({ items: [wanted], cursor: null });
    });

    it.each(["", "x", "bm90IGpzb24", Buffer.from('["yesterday","id"]').toString("base64url"), "'; drop table x"])(
      "refuse the cursor %j",
      async (cursor) => {
        const list = open().stores.executions.list("w", { limit: 1, cursor });
        await expect(list).rejects.toMatchObject({ code: "REQUEST_INVALID" });
      },
    );

    it("are deleted by age, in as many statements as it takes", async () => {
      const workspaceId = await makeWorkspace(open());
      const { executions } = open().stores;
      const old = Array.from({ length: 5_100 }, () =>
        makeExecution(workspaceId, { startedAt: "2001-01-01T00:00:00.000Z" }),
      );
      const kept = makeExecution(workspaceId, { startedAt: "2001-01-02T00:00:00.000Z" });
      await executions.append([...old, kept]);
      expect(await executions.deleteBefore("2001-01-02T00:00:00.000Z")).toBe(5_100);
      expect((await executions.list(workspaceId, { limit: 10 })).items).toEqual([kept]);
      expect(await executions.deleteBefore("2001-01-02T00:00:00.000Z")).toBe(0);
    });
  });

  describe("the audit trail", () => {
    it("is listed newest first, page by page", async () => {
      const workspaceId = await makeWorkspace(open());
      const { audit } = open().stores;
      const records = [0, 1, 2].map((minute) =>
        makeAudit(workspaceId, { at: minutes(minute), detail: { b: minute, a: [] } }),
      );
      await audit.append(records);
      await audit.append([]);
      const first = await audit.list(workspaceId, { limit: 2 });
      expect(first.items).toEqual([records[2], records[1]]);
      const second = await audit.list(workspaceId, { limit: 2, cursor: first.cursor ?? "" });
      expect(second).toEqual({ items: [records[0]], cursor: null });
    });
  });
}
