import type { JsonObject, SettingRecord } from "@junctor/core";
import { expect, it } from "vitest";
import { noteSync, readRepository } from "./repository-setting.ts";
import { createSyncRunner, type SyncRunnerPorts } from "./sync-runner.ts";

/**
 * One database with a repository `main` of workspace `w`, for any number of replicas. A synchronisation takes as many turns of
 * the event loop as it is told to; `commits` has what each of them found.
 */
function watch(start: JsonObject = {}) {
  const rows = new Map<string, JsonObject>([["main", { url: "https://git.example/a.git", ...start }]]);
  const record = (name: string): SettingRecord | undefined => {
    const value = rows.get(name);
    return value && { workspaceId: "w", kind: "repository", name, value, updatedAt: "" };
  };
  const settings: SyncRunnerPorts["settings"] = {
    get: async (_workspace, _kind, name) => record(name),
    listEverywhere: async () => [...rows.keys()].flatMap((name) => record(name) ?? []),
    async update(_workspace, _kind, name, change) {
      const value = rows.get(name);
      if (value !== undefined) rows.set(name, change(value));
      return record(name);
    },
  };
  const seen = { pushed: 0, commits: [] as number[], waits: [] as number[], warnings: [] as string[], held: false };
  const replica = (turns = 3, fails: () => boolean = () => false) => {
    const ports: SyncRunnerPorts = {
      settings,
      log: { warn: (_facts: object, message: string) => void seen.warnings.push(message) } as never,
      clock: {
        async sleep(ms, signal) {
          seen.waits.push(ms);
          await passTurns(2);
          signal?.throwIfAborted();
        },
      },
      async sync(workspaceId, name) {
        if (seen.held) return undefined;
        seen.held = true;
        const begun = await readRepository(settings, workspaceId, name);
        const commit = seen.pushed;
        await passTurns(turns);
        seen.commits.push(commit);
        await noteSync(settings, workspaceId, name, begun, { state: "synchronised", message: null });
        seen.held = false;
        if (fails()) throw new Error("no");
        return {};
      },
    };
    return createSyncRunner(ports);
  };
  const push = async (runner: ReturnType<typeof replica>) => {
    seen.pushed += 1;
    return runner.request("w", "main");
  };
  const isOpen = () => rows.get("main")?.requested !== undefined;
  return { rows, seen, replica, push, isOpen };
}

const passTurns = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

it("answers every push, however many come during a synchronisation, with one more", async () => {
  const { seen, replica, push, isOpen } = watch();
  const runner = replica();
  await push(runner);
  await passTurns(1);
  await Promise.all([push(runner), push(runner), push(runner)]);
  await passTurns(20);
  expect([seen.commits, isOpen(), seen.waits]).toEqual([[1, 4], false, []]);
});

it("answers a push that comes at any moment of a synchronisation", async () => {
  for (let moment = 0; moment < 12; moment += 1) {
    const { seen, replica, push, isOpen } = watch();
    const runner = replica();
    await push(runner);
    await passTurns(moment);
    await push(runner);
    await passTurns(30);
    expect([moment, seen.commits.at(-1), isOpen()]).toEqual([moment, 2, false]);
  }
});

it("answers a push that another replica is told of, and that one ends waiting", async () => {
  const { seen, replica, push, isOpen } = watch();
  const [first, second] = [replica(5), replica(5)];
  await push(first);
  await passTurns(1);
  await push(second);
  await passTurns(60);
  expect([seen.commits, isOpen()]).toEqual([[1, 2], false]);
  const waited = seen.waits.length;
  await passTurns(20);
  expect(seen.waits.length).toBe(waited);
});

it("waits longer and longer while the holder, which may be dead, says nothing", async () => {
  const { seen, replica, push } = watch();
  seen.held = true;
  await push(replica());
  await passTurns(18);
  expect(seen.waits.slice(0, 8)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  seen.held = false;
  await passTurns(20);
  expect(seen.commits).toEqual([1]);
});

it("goes on after a start with what was left, and with nothing else", async () => {
  const left = watch({ requested: "a-token" });
  await left.replica().resumeAll();
  await passTurns(20);
  expect([left.seen.commits.length, left.isOpen()]).toEqual([1, false]);
  const nothing = watch();
  const runner = nothing.replica();
  await runner.resumeAll();
  runner.resume("w", "main");
  await passTurns(20);
  expect(nothing.seen.commits).toEqual([]);
});

it("stops waiting when the process stops, and leaves the request to others", async () => {
  const { seen, replica, push, isOpen } = watch();
  const runner = replica();
  seen.held = true;
  await push(runner);
  await passTurns(3);
  runner.stop();
  await passTurns(5);
  seen.held = false;
  await passTurns(20);
  expect([seen.commits, seen.warnings, isOpen()]).toEqual([[], [], true]);
});

it("says that a synchronisation failed, and answers the push after it", async () => {
  const { seen, replica, push } = watch();
  const runner = replica(3, () => seen.commits.length === 1);
  await push(runner);
  await passTurns(1);
  await push(runner);
  await passTurns(30);
  expect([seen.commits, seen.warnings.length]).toEqual([[1, 2], 1]);
});

it("has nothing to do for a repository that is gone", async () => {
  const { rows, seen, replica, push } = watch();
  rows.clear();
  expect(await push(replica())).toBe(false);
  await passTurns(10);
  expect(seen.commits).toEqual([]);
});
