import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Finds which of some processes holds the local end of a loopback connection, by its port: `/proc/net/tcp` names the socket,
 * `/proc/<pid>/fd` its owner. Linux only; undefined elsewhere and where nobody is found.
 */
export function processOfPort(port: number, candidates: readonly number[]): number | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readLines(table)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(wanted)) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return candidates.find((pid) => holdsSocket(pid, inodes));
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      try {
        return inodes.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").slice(1);
  } catch {
    return [];
  }
}
