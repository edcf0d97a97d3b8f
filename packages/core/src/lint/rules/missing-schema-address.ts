import { SCHEMA_ADDRESS } from "../../definition/normalize-definition.ts";
import type { LintRule } from "../rule.ts";

/** A definition names its format version. */
export const missingSchemaAddress: LintRule = {
  id: "missing-schema-address",
  severity: "info",
  summary: "A definition names its format version.",
  why: "$schema says which version of the format a document follows, and lets editors complete and check it.",
  incorrect: { "/$schema": undefined },
  correct: { "/$schema": "https://junctor.dev/schema/connector/v1.json" },
  check: ({ definition }) =>
    definition.$schema !== undefined
      ? []
      : [
          {
            pointer: "",
            message: "The document does not name its format version",
            hint: `Add "$schema": "${SCHEMA_ADDRESS}"`,
            fix: { title: "Add $schema", patch: [{ op: "add", path: "/$schema", value: SCHEMA_ADDRESS }] },
          },
        ],
};
