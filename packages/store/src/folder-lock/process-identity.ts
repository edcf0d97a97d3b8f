import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Names one process for good: a pid alone is given out again, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Where the pid means something: boot and pid namespace on Linux, the host's name elsewhere. */
  readonly place: string;
  /** Start of the process in clock ticks since boot (`/proc/<pid>/stat`, field 22); null where there is no `/proc`. */
  readonly startTime: string | null;
}

/** Identifies the running process. */
export function identifyThisProcess(): ProcessIdentity {
  return { pid: process.pid, place: identifyPlace(), startTime: readStartTime(process.pid) };
}

/**
 * Says whether a process still runs: `unknown` when it lives in another place (another host, boot or container), where
 * its pid says nothing.
 */
export function checkProcess({ pid, place, startTime }: ProcessIdentity): "running" | "ended" | "unknown" {
  if (place !== identifyPlace()) return "unknown";
  if (!isAlive(pid)) return "ended";
  const now = readStartTime(pid);
  return startTime !== null && now !== null && now !== startTime ? "ended" : "running";
}

function identifyPlace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function readStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name (field 2) is in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended: it only waits for its parent to look.
    if (fields[0] === "Z" || fields[0] === "X") return "ended";
    return fields[19] ?? null;
  } catch {
    return null;
  }
}
