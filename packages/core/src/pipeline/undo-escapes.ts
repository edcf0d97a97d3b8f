/** `\u002b`, `\/`, `\"`, `\n` … of JSON; `&#43;`, `&#x2b;` and the five names of XML. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))|&(?:#(x[0-9a-f]{1,8}|[0-9]{1,8})|(amp|apos|gt|lt|quot));/gi;
const CONTROL: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const NAMED: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/** Whether characters of the text may be written in a way of their writer's own. Cheap: nearly every text is asked. */
export const isEscaped = (text: string): boolean =>
  text.includes("\\u") || text.includes("\\/") || (text.includes("&") && /&(?:#|amp;|apos;|gt;|lt;|quot;)/i.test(text));

/** The text with its escapes undone. Not for parsing: it knows both JSON's and XML's, and no structure. */
export const undoEscapes = (text: string): string => text.replace(ESCAPE, undoOne);

function undoOne(written: string, unit?: string, short?: string, point?: string, name?: string): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  if (short !== undefined) return CONTROL[short] ?? short;
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? written;
  const code = Number(`0${point}`);
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}

/** Replaces texts however their characters are escaped; what stands around them stays as it is written. */
export function replaceEscaped(text: string, wanted: readonly string[], replacement: string): string {
  const { plain, offsets } = undoWithOffsets(text);
  let rest = "";
  let kept = 0;
  for (let at = 0; at < plain.length; ) {
    const found = findFirst(plain, wanted, at);
    if (found === null) break;
    rest += text.slice(kept, offsets[found.start]) + replacement;
    kept = offsets[found.end] as number;
    at = found.end;
  }
  return rest + text.slice(kept);
}

/** The leftmost of the texts; of several that begin there, the longest. */
function findFirst(text: string, wanted: readonly string[], from: number) {
  let start = -1;
  let end = -1;
  for (const one of wanted) {
    const index = text.indexOf(one, from);
    if (index < 0 || (start >= 0 && index > start)) continue;
    end = index === start ? Math.max(end, index + one.length) : index + one.length;
    start = index;
  }
  return start < 0 ? null : { start, end };
}

/** Undoes the escapes and tells where each character, and the end, stood. */
function undoWithOffsets(text: string): { readonly plain: string; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let plain = "";
  let done = 0;
  const take = (until: number): void => {
    for (let index = done; index < until; index++) offsets.push(index);
    plain += text.slice(done, until);
  };
  for (const match of text.matchAll(ESCAPE)) {
    take(match.index);
    const undone = undoOne(match[0], match[1], match[2], match[3], match[4]);
    for (let unit = 0; unit < undone.length; unit++) offsets.push(match.index);
    plain += undone;
    done = match.index + match[0].length;
  }
  take(text.length);
  offsets.push(text.length);
  return { plain, offsets };
}
