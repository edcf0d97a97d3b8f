const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
/** Characters that Python escapes in a repr: controls, format characters, surrogates, private use, unassigned, separators. */
const UNPRINTABLE = /^(?:\p{C}|\p{Z})$/u;

/** Writes a text as Python's `repr` does. */
export function reprText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const character of text) body += reprCharacter(character, quote);
  return quote + body + quote;
}

function reprCharacter(character: string, quote: string): string {
  if (character === quote || character === "\\") return `\\${character}`;
  const code = character.codePointAt(0) as number;
  if (code >= 0x20 && code < 0x7f) return character;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return isPrintable(character) ? character : escapeCode(code);
}

/** Tells whether Python prints one character as it is (`str.isprintable`). */
export function isPrintable(character: string): boolean {
  return character === " " || !UNPRINTABLE.test(character);
}

/** Writes one code point as the shortest of Python's numeric escapes. */
export function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** Writes a text as Python's `ascii` does. */
export function asciiText(text: string): string {
  let result = "";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    result += code < 0x80 ? character : escapeCode(code);
  }
  return result;
}
