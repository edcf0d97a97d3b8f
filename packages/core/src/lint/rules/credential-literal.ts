import { looksLikeCredential } from "../looks-like-credential.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** No credential is written into a definition. */
export const credentialLiteral: LintRule = {
  id: "credential-literal",
  severity: "error",
  summary: "No credential is written into a definition.",
  why: "Definitions are stored in plain text, exported and shared. A credential belongs into a connection parameter with writeOnly, or into a secret of the workspace.",
  incorrect: { "/connection/auth/0/token": "ghp_0123456789abcdefghijABCDEFGHIJ012345" },
  correct: { "/connection/auth/0/token": "{{ connection.token }}" },
  check: ({ strings }) =>
    strings.flatMap((site): LintProblem[] => {
      const found = looksLikeCredential(site);
      return found === undefined
        ? []
        : [
            {
              pointer: site.pointer,
              message: `${found} is written here in plain text`,
              hint: "Use {{ secret('name') }} or a connection parameter with writeOnly, and revoke the one that was written",
            },
          ];
    }),
};
