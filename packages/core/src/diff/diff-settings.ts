import type { ErrorRule } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";
import { isEqual, type Report } from "./change.ts";

type Members = Readonly<Record<string, unknown>>;

/** Members that are words and pictures wherever they stand. */
const WORDS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "icon",
  "color",
  "keywords",
  "links",
  "deprecated",
  "cases",
  "$schema",
]);

/** Reports members that came, went or changed: words as cosmetic, everything else as behavioural. `handled` ones are skipped. */
export const diffMembers = (
  before: object,
  after: object,
  pointer: string,
  handled: ReadonlySet<string>,
  report: Report,
): void => {
  const [old, now] = [before as Members, after as Members];
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (handled.has(name) || isEqual(old[name], now[name])) continue;
    const cosmetic = WORDS.has(name) || name.startsWith("x-");
    const what = old[name] === undefined ? "was added" : now[name] === undefined ? "was removed" : "changed";
    report(cosmetic ? "cosmetic" : "behavioural", extendPointer(pointer, name), `${name} ${what}`);
  }
};

/** Reports what happened to a map of named parts; gives each pair that is in both versions to `compare`. */
export const diffNamed = <Part>(
  before: Readonly<Record<string, Part>>,
  after: Readonly<Record<string, Part>>,
  pointer: string,
  what: string,
  report: Report,
  compare: (old: Part, now: Part, pointer: string) => void,
): void => {
  for (const [name, part] of Object.entries(before)) {
    const at = extendPointer(pointer, name);
    const now = Object.hasOwn(after, name) ? after[name] : undefined;
    if (now === undefined) report("breaking", at, `${what} ${JSON.stringify(name)} was removed`);
    else compare(part, now, at);
  }
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name))
      report("additive", extendPointer(pointer, name), `${what} ${JSON.stringify(name)} is new`);
  }
};

/** Reports error codes that callers can no longer rely on or may meet newly, and rules that changed otherwise. */
export const diffErrors = (
  before: readonly ErrorRule[],
  after: readonly ErrorRule[],
  pointer: string,
  report: Report,
): void => {
  const codes = (rules: readonly ErrorRule[]): ReadonlySet<string> =>
    new Set(rules.flatMap(({ code }) => (code === undefined ? [] : [code])));
  const [old, now] = [codes(before), codes(after)];
  for (const code of old) if (!now.has(code)) report("breaking", pointer, `Error code ${code} was removed`);
  for (const code of now) if (!old.has(code)) report("additive", pointer, `Error code ${code} is new`);
  const kept = (rules: readonly ErrorRule[]): readonly object[] =>
    rules
      .filter(({ code }) => code === undefined || (old.has(code) && now.has(code)))
      .map(({ message: _message, ...rule }) => rule);
  if (!isEqual(kept(before), kept(after))) report("behavioural", pointer, "Error rules changed");
  else if (old.size === now.size && !isEqual(before, after) && [...old].every((code) => now.has(code))) {
    report("cosmetic", pointer, "Messages of errors changed");
  }
};
