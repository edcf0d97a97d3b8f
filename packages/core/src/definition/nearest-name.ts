import { distance } from "fastest-levenshtein";

/**
 * Finds the known name that somebody most likely meant, or undefined when none is near: at most a third of the letters may
 * differ (a swapped pair counts as two), case and the marks `-` and `_` apart.
 */
export const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  const plain = simplify(name);
  let best: string | undefined;
  let bestDistance = Math.ceil(plain.length / 3) + 1;
  for (const candidate of known) {
    const away = distance(plain, simplify(candidate));
    if (away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
};

const simplify = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");
