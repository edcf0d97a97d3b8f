/**
 * Finds who reaches whom and back: two names have the same circle exactly if each leads to the other. A name that leads to
 * nobody who leads back has a circle of its own; so a name leads to itself if one of its next names shares its circle.
 * Tarjan's strongly connected components, in time linear to names and edges, without recursion: chains may be long.
 * Names that only edges mention are not looked at.
 */
export const findCircles = (
  names: readonly string[],
  nextOf: (name: string) => readonly string[],
): ReadonlyMap<string, number> => {
  const known = new Set(names);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const circles = new Map<string, number>();
  const open: string[] = [];
  const enter = (name: string): { readonly name: string; readonly next: readonly string[]; at: number } => {
    order.set(name, order.size);
    lowest.set(name, order.size - 1);
    open.push(name);
    return { name, next: nextOf(name).filter((one) => known.has(one)), at: 0 };
  };
  const lower = (name: string, to: number | undefined): void => {
    lowest.set(name, Math.min(lowest.get(name) ?? 0, to ?? Number.POSITIVE_INFINITY));
  };
  const close = (name: string): void => {
    if (lowest.get(name) !== order.get(name)) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      circles.set(member, order.get(name) ?? 0);
      if (member === name) return;
    }
  };
  for (const start of names) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.next[visit.at++];
      if (next === undefined) {
        close(visit.name);
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) lower(parent.name, lowest.get(visit.name));
      } else if (!order.has(next)) path.push(enter(next));
      else if (!circles.has(next)) lower(visit.name, order.get(next));
    }
  }
  return circles;
};
