import type { Template } from "@junctor/jinja";
import type { Json } from "../ports/records.ts";

/**
 * A compiled template: the parsed form plus what the engine must know before it may render it.
 */
export interface CompiledTemplate {
  readonly kind: "expression" | "text";
  readonly template: Template;
  readonly source: string;
  /** Where it stands in the definition (RFC 6901), for errors. */
  readonly pointer: string;
  /** Whether it reads a secret, a `writeOnly` connection value or a token: then it stays deferred in a plan. */
  readonly secret: boolean;
  readonly uses: TemplateUses;
}

/** A node of a value tree. `literal` holds a whole subtree without templates, folded when the tree was compiled. */
export type ValueNode =
  | { readonly kind: "literal"; readonly value: Json }
  | CompiledTemplate
  | { readonly kind: "list"; readonly items: readonly ValueNode[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly values: readonly ValueNode[] }
  | {
      readonly kind: "each";
      readonly list: ValueNode;
      readonly value: ValueNode;
      readonly key: ValueNode | null;
      readonly when: ValueNode | null;
      readonly as: string;
      /** Whether a template in it reads a secret; its rounds are then kept apart. */
      readonly secret: boolean;
      readonly pointer: string;
    };

/** A compiled tree with what all its templates read. */
export interface CompiledValue {
  readonly node: ValueNode;
  /** Whether any template in it is deferred in a plan. */
  readonly secret: boolean;
  readonly uses: TemplateUses;
}

/** What templates read beyond their scope's plain data; names are literals, so it is known when they are compiled. */
export interface TemplateUses {
  readonly secrets: readonly string[];
  readonly variables: readonly string[];
  /** Variables that need not exist, because the template gives a default: `var('x') | default('y')`. */
  readonly optionalVariables: readonly string[];
  /** Context roots: `input`, `user`, `connection` … */
  readonly roots: readonly string[];
  /** Members of `response` (`status`, `body` …); `*` where it is read as a whole. */
  readonly response: readonly string[];
}

/** Makes a value of one compiled template, or of the literal it turned out to be. */
export function toValue(compiled: string | CompiledTemplate): CompiledValue {
  if (typeof compiled === "string") {
    return Object.freeze({ node: Object.freeze({ kind: "literal", value: compiled }), secret: false, uses: NO_USES });
  }
  return Object.freeze({ node: compiled, secret: compiled.secret, uses: compiled.uses });
}

/** Has a template printed even where it is a single expression: texts of imported templates are what the source prints. */
export const printed = (compiled: string | CompiledTemplate): string | CompiledTemplate =>
  typeof compiled === "string" ? compiled : Object.freeze({ ...compiled, kind: "text" });

/** Reads nothing. Shared, so that it can be told by identity. */
export const NO_USES: TemplateUses = Object.freeze({
  secrets: Object.freeze([]),
  variables: Object.freeze([]),
  optionalVariables: Object.freeze([]),
  roots: Object.freeze([]),
  response: Object.freeze([]),
});
