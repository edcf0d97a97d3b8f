import type { LintProblem, LintRule } from "../rule.ts";

const SECRET_PARAMETER = /(pass(word|phrase)?|secret|token|api_?key|private_?key|secret_?access_?key|credential)s?$/i;

/** Inputs called token are often cursors or ids, so fewer names count. */
const SECRET_INPUT = /(password|passphrase|secret|private_?key)$/i;

/** Parameters that look like secrets are marked writeOnly. */
export const secretNotWriteOnly: LintRule = {
  id: "secret-not-write-only",
  severity: "warning",
  summary: "Parameters that look like secrets are marked writeOnly.",
  why: "writeOnly makes a value encrypted, redacted and never returned. Without it a password is stored and shown like any other value.",
  incorrect: { "/connection/parameters/properties/token": { type: "string" } },
  correct: { "/connection/parameters/properties/token": { type: "string", writeOnly: true } },
  check: ({ schemas }) =>
    schemas
      .filter(({ role, property, schema }) => {
        if (property === null || schema.writeOnly === true || (schema.type !== undefined && schema.type !== "string"))
          return false;
        if (schema.format === "password") return true;
        return role === "parameters"
          ? SECRET_PARAMETER.test(property)
          : role === "input" && SECRET_INPUT.test(property);
      })
      .map(
        ({ pointer, property }): LintProblem => ({
          pointer,
          part: "key",
          message: `${JSON.stringify(property)} looks like a secret, but is stored and shown in plain text`,
          hint: "Add writeOnly: true",
          fix: { title: "Mark it as secret", patch: [{ op: "add", path: `${pointer}/writeOnly`, value: true }] },
        }),
      ),
};
