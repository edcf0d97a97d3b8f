import { distance } from "fastest-levenshtein";

/**
 * Finds the known name that somebody most likely meant, or undefined when none is near: at most a third of the letters may
 * differ (a swapped pair counts as two), case and the marks `-` and `_` apart.
 */
export const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  const plain = simplify(name);
  let best: string | undefined;
  let bestDistance = Math.ceil(plain.length / 3) + 1;
  for (const candidate of simplifyAll(known)) {
    // Texts differ by at least as many letters as their lengths do.
    if (Math.abs(candidate.plain.length - plain.length) >= bestDistance) continue;
    const away = distance(plain, candidate.plain);
    if (away < bestDistance) {
      best = candidate.name;
      bestDistance = away;
    }
  }
  return best;
};

interface Candidate {
  readonly name: string;
  readonly plain: string;
}

const simplify = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

const simplifyAll = (known: Iterable<string>): readonly Candidate[] => {
  const before = simplified.get(known);
  if (before !== undefined) return before;
  const candidates = Array.from(known, (name) => ({ name, plain: simplify(name) }));
  if (Array.isArray(known) && candidates.length > 100) simplified.set(known, candidates);
  return candidates;
};

/** Long lists are asked again and again by one rule, and nobody changes them in between. */
const simplified = new WeakMap<Iterable<string>, readonly Candidate[]>();
