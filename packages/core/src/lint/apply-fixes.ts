import { applyEdits, type Edit, findNodeAtLocation, modify, type Node, parseTree } from "jsonc-parser";
import type { Finding, PatchOperation } from "../definition/finding.ts";
import { readPointer } from "../definition/json-pointer.ts";

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/**
 * Applies the fixes that findings offer to the text they were found in, keeping everything else of it as it is: order, blanks,
 * line ends. Fixes whose place an earlier fix has changed are left out; check again for them.
 */
export const applyFixes = (
  text: string,
  findings: readonly Finding[],
): { readonly text: string; readonly applied: number } => {
  let current = text;
  let applied = 0;
  const touched: string[] = [];
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    const places = fix.patch.map(({ path }) => path);
    if (places.some((place) => touched.some((other) => place.startsWith(other) || other.startsWith(place)))) continue;
    const next = fix.patch.reduce((changed, operation) => applyOperation(changed, operation), current);
    if (next === current) continue;
    current = next;
    applied += 1;
    touched.push(...places);
  }
  return { text: current, applied };
};

const applyOperation = (text: string, operation: PatchOperation): string => {
  const root = parseTree(text);
  if (root === undefined) return text;
  if (operation.op === "move") return renameMember(text, root, operation.from, operation.path);
  const path = pathOf(root, operation.path);
  return applyEdits(text, modify(text, path, operation.op === "remove" ? undefined : operation.value, FORMAT));
};

/** A pointer's segments with indexes as numbers, as the document has lists or objects there. */
const pathOf = (root: Node, pointer: string): (string | number)[] => {
  const path: (string | number)[] = [];
  for (const segment of readPointer(pointer)) {
    const isList = findNodeAtLocation(root, path)?.type === "array";
    path.push(isList ? Number(segment) : segment);
  }
  return path;
};

/** Writes another name over a member's name, so that it keeps its place. Only within one object. */
const renameMember = (text: string, root: Node, from: string, to: string): string => {
  const target = readPointer(to).at(-1) ?? "";
  const key = findNodeAtLocation(root, pathOf(root, from))?.parent?.children?.[0];
  const taken = findNodeAtLocation(root, pathOf(root, to)) !== undefined;
  const sameObject = from.slice(0, from.lastIndexOf("/")) === to.slice(0, to.lastIndexOf("/"));
  if (key === undefined || taken || !sameObject) return text;
  const edit: Edit = { offset: key.offset, length: key.length, content: JSON.stringify(target) };
  return applyEdits(text, [edit]);
};
