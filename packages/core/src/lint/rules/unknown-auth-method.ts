import { authMethodId } from "@junctor/sdk";
import { extendPointer } from "../../definition/json-pointer.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Auth methods that are named exist, and none has the identity of another. */
export const unknownAuthMethod: LintRule = {
  id: "unknown-auth-method",
  severity: "error",
  summary: "Auth methods that are named exist, and none has the identity of another.",
  why: "request.auth names a method by its id (its name, or its type). Two methods of one identity could not be told apart on a connection.",
  incorrect: { "/actions/getBook/request/auth": "appToken" },
  correct: { "/actions/getBook/request/auth": "bearer" },
  check: ({ definition, requests }) => {
    const methods = definition.connection?.auth ?? [];
    const ids = methods.map(authMethodId);
    const unknown = requests.flatMap(({ pointer, request: { auth } }): LintProblem[] =>
      typeof auth !== "string" || ids.includes(auth)
        ? []
        : [
            {
              pointer: `${pointer}/auth`,
              message: `There is no auth method ${JSON.stringify(auth)}`,
              hint: `${didYouMean(auth, ids)}Known methods: ${ids.join(", ") || "none"}`,
            },
          ],
    );
    const doubled = ids.flatMap((id, index): LintProblem[] =>
      ids.indexOf(id) === index
        ? []
        : [
            {
              pointer: extendPointer("/connection/auth", index),
              message: `Two auth methods are called ${JSON.stringify(id)}`,
              hint: "Give each an id of its own",
            },
          ],
    );
    return [...unknown, ...doubled];
  },
};
