import { createContext, Script } from "node:vm";

/** What a schema validator calls for `pattern`. */
export interface PatternTest {
  test(text: string): boolean;
  /** Names the pattern; no two patterns have the same name. */
  toString(): string;
}

/** Milliseconds that one text may take against one pattern. */
const limitMs = 50;
/** Texts beyond this length are always watched: also a harmless-looking pattern may take the square of the length. */
const watchedLength = 2_000;

/**
 * Makes the test of a pattern that a connector author wrote. A group that is repeated and itself repeats or chooses
 * (`(a|aa)+`, `(a*)*`) can take time that doubles with each character on a backtracking engine, and would hold up every
 * workspace of the process; such a pattern, and any long text, is tried under a time limit. What exceeds it does not match.
 */
export function createPatternTest(pattern: string, flags: string): PatternTest {
  const expression = new RegExp(pattern, flags);
  const risky = isRisky(pattern);
  return {
    // The validator compiler keeps patterns by this text: two patterns of one name would be one.
    toString: () => `/${pattern}/${flags}`,
    test: (text) => (risky || text.length > watchedLength ? testWatched(expression, text) : expression.test(text)),
  };
}

/** A repeated group that holds a repetition or a choice, or a back reference. */
function isRisky(pattern: string): boolean {
  const plain = pattern.replace(/\\[^1-9k]/g, "").replace(/\[(?:[^\]\\]|\\.)*\]/g, "x");
  if (/\\[1-9k]/.test(plain)) return true;
  const open: boolean[] = [];
  for (let index = 0; index < plain.length; index += 1) {
    const char = plain[index] as string;
    if (char === "(") open.push(false);
    else if (char === ")") {
      const inner = open.pop() === true;
      const repeated = /^(?:[*+]|\{\d*,)/.test(plain.slice(index + 1, index + 8));
      if (inner && repeated) return true;
      // What repeats inside a group repeats inside the groups around it.
      if ((inner || repeated) && open.length > 0) open[open.length - 1] = true;
    } else if ("*+|{".includes(char) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

const script = new Script("expression.test(text)");

function testWatched(expression: RegExp, text: string): boolean {
  try {
    return script.runInContext(createContext({ expression, text }), { timeout: limitMs }) === true;
  } catch {
    return false;
  }
}
