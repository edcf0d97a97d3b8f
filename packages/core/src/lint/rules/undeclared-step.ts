import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A template reads only steps that ran before it. */
export const undeclaredStep: LintRule = {
  id: "undeclared-step",
  severity: "error",
  summary: "A template reads only steps that ran before it.",
  why: "Steps run in order, those of one group at the same time. A step that is not there, comes later, or runs beside the one that reads it is never there to be read.",
  incorrect: {
    "/actions/both": {
      title: "Both",
      description: "Looks up a book, then its author.",
      output: { type: "object" },
      steps: [
        { id: "book", request: { path: "/books/1" } },
        { id: "author", request: { path: "/authors/{{ steps.boook.body.author }}" } },
      ],
    },
  },
  correct: {
    "/actions/both": {
      title: "Both",
      description: "Looks up a book, then its author.",
      output: { type: "object" },
      steps: [
        { id: "book", request: { path: "/books/1" } },
        { id: "author", request: { path: "/authors/{{ steps.book.body.author }}" } },
      ],
    },
  },
  check: ({ templates }) =>
    templates.flatMap(({ pointer, analysis, steps, beside }) =>
      analysis.reads.flatMap(({ root, path, line, column }): LintProblem[] => {
        const id = path[0];
        if (root !== "steps" || steps === null || typeof id !== "string" || steps.has(id)) return [];
        return [
          {
            pointer,
            inside: { line, column },
            message:
              beside?.has(id) === true
                ? `The step ${JSON.stringify(id)} runs at the same time`
                : `No step ${JSON.stringify(id)} has run here`,
            hint:
              beside?.has(id) === true
                ? "Take this step out of the group, or give it a later one"
                : `${didYouMean(id, steps)}${steps.size === 0 ? "This is the first step" : `Before this place: ${[...steps].join(", ")}`}`,
          },
        ];
      }),
    ),
};
