import { pointer } from "./json-pointer.ts";

/** A member that an object holds more than once. */
export interface RepeatedMember {
  readonly pointer: string;
  readonly line: number;
}

/**
 * Finds members that occur twice in one object of a JSON text: parsers keep the last one and say nothing. The text is
 * known to be JSON; one pass over its characters, no recursion.
 */
export function findRepeatedMembers(text: string): readonly RepeatedMember[] {
  const repeated: RepeatedMember[] = [];
  const stack: { names: Set<string> | undefined; name: string; index: number }[] = [];
  let isName = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = endOfText(text, index);
      const top = stack.at(-1);
      if (isName && top?.names !== undefined) {
        top.name = text.slice(index + 1, end);
        if (top.names.has(top.name))
          repeated.push({
            pointer: stack.reduce((path, level) => pointer(path, plain(level)), ""),
            line: lineAt(text, index),
          });
        top.names.add(top.name);
        isName = false;
      }
      index = end;
    } else if (code === 0x7b) {
      stack.push({ names: new Set(), name: "", index: 0 });
      isName = true;
    } else if (code === 0x5b) {
      stack.push({ names: undefined, name: "", index: 0 });
      isName = false;
    } else if (code === 0x7d || code === 0x5d) stack.pop();
    else if (code === 0x2c) {
      const top = stack.at(-1);
      isName = top?.names !== undefined;
      if (top !== undefined) top.index++;
    }
  }
  return repeated;
}

function plain(level: { names: Set<string> | undefined; name: string; index: number }): string | number {
  if (level.names === undefined) return level.index;
  try {
    return String(JSON.parse(`"${level.name}"`));
  } catch {
    return level.name;
  }
}

function endOfText(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x22) return index;
  }
  return text.length;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/**
 * Closes objects that lack their brace: after a comma inside an object a name must follow, so another object there means that the
 * one before was never closed (a slip of hand editing that would otherwise swallow what comes next).
 */
export function closeObjects(text: string): { readonly text: string; readonly lines: readonly number[] } {
  const lines: number[] = [];
  const kinds: number[] = [];
  let result = "";
  let copied = 0;
  let comma = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = endOfText(text, index);
      comma = -1;
    } else if (code === 0x7b || code === 0x5b) {
      if (code === 0x7b && comma >= 0 && kinds.at(-1) === 0x7b && kinds.at(-2) === 0x5b) {
        result += `${text.slice(copied, comma)}}`;
        copied = comma;
        lines.push(lineAt(text, comma));
        kinds.pop();
      }
      kinds.push(code);
      comma = -1;
    } else if (code === 0x7d || code === 0x5d) {
      kinds.pop();
      comma = -1;
    } else if (code === 0x2c) comma = index;
    else if (code > 0x20) comma = -1;
  }
  return { text: result + text.slice(copied), lines };
}
