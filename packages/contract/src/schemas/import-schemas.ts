import { closedObject, list, nullable, optional, ref, type Schema, text } from "./schema.ts";

const count = (description: string): Schema => ({ type: "integer", minimum: 0, description });

/** Formats that can be imported; the importers' own list, held by a test. */
const importFormats = [
  "openapi",
  "swagger",
  "power-platform",
  "postman",
  "har",
  "curl",
  "gainsight",
  "gainsight-registry",
  "camunda-template",
  "json-sample",
];

/** Schemas of imports: a foreign description goes in, a definition and a report on it come out. */
export const importSchemas: Readonly<Record<string, Schema>> = {
  ImportRequest: closedObject({
    files: {
      type: "array",
      minItems: 1,
      maxItems: 2000,
      description: "The document and what it refers to; references are followed among these files only.",
      items: ref("ImportFile"),
    },
    format: optional(text("Format of the document; default: found from the content.", { enum: importFormats })),
    entry: optional(text("Path of the root document; default: the file that looks like one.")),
    name: optional(text("Name of the connector; default: from the source.")),
    title: optional(text("Title of the connector; default: from the source.")),
    version: optional(text("Version of the connector; default: from the source.")),
    select: optional(ref("ImportSelection")),
  }),
  ImportFile: closedObject({
    path: text("Path relative to the others, with forward slashes.", { minLength: 1, maxLength: 1000 }),
    text: optional(text("Content as text. Either this or `base64`.")),
    base64: optional(text("Content of a binary file, in base64.")),
  }),
  ImportSelection: closedObject({
    operations: optional(list(text("Operation id, action name, or `METHOD /path`."))),
    tags: optional(list(text("Tag of the source."))),
    search: optional(text("Words that must all occur.")),
    methods: optional(list(text("HTTP method."))),
  }),
  ImportLoss: closedObject({
    pointer: text("JSON pointer into the source."),
    code: text("Kind of loss."),
    reason: text("Why it is not in the definition, or not followed to the letter."),
    hint: text("What to do about it."),
  }),
  ImportRepair: closedObject({
    pointer: text("JSON pointer into the source."),
    code: text("Kind of repair."),
    from: text("What was written."),
    to: text("What it was read as."),
  }),
  ImportFinding: closedObject({
    rule: text("Id of the lint rule."),
    severity: text("How bad it is.", { enum: ["error", "warning", "advice"] }),
    pointer: text("JSON pointer."),
    message: text("What is wrong."),
    hint: optional(text("What to do about it.")),
    about: text("Whether the pointer is into the source or the definition.", { enum: ["source", "definition"] }),
  }),
  SkippedOperation: closedObject({
    pointer: text("JSON pointer into the source."),
    code: text("Why, as a code."),
    reason: text("Why, in words."),
  }),
  ImportReport: closedObject({
    ok: { type: "boolean", description: "Whether there is a definition that may be published." },
    format: text("Format that was read."),
    definition: nullable(ref("Definition")),
    further: list(ref("Definition"), "Further definitions, where the source holds several connectors."),
    losses: list(ref("ImportLoss"), "Source facts that the definition does not hold."),
    notes: list(ref("ImportLoss"), "Source facts that are kept, but that a call does not follow to the letter."),
    repairs: list(ref("ImportRepair")),
    findings: list(ref("ImportFinding")),
    operations: closedObject({
      source: count("Operations of the source."),
      imported: count("Operations that became actions."),
      skipped: list(ref("SkippedOperation")),
    }),
    auth: list(text("Type of an auth method.")),
  }),
};
