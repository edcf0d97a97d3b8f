import type { FilterRule } from "@junctor/sdk";
import { readPointer } from "../definition/json-pointer.ts";
import type { CompiledValue, TemplateUses } from "../templates/compiled-value.ts";
import { extendPlace, type Place } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";

/** A rule of `response.filter`, compiled. */
export interface CompiledFilterRule {
  /** Way from the output to its records; `*` is every element or member. Empty: the output itself. */
  readonly at: readonly string[];
  /** The rule holds for records where this does; null: for all. */
  readonly when: CompiledValue | null;
  /** Only records for which this holds stay; null: all. */
  readonly keep: CompiledValue | null;
  /** Records for which this holds leave; null: none. */
  readonly drop: CompiledValue | null;
  /** Ways from a record to what leaves. */
  readonly remove: readonly (readonly string[])[];
  /** What of a record stays; null: everything. */
  readonly only: FieldTree | null;
}

/** Paths as a tree; a path that ends keeps all below it. */
export interface FieldTree {
  readonly ends: boolean;
  readonly members: ReadonlyMap<string, FieldTree>;
}

/** Compiles `response.filter`; null where there is none. Its templates see the place's roots, and `item` and `index`. */
export function compileFilter(
  templates: TemplateCompiler,
  rules: readonly FilterRule[] | undefined,
  place: Place,
  pointer: string,
): readonly CompiledFilterRule[] | null {
  if (rules === undefined || rules.length === 0) return null;
  const inner = extendPlace(place, ["item", "index"]);
  const compiled = rules.map((rule, index) => {
    const value = (key: "when" | "keep" | "drop"): CompiledValue | null =>
      rule[key] === undefined ? null : templates.tree(rule[key], inner, `${pointer}/${index}/${key}`);
    return Object.freeze({
      at: readPointer(rule.at ?? ""),
      when: value("when"),
      keep: value("keep"),
      drop: value("drop"),
      remove: (rule.remove ?? []).map(readPointer),
      only: rule.only === undefined ? null : growTree(rule.only.map(readPointer)),
    });
  });
  return Object.freeze(compiled);
}

interface Growing {
  ends: boolean;
  members: Map<string, Growing>;
}

function growTree(paths: readonly (readonly string[])[]): FieldTree {
  const root: Growing = { ends: false, members: new Map() };
  for (const path of paths) {
    let node = root;
    for (const segment of path) {
      let next = node.members.get(segment);
      if (next === undefined) {
        next = { ends: false, members: new Map() };
        node.members.set(segment, next);
      }
      node = next;
    }
    node.ends = true;
  }
  return root;
}

/** Everything that the templates of a filter read. */
export const filterUses = (rules: readonly CompiledFilterRule[] | null): readonly TemplateUses[] =>
  (rules ?? []).flatMap(({ when, keep, drop }) =>
    [when, keep, drop].flatMap((value) => (value === null ? [] : [value.uses])),
  );
