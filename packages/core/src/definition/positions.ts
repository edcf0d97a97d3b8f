import type { Node } from "jsonc-parser";
import { readPointer } from "./json-pointer.ts";

/** A place in a text; both count from 1, columns in UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Finds places of a JSON text by pointer. */
export interface Positions {
  /**
   * Gives where the value at `pointer` begins, or with `"key"` where its member name does. Where the pointer leads nowhere
   * (a missing member), gives the nearest place that exists. Without text: null.
   */
  readonly find: (pointer: string, part?: "value" | "key") => TextPosition | null;
  /**
   * Gives the place of one character of the text value at `pointer`: `offset` counts UTF-16 units of the value, escapes of
   * JSON undone. Null without text.
   */
  readonly findInside: (pointer: string, offset: number) => TextPosition | null;
  /** Turns an offset into the text into a place. */
  readonly at: (offset: number) => TextPosition | null;
}

/** Positions of a document that did not come as text. */
export const noPositions: Positions = Object.freeze({ find: () => null, findInside: () => null, at: () => null });

/** Makes the positions of a parsed text. */
export const createPositions = (text: string, root: Node | undefined): Positions => {
  let starts: readonly number[] | undefined;
  const at = (offset: number): TextPosition => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  const childOf = createChildren();
  const find = (pointer: string, part: "value" | "key" = "value"): TextPosition | null => {
    if (root === undefined) return at(0);
    let node: Node = root;
    let key: Node | undefined;
    for (const segment of readPointer(pointer)) {
      const child = childOf(node, segment);
      if (child === undefined) return at((key ?? node).offset);
      node = child.value;
      key = child.key;
    }
    return at((part === "key" && key !== undefined ? key : node).offset);
  };
  const findInside = (pointer: string, offset: number): TextPosition | null => {
    let node = root;
    for (const segment of readPointer(pointer)) node = node === undefined ? node : childOf(node, segment)?.value;
    if (node?.type !== "string") return find(pointer);
    return at(rawOffset(text, node.offset + 1, offset));
  };
  return { find, findInside, at };
};

/** Walks over the raw text of a JSON string until `count` UTF-16 units of its value are passed. */
const rawOffset = (text: string, start: number, count: number): number => {
  let offset = start;
  for (let passed = 0; passed < count; passed += 1) {
    if (text[offset] !== "\\") offset += 1;
    else offset += text[offset + 1] === "u" ? 6 : 2;
  }
  return offset;
};

interface Child {
  readonly value: Node;
  readonly key: Node | undefined;
}

/** Makes the way from a node to its members. An object is read once, so that a thousand findings in it stay cheap. */
const createChildren = (): ((node: Node, segment: string) => Child | undefined) => {
  const read = new Map<Node, ReadonlyMap<unknown, Child>>();
  return (node, segment) => {
    if (node.type === "array") {
      const value = /^\d+$/.test(segment) ? node.children?.[Number(segment)] : undefined;
      return value === undefined ? undefined : { value, key: undefined };
    }
    if (node.type !== "object") return undefined;
    const members = read.get(node) ?? readMembers(node);
    read.set(node, members);
    return members.get(segment);
  };
};

/** The last of equal keys is the one that counts, as in JSON.parse. */
const readMembers = (node: Node): ReadonlyMap<unknown, Child> =>
  new Map(
    (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [[key.value, { value, key }] as const],
    ),
  );

const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
};
