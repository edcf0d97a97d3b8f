/** Splits a shell command into words as a POSIX shell does: quotes, `$'…'`, backslashes, continued lines. Nothing is expanded. */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let current = "";
  let isOpen = false;
  let index = 0;
  const take = (until: string, onEscape: (next: string) => string): void => {
    for (; index < text.length && text[index] !== until; index++) {
      if (text[index] === "\\" && until === '"') current += onEscape(text[++index] ?? "");
      else if (text[index] === "\\" && until === "ansi") break;
      else current += text[index];
    }
  };
  for (; index < text.length; index++) {
    const character = text[index] as string;
    if (/\s/.test(character)) {
      if (isOpen) words.push(current);
      isOpen = false;
      if (
        character === "\n" &&
        words.length > 1 &&
        words[0]?.startsWith("curl") &&
        text.slice(0, index).at(-1) !== "\\"
      )
        break;
      current = "";
      continue;
    }
    isOpen = true;
    if (character === "'") {
      index++;
      take("'", (next) => next);
    } else if (character === '"') {
      index++;
      take('"', (next) => (next === "\n" ? "" : /["\\$`]/.test(next) ? next : `\\${next}`));
    } else if (character === "$" && text[index + 1] === "'")
      index = takeAnsi(text, index + 2, (piece) => {
        current += piece;
      });
    else if (character === "\\") {
      index++;
      if (text[index] === "\r") index++;
      if (text[index] === "\n") isOpen = current !== "";
      else current += text[index] ?? "";
    } else if (character === "^" && /[\r\n]/.test(text[index + 1] ?? "")) {
      index++;
      isOpen = current !== "";
    } else current += character;
  }
  if (isOpen) words.push(current);
  return words;
}

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', "?": "?" };

function takeAnsi(text: string, start: number, add: (piece: string) => void): number {
  let index = start;
  for (; index < text.length && text[index] !== "'"; index++) {
    if (text[index] !== "\\") {
      add(text[index] as string);
      continue;
    }
    const hex = /^(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4}))/i.exec(text.slice(index + 1));
    if (hex === null) add(escapes[text[++index] ?? ""] ?? text[index] ?? "");
    else {
      add(String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? "0", 16)));
      index += hex[0].length;
    }
  }
  return index;
}
