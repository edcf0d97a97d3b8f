import { closedObject, connectorName, list, nullable, optional, page, ref, type Schema, text, time } from "./schema.ts";

const version = text("Semantic version.", { examples: ["1.2.0"] });
const state = text("A draft can be edited, a published version never changes.", { enum: ["draft", "published"] });

const versionMembers = {
  name: connectorName("Name of the connector."),
  version,
  state,
  digest: text("SHA-256 of the canonical definition, in hex."),
  source: ref("ConnectorSource"),
  createdAt: time("When the version was first saved."),
  publishedAt: nullable(time("When it was published; null for a draft.")),
};

/** Schemas of connectors, their versions, lint findings and differences. */
export const connectorSchemas: Readonly<Record<string, Schema>> = {
  Definition: {
    type: "object",
    description: "A connector definition; its own JSON Schema is `connector/v1.json`. Checked by lint, not here.",
  },
  ConnectorSource: closedObject({
    kind: text("Where the version came from.", { enum: ["api", "folder", "repository", "import"] }),
    reference: optional(text("Path, repository or document.")),
    locked: { type: "boolean", description: "Whether it changes only through its source." },
  }),
  ConnectorSummary: closedObject({
    ...versionMembers,
    title: text("Title, for people."),
    description: optional(text("Description, for people.")),
    actions: list(ref("ActionSummary")),
  }),
  ActionSummary: closedObject({
    name: text("Name of the action."),
    title: optional(text("Title, for people.")),
    description: optional(text("Description, for people.")),
  }),
  ConnectorVersionSummary: closedObject(versionMembers),
  ConnectorVersion: closedObject({ ...versionMembers, definition: ref("Definition") }),
  SavedConnector: closedObject({
    connector: ref("ConnectorVersion"),
    findings: list(ref("Finding"), "What lint has to say; an error stops publishing."),
    changes: list(ref("DefinitionChange"), "What changed since the highest published version."),
  }),
  Finding: closedObject(
    {
      rule: text("Id of the lint rule."),
      severity: text("An error stops publishing.", { enum: ["error", "warning", "info"] }),
      pointer: text("JSON pointer into the definition."),
      message: text("What is wrong."),
      hint: optional(text("What to do about it.")),
      line: optional({ type: "integer", minimum: 1 }),
      column: optional({ type: "integer", minimum: 1 }),
    },
    "One thing that lint has to say.",
  ),
  LintResult: closedObject({
    valid: { type: "boolean", description: "Whether there is no finding of severity error." },
    findings: list(ref("Finding")),
  }),
  DefinitionChange: closedObject(
    {
      kind: text("How much a caller feels it.", { enum: ["breaking", "behavioural", "additive", "cosmetic"] }),
      pointer: text("JSON pointer into the definition."),
      message: text("What changed."),
    },
    "One difference between two definitions.",
  ),
  DiffRequest: closedObject({
    from: optional(text("Version to compare with; default: the highest published one.")),
    to: optional(text("Version to compare. Either this or `definition`.")),
    definition: optional(ref("Definition")),
  }),
  DiffResult: closedObject({
    from: nullable(text("Version that was compared with; null when nothing is published yet.")),
    to: text("Version that was compared."),
    step: text("The smallest version step that the changes need.", { enum: ["none", "patch", "minor", "major"] }),
    accepted: { type: "boolean", description: "Whether the versions are at least that step apart." },
    changes: list(ref("DefinitionChange")),
  }),
  ConnectorList: page(ref("ConnectorSummary")),
  ConnectorVersionList: page(ref("ConnectorVersionSummary")),
};
