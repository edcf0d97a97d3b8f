import { lintRules } from "../src/lint/rules/lint-rules.ts";

const fence = (change: Readonly<Record<string, unknown>>): string => {
  const lines = Object.entries(change).map(([pointer, value]) =>
    value === undefined
      ? `// ${pointer === "" ? "the document" : pointer} is absent`
      : `// ${pointer}\n${JSON.stringify(value, null, 2)}`,
  );
  return `\`\`\`jsonc\n${lines.join("\n\n")}\n\`\`\``;
};

/** Makes the reference of lint rules from the rules themselves. */
export const generate = async (): Promise<Record<string, string>> => {
  const rows = lintRules.map(({ id, severity, summary }) => `| [\`${id}\`](#${id}) | ${severity} | ${summary} |`);
  const sections = lintRules.map(
    ({ id, severity, summary, why, incorrect, correct }) => `## ${id}

**${severity}.** ${summary}

${why}

Incorrect:

${fence(incorrect)}

Correct:

${fence(correct)}
`,
  );
  return {
    "docs/reference/lint.md": `# Lint rules

<!-- Made by packages/core/scripts/generate-lint-docs.ts; \`npm run generate\` makes it again. -->

\`junctor lint\` looks at a definition in three layers: is it JSON (\`json/…\`), does it follow the schema (\`schema/…\`), and is
it a good one (the rules below). Each finding has a rule, a severity, a JSON pointer, line and column, a message and a hint;
some have a fix as JSON Patch.

There are two levels. The **gate** is what publishing asks for: no \`error\`. **Advice** adds warnings and suggestions.

The examples show what changes in a definition that is otherwise in order, by JSON pointer. They are tests.

| rule | severity | asks for |
|---|---|---|
${rows.join("\n")}

${sections.join("\n")}`,
  };
};
