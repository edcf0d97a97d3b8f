import type { Obj } from "../json-value.ts";
import { meantExtension } from "../power-platform/repair-extensions.ts";
import { escapeToken } from "../source/json-pointer.ts";
import type { LintProblem } from "./lint-rule.ts";

/** Misspelt extensions of an object, each with its right name as the fix. */
export function* misspelt(object: Obj, place: string): Iterable<LintProblem> {
  for (const name of Object.keys(object)) {
    const meant = meantExtension(name);
    if (meant === undefined) continue;
    const pointer = `${place}/${escapeToken(name)}`;
    yield { pointer, message: `${name} means ${meant}`, fix: { kind: "rename", pointer, to: meant } };
  }
}
