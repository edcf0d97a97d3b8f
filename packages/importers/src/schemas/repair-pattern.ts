/**
 * Makes a regular expression of another dialect readable by ECMAScript with the `u` flag, which JSON Schema asks for.
 * Returns undefined if that cannot be done without changing what it matches.
 */
export function repairPattern(source: string): string | undefined {
  for (const candidate of [source, plainEscapes(source), plainEscapes(ecmaDialect(source))]) {
    if (isPattern(candidate)) return candidate;
  }
  return undefined;
}

/** Says whether a pattern compiles with the `u` flag. */
export function isPattern(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}

/** Anchors, POSIX-like classes and delimiters of other dialects, in ECMAScript's words. */
function ecmaDialect(source: string): string {
  const delimited = /^\/(.*)\/$/s.exec(source);
  return (delimited?.[1] ?? source)
    .replaceAll("\\A", "^")
    .replaceAll(/\\[zZ]/g, "$")
    .replaceAll("\\h", "[0-9a-fA-F]")
    .replaceAll("(?P<", "(?<")
    .replaceAll("[[:alnum:]]", "[A-Za-z0-9]")
    .replaceAll("[[:alpha:]]", "[A-Za-z]")
    .replaceAll("[[:digit:]]", "[0-9]")
    .replaceAll(/\\p\{(Alnum|Alpha|Digit|Upper|Lower|Punct|Space)\}/g, (_, name: string) => posix[name] ?? "");
}

const posix: Record<string, string> = {
  Alnum: "A-Za-z0-9",
  Alpha: "A-Za-z",
  Digit: "0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Space: "\\s",
};

/** Drops needless escapes and escapes lone braces and hyphens beside classes, which the `u` flag refuses. */
function plainEscapes(source: string): string {
  let result = "";
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const character = source[index] as string;
    const next = source[index + 1];
    if (character === "\\" && next !== undefined) {
      index++;
      if (/[\w^$\\.*+?()[\]{}|/]/.test(next) || (inClass && next === "-")) result += character + next;
      else result += next;
      continue;
    }
    if (!inClass && character === "[") inClass = true;
    else if (inClass && character === "]") inClass = false;
    else if (inClass && character === "[") {
      result += "\\[";
      continue;
    } else if (inClass && character === "-" && isClassHyphen(source, index)) {
      result += "\\-";
      continue;
    } else if (!inClass && (character === "{" || character === "}") && !isQuantifierBrace(source, index)) {
      result += `\\${character}`;
      continue;
    }
    result += character;
  }
  return result;
}

/** A hyphen between a class escape (`\w-.`) and something, or before one, stands for itself. */
const isClassHyphen = (source: string, index: number): boolean =>
  /\\[wdsWDS]$/.test(source.slice(0, index)) || /^-\\[wdsWDS]/.test(source.slice(index));

const isQuantifierBrace = (source: string, index: number): boolean => {
  if (source[index] === "{")
    return /^\{\d+(,\d*)?\}/.test(source.slice(index)) || /\\[pPu]$/.test(source.slice(0, index));
  return /\{\d+(,\d*)?$/.test(source.slice(0, index)) || /\\[pPu]\{[^}]*$/.test(source.slice(0, index));
};
