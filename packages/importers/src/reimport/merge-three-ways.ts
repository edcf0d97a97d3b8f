import { equalJson, isObject, type Obj, setMember } from "../json-value.ts";
import { pointer } from "../source/json-pointer.ts";

/** One difference between the definition before and after a re-import. */
export interface MergeChange {
  readonly pointer: string;
  /** `source`: the source changed it; `kept`: a hand-made edit that stays; `conflict`: both did, and the edit stays. */
  readonly kind: "source" | "kept" | "conflict";
  readonly before: unknown;
  readonly after: unknown;
  /** What the source wants, in a conflict. */
  readonly wanted?: unknown;
}

/** A merged value and how it came about. */
export interface Merge {
  readonly value: unknown;
  readonly changes: readonly MergeChange[];
}

const absent = Symbol("absent");

/**
 * Merges what the source was and is with what somebody made of it: where only one side changed, its change holds; where both
 * did, the hand-made edit stays and the conflict is told. Objects are merged member by member, lists whole.
 */
export function mergeThreeWays(base: unknown, mine: unknown, theirs: unknown): Merge {
  const changes: MergeChange[] = [];
  const value = merge(base, mine, theirs, "", changes);
  return { value: value === absent ? undefined : value, changes };
}

const plain = (value: unknown): unknown => (value === absent ? undefined : value);

function merge(base: unknown, mine: unknown, theirs: unknown, place: string, changes: MergeChange[]): unknown {
  if (isObject(mine) && isObject(theirs) && (isObject(base) || base === absent))
    return mergeObjects(isObject(base) ? base : {}, mine, theirs, place, changes);
  const isMine = !same(base, mine);
  const isTheirs = !same(base, theirs);
  if (!isTheirs || same(mine, theirs)) {
    if (isMine && !isTheirs) changes.push({ pointer: place, kind: "kept", before: plain(base), after: plain(mine) });
    return mine;
  }
  if (!isMine) {
    changes.push({ pointer: place, kind: "source", before: plain(mine), after: plain(theirs) });
    return theirs;
  }
  changes.push({ pointer: place, kind: "conflict", before: plain(base), after: plain(mine), wanted: plain(theirs) });
  return mine;
}

const same = (a: unknown, b: unknown): boolean => (a === absent || b === absent ? a === b : equalJson(a, b));

function mergeObjects(base: Obj, mine: Obj, theirs: Obj, place: string, changes: MergeChange[]): Obj {
  const result: Obj = {};
  const read = (object: Obj, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : absent);
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])) {
    const value = merge(read(base, name), read(mine, name), read(theirs, name), pointer(place, name), changes);
    if (value !== absent) setMember(result, name, value);
  }
  return result;
}
