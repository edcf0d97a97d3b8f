import { type Setting, settings } from "../src/config-settings.ts";

/** Makes the reference page of the server's settings. */
export async function generate(): Promise<Record<string, string>> {
  const rows = Object.entries<Setting>(settings).map(
    ([name, { default: value, description, mayBeFile }]) =>
      `| \`${name}\` | ${value === undefined ? "–" : `\`${value}\``} | ${description}${mayBeFile ? ` May stand in a file: \`${name}_FILE\`.` : ""} |`,
  );
  return {
    "docs/reference/configuration.md": `# Configuration

<!-- Made by packages/server/scripts/generate-configuration.ts; \`npm run generate\` makes it again. -->

The server reads its settings from environment variables, once, when it starts. A value that makes no sense stops it with a
message that names the setting; so does a \`JUNCTOR_…\` name that is not in this table.

| setting | default | meaning |
|---|---|---|
${rows.join("\n")}
`,
  };
}
