/**
 * The rules of `response.filter`: records and fields that the caller may not have leave the output, whichever way it was
 * made. Rules run in order, each over what the one before left:
 *
 *   output ─► rule: walk `at` ─► record ─► when? ─► keep? drop? ─► remove, only ─► …
 *                                            └─ no: untouched
 *
 * Nothing is changed in place: what was filtered for one caller may be kept for another.
 */
import type { CompiledFilterRule, FieldTree } from "../compile/compile-filter.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { testValue } from "../templates/render-value.ts";
import type { RenderScope } from "../templates/template-host.ts";

const GONE = Symbol("gone");
type Filtered = Json | typeof GONE;

/** Applies the rules to an output; null where the output itself is dropped. */
export function filterRecords(rules: readonly CompiledFilterRule[], value: Json, scope: RenderScope): Json {
  let filtered: Json = value;
  // One context serves all records: a condition is rendered at once and keeps nothing.
  const context: Record<string, unknown> = { ...scope.context };
  const inner: RenderScope = { ...scope, context };
  for (const rule of rules) {
    const outcome = walk(rule, filtered, 0, 0, inner, context);
    if (outcome === GONE) return null;
    filtered = outcome;
  }
  return filtered;
}

function walk(
  rule: CompiledFilterRule,
  value: Json,
  depth: number,
  index: number,
  scope: RenderScope,
  context: Record<string, unknown>,
): Filtered {
  const segment = rule.at[depth];
  if (segment === undefined) return judge(rule, value, index, scope, context);
  return mapMembers(value, segment, (member, at) => walk(rule, member, depth + 1, at, scope, context));
}

/** Replaces the members or elements that a segment names; those that are gone leave. */
function mapMembers(value: Json, segment: string, change: (member: Json, index: number) => Filtered): Json {
  if (Array.isArray(value)) {
    const list: Json[] = [];
    for (const [index, element] of value.entries()) {
      const changed = segment === "*" || segment === String(index) ? change(element, index) : element;
      if (changed !== GONE) list.push(changed);
    }
    return list;
  }
  if (!isPlain(value) || (segment !== "*" && !Object.hasOwn(value, segment))) return value;
  const object: Record<string, Json> = {};
  for (const [index, key] of Object.keys(value).entries()) {
    const member = value[key] as Json;
    const changed = segment === "*" || segment === key ? change(member, index) : member;
    if (changed !== GONE) setMember(object, key, changed);
  }
  return object;
}

function judge(
  { when, keep, drop, remove, only }: CompiledFilterRule,
  record: Json,
  index: number,
  scope: RenderScope,
  context: Record<string, unknown>,
): Filtered {
  if (--scope.budget.rounds < 0) {
    throw new ConnectorError("TEMPLATE_FAILED", "The filter met more records than one call may test.", {
      stage: "filter",
      hint: "Ask the upstream for fewer elements, or page through them.",
    });
  }
  context.item = record;
  context.index = index;
  if (when !== null && !testValue(when, scope)) return record;
  if (keep !== null && !testValue(keep, scope)) return GONE;
  if (drop !== null && testValue(drop, scope)) return GONE;
  const left = remove.reduce((value, path) => removeAt(value, path, 0), record);
  return only === null ? left : pick(left, only);
}

function removeAt(value: Json, path: readonly string[], depth: number): Json {
  const segment = path[depth];
  if (segment === undefined) return value;
  const isLast = depth === path.length - 1;
  return mapMembers(value, segment, (member) => (isLast ? GONE : removeAt(member, path, depth + 1)));
}

/** What the tree names of a value; nothing of a plain value that is not an end. */
function pick(value: Json, tree: FieldTree): Json {
  if (tree.ends) return value;
  const every = tree.members.get("*");
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => {
      const inner = tree.members.get(String(index)) ?? every;
      return inner === undefined ? [] : [pick(element, inner)];
    });
  }
  if (!isPlain(value)) return null;
  const object: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const inner = tree.members.get(key) ?? every;
    if (inner !== undefined) setMember(object, key, pick(value[key] as Json, inner));
  }
  return object;
}

/** An object of data; numbers that are kept in objects for their digits are not. */
const isPlain = (value: Json): value is { readonly [key: string]: Json } => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function setMember(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}
