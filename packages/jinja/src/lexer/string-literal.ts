const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Lengths of the numeric escapes. */
const HEX_ESCAPES: Readonly<Record<string, { readonly length: number; readonly shown: string }>> = {
  x: { length: 2, shown: "\\xXX" },
  u: { length: 4, shown: "\\uXXXX" },
  U: { length: 8, shown: "\\UXXXXXXXX" },
};

/** Resolves the escapes of a string literal like Python's `unicode-escape`. Throws an `Error` with Python's reason. */
export function unescapeLiteral(body: string): string {
  let result = "";
  let from = 0;
  for (let index = body.indexOf("\\"); index !== -1; index = body.indexOf("\\", from)) {
    result += body.slice(from, index);
    const resolved = readEscape(body, index + 1);
    result += resolved.text;
    from = resolved.next;
  }
  return result + body.slice(from);
}

function readEscape(body: string, index: number): { readonly text: string; readonly next: number } {
  const code = body.codePointAt(index);
  if (code === undefined) throw new Error("\\ at end of string");
  const character = String.fromCodePoint(code);
  const simple = SIMPLE_ESCAPES[character];
  if (simple !== undefined) return { text: simple, next: index + 1 };
  const hex = HEX_ESCAPES[character];
  if (hex !== undefined) return readHex(body, index, hex);
  if (character >= "0" && character <= "7") {
    const digits = (/^[0-7]{1,3}/.exec(body.slice(index, index + 3)) as RegExpExecArray)[0];
    return { text: String.fromCharCode(Number.parseInt(digits, 8)), next: index + digits.length };
  }
  if (character === "N") throw new Error("unknown Unicode character name");
  // A backslash before a character beyond ASCII escapes the backslash that Python's own encoding of it begins with.
  if (code > 0x7f) return { text: `\\${encodedBody(code)}`, next: index + character.length };
  return { text: `\\${character}`, next: index + 1 };
}

function readHex(
  body: string,
  index: number,
  hex: { readonly length: number; readonly shown: string },
): { readonly text: string; readonly next: number } {
  const digits = body.slice(index + 1, index + 1 + hex.length);
  if (digits.length < hex.length || !/^[0-9a-fA-F]+$/.test(digits)) throw new Error(`truncated ${hex.shown} escape`);
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw new Error("illegal Unicode character");
  return { text: code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code), next: index + 1 + hex.length };
}

function encodedBody(code: number): string {
  const hex = code.toString(16);
  if (code <= 0xff) return `x${hex}`;
  return code <= 0xffff ? `u${hex.padStart(4, "0")}` : `U${hex.padStart(8, "0")}`;
}
