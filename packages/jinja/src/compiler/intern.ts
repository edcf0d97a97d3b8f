/**
 * Gives the same text as the engine's one copy of it. Names cut out of a source are fresh strings, which V8 hashes and looks up
 * again at every property access; a text that was a property name once is not (bench/templates).
 */
export function internName(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}
