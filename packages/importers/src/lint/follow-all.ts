import { isObject } from "../json-value.ts";
import type { LintSource } from "./lint-rule.ts";

/** What the references within a value lead to, one after another, each once. */
export function followAll(source: LintSource, value: unknown): readonly unknown[] {
  const found = new Set<unknown>();
  const stack: unknown[] = [value];
  for (let next = stack.pop(); next !== undefined && found.size < 200; next = stack.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (isObject(next) && typeof next.$ref === "string") {
      const target = source.follow(next);
      if (target !== undefined && !found.has(target)) {
        found.add(target);
        stack.push(target);
      }
    }
    for (const item of Object.values(next)) if (typeof item === "object" && item !== null) stack.push(item);
  }
  return [...found];
}
