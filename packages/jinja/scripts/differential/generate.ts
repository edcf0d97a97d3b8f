import { CONTEXT } from "./context.ts";
import { generateExpression } from "./expressions.ts";
import { Random } from "./random.ts";
import { generateBody } from "./statements.ts";

/** Is one template with its settings, as the oracle reads it. */
export interface Case {
  readonly template: string;
  readonly context: unknown;
  readonly autoescape: boolean;
  readonly undefined: "lenient" | "strict" | "chainable";
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
}

/** Generates the case of one seed. */
export function generateCase(seed: number): Case {
  const random = new Random(seed);
  const autoescape = random.chance(0.2);
  const mode = random.chance(0.8) ? "lenient" : random.pick(["strict", "chainable"] as const);
  const template = random.chance(0.55) ? `{{ ${generateExpression(random, 3)} }}` : generateBody(random, 3);
  const whitespace = random.chance(0.15);
  return {
    template: random.chance(0.02) ? damage(random, template) : template,
    context: CONTEXT,
    autoescape,
    undefined: mode,
    trimBlocks: whitespace && random.chance(0.7),
    lstripBlocks: whitespace && random.chance(0.7),
  };
}

/** Removes or doubles a few characters, for errors of syntax. */
function damage(random: Random, template: string): string {
  const at = random.below(template.length);
  const length = 1 + random.below(3);
  return random.chance(0.5)
    ? template.slice(0, at) + template.slice(at + length)
    : template.slice(0, at) + template.slice(at, at + length) + template.slice(at);
}
