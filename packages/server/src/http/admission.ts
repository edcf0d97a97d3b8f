import { ConnectorError } from "@junctor/core";

/** Counts what is in progress and refuses what would be too much. */
export interface Admission {
  /** Admits one request of any kind; throws OVERLOADED. */
  enterServer(): void;
  leaveServer(): void;
  /** Admits one call of a workspace; throws TOO_MANY_REQUESTS. */
  enterWorkspace(workspaceId: string): void;
  leaveWorkspace(workspaceId: string): void;
  /** Requests in progress. */
  readonly running: number;
}

/** Limits of {@link createAdmission}. */
export interface AdmissionLimits {
  readonly concurrency: number;
  readonly workspaceConcurrency: number;
}

/** Makes the counters of one server process. */
export function createAdmission({ concurrency, workspaceConcurrency }: AdmissionLimits): Admission {
  const workspaces = new Map<string, number>();
  let running = 0;
  return {
    get running() {
      return running;
    },
    enterServer() {
      if (running >= concurrency) {
        throw new ConnectorError("OVERLOADED", `The server has ${concurrency} requests in progress already.`, {
          retryAfter: 1,
          hint: "Repeat in a second, or let the operator add a replica.",
        });
      }
      running += 1;
    },
    leaveServer() {
      running -= 1;
    },
    enterWorkspace(workspaceId) {
      const inProgress = workspaces.get(workspaceId) ?? 0;
      if (inProgress >= workspaceConcurrency) {
        throw new ConnectorError("TOO_MANY_REQUESTS", `The workspace has ${inProgress} calls in progress already.`, {
          retryAfter: 1,
          hint: "Repeat in a second, or send fewer calls at once.",
        });
      }
      workspaces.set(workspaceId, inProgress + 1);
    },
    leaveWorkspace(workspaceId) {
      const inProgress = workspaces.get(workspaceId) ?? 0;
      if (inProgress <= 1) workspaces.delete(workspaceId);
      else workspaces.set(workspaceId, inProgress - 1);
    },
  };
}
