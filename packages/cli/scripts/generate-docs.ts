import type { Command } from "commander";
import { exitCodes } from "../src/exit-codes.ts";
import { createProgram } from "../src/program.ts";
import type { Terminal } from "../src/terminal.ts";

const silent: Terminal = {
  out: () => undefined,
  error: () => undefined,
  outBytes: async () => undefined,
  input: (async function* () {})(),
  inputIsTyped: false,
  folder: "/",
  environment: {},
  signal: new AbortController().signal,
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const describe = (command: Command, path: string): string => {
  const usage = `${path} ${command.usage()}`.replace("[options] ", command.options.length === 0 ? "" : "[options] ");
  const rows = [
    ...command.registeredArguments.map(
      (argument) =>
        `| \`${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}\` | ${cell(argument.description)}${argument.defaultValue === undefined ? "" : ` (default: \`${String(argument.defaultValue)}\`)`} |`,
    ),
    ...command.options.map(
      (option) =>
        `| \`${option.flags}\` | ${cell(option.description)}${option.mandatory ? "; required" : ""}${option.defaultValue === undefined || typeof option.defaultValue === "boolean" ? "" : ` (default: \`${String(option.defaultValue)}\`)`} |`,
    ),
  ];
  const table = rows.length === 0 ? "" : `\n\n| | |\n|---|---|\n${rows.join("\n")}`;
  return `## ${path}\n\n${command.description()}\n\n\`\`\`text\n${usage.trim()}\n\`\`\`${table}`;
};

const leaves = (command: Command, path: string): readonly string[] =>
  command.commands.length === 0
    ? [describe(command, path)]
    : command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`));

/** Makes the reference of the command from its own tree. */
export const generate = async (): Promise<Record<string, string>> => {
  const program = createProgram(silent, () => undefined);
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return {
    "docs/reference/cli.md": `# The command

<!-- Made by packages/cli/scripts/generate-docs.ts; \`npm run generate\` makes it again. -->

\`npx junctor\` in a checkout runs from source. Data is reached through the server's API only; \`init\`, \`lint\`, \`test\`, \`diff\`
of two files, \`import\` and \`template eval\` need no server.

**Where the server is.** \`--url\` and \`--key\` win over \`JUNCTOR_URL\` and \`JUNCTOR_KEY\`, these over \`.junctor/cli.json\` in this
folder or one above it (\`junctor login\` writes it), and that over \`http://127.0.0.1:4000\` with the key in
\`.junctor/first-key\`, where \`npm start\` leaves it.

**For programs.** With \`--json\` a command prints one JSON object on standard output, failures included:
\`{ "ok": false, "error": … }\`, with the server's problem document as \`error\` where there is one. Progress and notices go to
the error stream, when something takes longer than two seconds.

| exit code | meaning |
|---|---|
${codes.join("\n")}

${leaves(program, "junctor").join("\n\n")}
`,
  };
};
