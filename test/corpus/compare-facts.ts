import { extensionCounts, type Fact, factsOf } from "./facts.ts";

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
  const after = extensionCounts(exported);
  let extensions = 0;
  for (const [name, count] of extensionCounts(source)) {
    extensions++;
    if ((after.get(name) ?? 0) < count)
      missing.push({ pointer: "", text: `occurrences | ${name} | ${count} > ${after.get(name) ?? 0}` });
  }
  const reported = missing.filter((fact) => isCovered(fact, losses));
  const silent = missing.filter((fact) => !isCovered(fact, losses));
  const facts = wanted.length + extensions;
  return { facts, kept: facts - missing.length, reported, silent };
}

/** A loss covers a fact that stands at its place, below it, or (parameters) in its operation. */
function isCovered(fact: Fact, losses: readonly ReportedLoss[]): boolean {
  if (fact.pointer === "") return false;
  return losses.some(
    ({ pointer }) => pointer !== "" && (fact.pointer.startsWith(pointer) || pointer.startsWith(fact.pointer)),
  );
}
