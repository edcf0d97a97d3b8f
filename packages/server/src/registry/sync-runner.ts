import type { Clock, Stores } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { requestSync } from "./repository-setting.ts";

/** What the runner needs. */
export interface SyncRunnerPorts {
  readonly settings: Pick<Stores["settings"], "get" | "update" | "listEverywhere">;
  readonly log: Pick<ServerContext["log"], "warn">;
  readonly clock: Pick<Clock, "sleep">;
  /** Synchronises one repository; undefined while another synchronisation of it runs. */
  readonly sync: (workspaceId: string, name: string) => Promise<object | undefined>;
}

/** Synchronises repositories in the background, for push events. */
export interface SyncRunner {
  /** Notes that a repository was pushed to, and begins. Resolves once it is noted; false when the repository is gone. */
  readonly request: (workspaceId: string, name: string) => Promise<boolean>;
  /** Goes on with what is asked for and not done, if there is anything. */
  readonly resume: (workspaceId: string, name: string) => void;
  /** The same for every repository: what a process that ended has left. */
  readonly resumeAll: () => Promise<void>;
  /** Ends waiting. What is not done stays noted, for another replica or the next start. */
  readonly stop: () => void;
}

/** Waits between looks at a repository that another synchronisation holds, doubled each time, and after a failure. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;
/** Synchronisations that may fail one after the other, each with a newer push to answer. */
const mostFailures = 5;

/**
 * Makes the runner of a process. A push event leaves a token in the repository's setting, and a synchronisation takes away the
 * one that it found when it began; so one that comes during a synchronisation, of this replica or another, is answered by
 * a further one, however many came.
 *
 *   push ─► note token ─► loop, one per repository and process:
 *             no token ─────────────────────────► end
 *             token ─► lease free ─► synchronise ─► look again
 *                   └► lease held ─► wait ────────► look again   (its holder may have ended without looking)
 */
export function createSyncRunner({ settings, log, clock, sync }: SyncRunnerPorts): SyncRunner {
  const stopped = new AbortController();
  /** Repositories at work, and whether somebody asked to look again since the loop began its round. */
  const lookAgain = new Map<string, boolean>();

  const isRequested = async (workspaceId: string, name: string): Promise<boolean> =>
    (await settings.get(workspaceId, "repository", name))?.value.requested !== undefined;

  async function answerRequests(workspaceId: string, name: string): Promise<void> {
    let waitMs = firstWaitMs;
    let failures = 0;
    while (!stopped.signal.aborted && failures < mostFailures && (await isRequested(workspaceId, name))) {
      try {
        if ((await sync(workspaceId, name)) !== undefined) {
          waitMs = firstWaitMs;
          failures = 0;
          continue;
        }
      } catch (error) {
        failures += 1;
        log.warn({ err: error, repository: name }, "a pushed repository could not be synchronised");
      }
      await clock.sleep(waitMs, stopped.signal);
      waitMs = Math.min(2 * waitMs, longestWaitMs);
    }
  }

  async function work(key: string, workspaceId: string, name: string): Promise<void> {
    try {
      do {
        lookAgain.set(key, false);
        await answerRequests(workspaceId, name);
      } while (lookAgain.get(key));
    } catch (error) {
      if (!stopped.signal.aborted) {
        log.warn({ err: error, repository: name }, "pushed repositories could not be looked up");
      }
    } finally {
      lookAgain.delete(key);
    }
  }

  function resume(workspaceId: string, name: string): void {
    const key = `${workspaceId}/${name}`;
    if (lookAgain.has(key)) lookAgain.set(key, true);
    else void work(key, workspaceId, name);
  }

  return {
    async request(workspaceId, name) {
      if (!(await requestSync(settings, workspaceId, name))) return false;
      resume(workspaceId, name);
      return true;
    },
    resume,
    async resumeAll() {
      const records = await settings.listEverywhere("repository");
      for (const { workspaceId, name, value } of records) if (value.requested !== undefined) resume(workspaceId, name);
    },
    stop: () => stopped.abort(),
  };
}
