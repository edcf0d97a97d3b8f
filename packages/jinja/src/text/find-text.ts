import type { Runtime } from "../runtime/runtime.ts";

/**
 * Longest part that the engine's own search looks for. It takes text times part in the worst case (`"aaab…"` in `"aaaa…"`), which a
 * template can make on purpose; longer parts are found in linear time (Knuth, Morris and Pratt, "Fast pattern matching in strings").
 */
const SHORT_PART = 16;

/** Finds a part of a text from `from` on; -1 when there is none. The caller charges for the text. */
export function findText(rt: Runtime, text: string, part: string, from = 0): number {
  if (part.length <= SHORT_PART) return text.indexOf(part, from);
  const end = scan(rt, text, part, from, 1);
  return end === -1 ? -1 : end - part.length + 1;
}

/** Finds the last place of a part that ends before `end`; -1 when there is none. The caller charges for the text. */
export function findLastText(rt: Runtime, text: string, part: string, end = text.length): number {
  if (part.length > end) return -1;
  if (part.length <= SHORT_PART) return text.lastIndexOf(part, end - part.length);
  return scan(rt, text, part, end - 1, -1);
}

/** Goes over a text in one direction and gives the offset where the first match is complete. */
function scan(rt: Runtime, text: string, part: string, start: number, step: 1 | -1): number {
  const size = part.length;
  const first = step === 1 ? 0 : size - 1;
  const fallbacks = listFallbacks(rt, part, first, step);
  let matched = 0;
  for (let offset = start; offset >= 0 && offset < text.length; offset += step) {
    const code = text.charCodeAt(offset);
    while (matched > 0 && code !== part.charCodeAt(first + matched * step)) matched = fallbacks[matched - 1] as number;
    if (code === part.charCodeAt(first + matched * step)) matched++;
    if (matched === size) return offset;
  }
  return -1;
}

/** Tells for each length that matched how much of it still matches when the next character does not. */
function listFallbacks(rt: Runtime, part: string, first: number, step: 1 | -1): Int32Array {
  rt.allocate(part.length * 4);
  rt.spend(part.length >> 3);
  const fallbacks = new Int32Array(part.length);
  let matched = 0;
  for (let index = 1; index < part.length; index++) {
    const code = part.charCodeAt(first + index * step);
    while (matched > 0 && code !== part.charCodeAt(first + matched * step)) matched = fallbacks[matched - 1] as number;
    if (code === part.charCodeAt(first + matched * step)) matched++;
    fallbacks[index] = matched;
  }
  return fallbacks;
}
