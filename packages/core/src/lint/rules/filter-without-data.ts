import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Only data is filtered. */
export const filterWithoutData: LintRule = {
  id: "filter-without-data",
  severity: "error",
  summary: "Only data is filtered.",
  why: "A filter takes fields out of JSON. A file, or an answer that is decoded as text, has none, so every call would be refused.",
  incorrect: { "/actions/getBook/response": { decode: "binary", filter: [{ remove: ["/cost"] }] } },
  correct: { "/actions/getBook/response": { filter: [{ remove: ["/cost"] }] } },
  check: ({ definition }) =>
    Object.entries(definition.actions ?? {}).flatMap(([name, action]): LintProblem[] => {
      const { response } = action;
      const { decode = definition.defaults?.response?.decode } = response ?? {};
      const type = typeof decode === "object" ? decode.type : decode;
      const shaped = response?.body !== undefined || response?.text !== undefined;
      if (response?.filter === undefined || !(type === "binary" || (type === "text" && !shaped))) return [];
      return [
        {
          pointer: extendPointer("/actions", name, "response", "filter"),
          part: "key",
          message: `An answer that is decoded as ${type} has no fields to filter`,
          hint: "Decode it as json, or shape it with response.body",
        },
      ];
    }),
};
