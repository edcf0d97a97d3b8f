const interned = new Map<string, string>();
const KEPT_NAMES = 10_000;
/** Longest text that is kept; names of members are shorter. */
const LONGEST_NAME = 40;

/**
 * Gives the same text as the engine's one copy of it, if it may be the name of a member. Names cut out of a source are fresh strings, which V8 hashes and looks up
 * again at every property access; a text that was a property name once is not (bench/templates).
 */
export function internName(name: string): string {
  if (name.length > LONGEST_NAME) return name;
  const known = interned.get(name);
  if (known !== undefined) return known;
  const [copy = name] = Object.keys({ [name]: 0 });
  if (interned.size >= KEPT_NAMES) interned.clear();
  interned.set(copy, copy);
  return copy;
}
