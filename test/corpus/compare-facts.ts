import { extensionPlaces, type Fact, factsOf } from "./facts.ts";

/** A loss as the importer reports it. */
export interface ReportedLoss {
  readonly pointer: string;
  readonly code: string;
}

/** What a comparison of a source and the export of its definition shows. */
export interface Comparison {
  readonly facts: number;
  readonly kept: number;
  /** Missing facts that a reported loss covers. */
  readonly reported: readonly Fact[];
  /** Missing facts that nobody mentions. */
  readonly silent: readonly Fact[];
}

/** Compares the facts of a source with those of the export; `losses` is what the importer says it lost. */
export function compareFacts(source: unknown, exported: unknown, losses: readonly ReportedLoss[]): Comparison {
  const wanted = factsOf(source);
  const found = new Map<string, number>();
  for (const fact of factsOf(exported)) found.set(fact.text, (found.get(fact.text) ?? 0) + 1);
  const missing: Fact[] = [];
  for (const fact of wanted) {
    const left = found.get(fact.text) ?? 0;
    if (left > 0) found.set(fact.text, left - 1);
    else missing.push(fact);
  }
  const after = extensionPlaces(exported);
  const before = extensionPlaces(source);
  for (const [name, places] of before) {
    const left = after.get(name)?.length ?? 0;
    if (left >= places.length) continue;
    // Places that a loss covers are taken off first; the fact stands at one that none does.
    const open = places.filter((pointer) => !isCovered({ pointer, text: "" }, losses));
    const pointer = open.length <= left ? (places.find((place) => !open.includes(place)) ?? "") : (open[0] ?? "");
    missing.push({ pointer, text: `occurrences | ${name} | ${places.length} > ${left}` });
  }
  const reported = missing.filter((fact) => isCovered(fact, losses));
  const silent = missing.filter((fact) => !isCovered(fact, losses));
  const facts = wanted.length + before.size;
  return { facts, kept: facts - missing.length, reported, silent };
}

/** A loss covers a fact that stands at its place, below it, or (parameters) in its operation or in one of its path. */
function isCovered(fact: Fact, losses: readonly ReportedLoss[]): boolean {
  if (fact.pointer === "") return false;
  const places = [fact.pointer, ...(fact.shared ?? [])];
  return losses.some(({ pointer }) => {
    const lost = pointer.replace(/^(\/paths\/[^/]+)\/parameters(\/.*)?$/, "$1");
    return lost !== "" && places.some((place) => isWithin(place, lost) || isWithin(lost, place));
  });
}

const isWithin = (pointer: string, outer: string): boolean => pointer === outer || pointer.startsWith(`${outer}/`);
