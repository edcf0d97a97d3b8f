import type { Errors } from "@junctor/sdk";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { type Place, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type { CompiledErrorRule } from "./compiled-connector.ts";

/** One list of rules with the place where it stands, the nearest first. */
export interface ErrorLayer {
  readonly errors: Errors | undefined;
  readonly pointer: string;
}

/** Compiles error rules in the order in which they are tried: nearest first, then outwards. */
export function compileErrors(
  templates: TemplateCompiler,
  layers: readonly ErrorLayer[],
  place: Place = places.errors,
): readonly CompiledErrorRule[] {
  return Object.freeze(
    layers.flatMap(({ errors = [], pointer }) =>
      errors.map((rule, index): CompiledErrorRule => {
        const at = `${pointer}/${index}`;
        const value = (source: string | undefined, key: string): CompiledValue | null =>
          source === undefined ? null : templates.tree(source, place, `${at}/${key}`);
        const when = value(rule.when, "when");
        const message = value(rule.message, "message");
        const after = value(rule.after, "after");
        return Object.freeze({
          when,
          then: rule.then ?? "fail",
          code: rule.code ?? null,
          message,
          after,
          retryable: rule.retryable ?? null,
          readsBody: readsBody(when),
          describesBody: readsBody(message) || readsBody(after),
          pointer: at,
        });
      }),
    ),
  );
}

/** Whether a value reads `response.body` or `response.text`, or `response` in a way that may. */
export function readsBody(value: CompiledValue | null): boolean {
  return value?.uses.response.some((member) => !HEAD_MEMBERS.has(member)) ?? false;
}

const HEAD_MEMBERS: ReadonlySet<string> = new Set(["status", "status_code", "headers", "cookies", "links"]);
