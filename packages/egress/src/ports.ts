/** Lists port ranges, both ends included. */
export type PortRanges = ReadonlyArray<readonly [number, number]>;

/**
 * Holds ports of services that take commands from whoever connects, or that a text protocol can be smuggled into.
 * They open only by a rule that names host (or range) and port. Source: the Fetch standard's bad ports, and the default ports of
 * databases, queues, container and cluster control planes.
 */
export const DANGEROUS_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531,
  532, 540, 548, 554, 556, 563, 587, 601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2181, 2375,
  2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 4222, 5060, 5061, 5432, 5672, 5900, 5984, 6000, 6379, 6443, 6566,
  6665, 6666, 6667, 6668, 6669, 6679, 6697, 7001, 9042, 9092, 9200, 9300, 10080, 10250, 10255, 11211, 15672, 27017,
  27018, 50000,
]);

/** Reads `"443,8000-8999"`; answers undefined if it isn't a list of ports. */
export function parsePorts(text: string): PortRanges | undefined {
  const ranges: Array<readonly [number, number]> = [];
  for (const part of text.split(",")) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return undefined;
    const low = Number(match[1]);
    const high = Number(match[2] ?? match[1]);
    if (low < 1 || high > 65_535 || low > high) return undefined;
    ranges.push([low, high]);
  }
  return ranges;
}

/** Says whether a port is within one of the ranges. */
export function includesPort(ranges: PortRanges, port: number): boolean {
  for (const [low, high] of ranges) if (port >= low && port <= high) return true;
  return false;
}
