import { extendPointer } from "../../definition/json-pointer.ts";
import { listStepLists } from "../list-step-lists.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Step ids differ. */
export const duplicateStep: LintRule = {
  id: "duplicate-step",
  severity: "error",
  summary: "Step ids differ.",
  why: "Later templates read a step by its id; of two equal ones only the last could be read.",
  incorrect: {
    "/actions/both": {
      title: "Both",
      description: "Two requests.",
      output: { type: "object" },
      steps: [
        { id: "book", request: { path: "/books/1" } },
        { id: "book", request: { path: "/books/2" } },
      ],
    },
  },
  correct: {
    "/actions/both": {
      title: "Both",
      description: "Two requests.",
      output: { type: "object" },
      steps: [
        { id: "first", request: { path: "/books/1" } },
        { id: "second", request: { path: "/books/2" } },
      ],
    },
  },
  check: ({ definition }) =>
    listStepLists(definition).flatMap(({ pointer, steps }) => {
      const ids = steps.map(({ id }) => id);
      return ids.flatMap((id, index): LintProblem[] =>
        ids.indexOf(id) === index
          ? []
          : [
              {
                pointer: extendPointer(pointer, index, "id"),
                message: `The id ${JSON.stringify(id)} is taken by an earlier step`,
                hint: "Give the step another id",
              },
            ],
      );
    }),
};
