import { readFileSync } from "node:fs";

interface CounterExample {
  readonly reason: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly pointer: string;
  readonly rule: string;
}

interface Examples {
  readonly examples: readonly { readonly title: string; readonly document: unknown }[];
  readonly counterExamples: { readonly base: unknown; readonly changes: readonly CounterExample[] };
}

const fence = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

const cell = (text: string): string => text.replaceAll("|", "\\|");

const describe = ({ set = {}, remove = [] }: CounterExample): string =>
  [
    ...Object.entries(set).map(([pointer, value]) => `\`${pointer}\` = \`${JSON.stringify(value)}\``),
    ...remove.map((pointer) => `no \`${pointer}\``),
  ].join("; ");

/** Makes the page of examples and counter-examples from the data beside the schema, which are tests as well. */
export const generate = async (): Promise<Record<string, string>> => {
  const file = new URL("../schema/connector-v1.examples.json", import.meta.url);
  const { examples, counterExamples } = JSON.parse(readFileSync(file, "utf8")) as Examples;
  return {
    "docs/reference/definition-examples.md": `# Examples of definitions

<!-- Made by packages/sdk/scripts/generate-examples.ts; \`npm run generate\` makes it again. -->

Each example is accepted, each counter-example refused with the rule and at the place that the table names; tests hold both.

${examples.map(({ title, document }) => `## ${title}\n\n${fence(document)}`).join("\n\n")}

## What is refused, and why

The changes apply to this definition:

${fence(counterExamples.base)}

| why | change | place | rule |
|---|---|---|---|
${counterExamples.changes.map((change) => `| ${cell(change.reason)} | ${cell(describe(change))} | \`${change.pointer}\` | \`${change.rule}\` |`).join("\n")}
`,
  };
};
