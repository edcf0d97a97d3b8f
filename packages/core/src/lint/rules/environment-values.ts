import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Environments give the same values. */
export const environmentValues: LintRule = {
  id: "environment-values",
  severity: "warning",
  summary: "Environments give the same values.",
  why: "A value that one environment gives and another lacks is undefined on connections that choose the latter.",
  incorrect: {
    "/baseUrl": {
      production: { baseUrl: "https://api.books.example", values: { login: "login.books.example" } },
      sandbox: { baseUrl: "https://sandbox.books.example" },
    },
  },
  correct: {
    "/baseUrl": {
      production: { baseUrl: "https://api.books.example", values: { login: "login.books.example" } },
      sandbox: { baseUrl: "https://sandbox.books.example", values: { login: "login.sandbox.books.example" } },
    },
  },
  check: ({ definition: { baseUrl } }) => {
    const environments = typeof baseUrl === "object" ? Object.entries(baseUrl) : [];
    const names = new Set(environments.flatMap(([, { values }]) => Object.keys(values ?? {})));
    return environments.flatMap(([environment, { values }]) =>
      [...names]
        .filter((name) => !Object.hasOwn(values ?? {}, name))
        .map(
          (name): LintProblem => ({
            pointer: extendPointer("/baseUrl", environment),
            message: `Environment ${JSON.stringify(environment)} does not give ${JSON.stringify(name)}, others do`,
            hint: "Add the value, or read it with a default",
          }),
        ),
    );
  },
};
