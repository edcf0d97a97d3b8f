import { Markup } from "../runtime/host-values.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";

const SPECIAL = /[&<>"']/;
const SPECIALS = /[&<>"']/g;
const REPLACEMENTS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

/** Escapes the five characters that matter in HTML, charging the result. */
export function escapeHtml(rt: Runtime, text: string): string {
  rt.spend(text.length >> 4);
  if (!SPECIAL.test(text)) return text;
  rt.allocate(text.length * 5);
  return text.replace(SPECIALS, (character) => REPLACEMENTS[character] as string);
}

/** Escapes a value unless it is already safe. */
export function escapeValue(rt: Runtime, value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(rt, textOf(rt, value)));
}
