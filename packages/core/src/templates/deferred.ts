import type { CompiledTemplate } from "./compiled-value.ts";

/**
 * A template that reads a secret, held back until the attempt: the template plus what it captured. Holds no secret, so it
 * may stand in a plan, in a cache key (by `inputs`) and, masked, in a dry run.
 */
export class Deferred {
  readonly kind = "deferred";
  readonly template: CompiledTemplate;
  /** Context roots bound where it stands (`item`, `index` of an `$each`); null outside of one. */
  readonly locals: Readonly<Record<string, unknown>> | null;

  constructor(template: CompiledTemplate, locals: Readonly<Record<string, unknown>> | null) {
    this.template = template;
    this.locals = locals;
  }
}

/** What a dry run shows in place of a deferred value. */
export const MASK = "••••••";
