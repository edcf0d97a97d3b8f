import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { commandName } from "../command-name.ts";
import { connectorTemplate, type TemplateAuth } from "../connector-template.ts";
import { printResult } from "../print.ts";
import { writeFiles } from "../write-files.ts";

interface InitFlags {
  readonly auth: string;
  readonly baseUrl: string;
  readonly json?: boolean;
}

const AUTH: readonly TemplateAuth[] = ["bearer", "apiKey", "basic", "oauth2", "none"];

/** `junctor init`: makes the folder of a new connector, with a case that passes. */
export const registerInit = (program: Command, { terminal }: CommandContext): void => {
  program
    .command("init")
    .description("Make the folder of a new connector, with a case that passes. Needs no server.")
    .argument("<name>", "name of the connector: lower case, digits, hyphens; a path makes the folder there")
    .option("--auth <type>", `how requests are authenticated: ${AUTH.join(", ")}`, "bearer")
    .option("--base-url <url>", "base URL of the API", "https://api.example.com")
    .option("--json", "print one object: { ok, folder, files }")
    .action(async (path: string, flags: InitFlags) => {
      const folder = resolve(terminal.folder, path);
      const name = folder.split(/[\\/]/).at(-1) ?? "";
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
        throw new CliFailure(`${JSON.stringify(name)} cannot be the name of a connector`, {
          kind: "usage",
          hint: 'Use lower-case letters, digits and single hyphens, such as "my-api"',
        });
      }
      if (!AUTH.includes(flags.auth as TemplateAuth)) {
        throw new CliFailure(`There is no auth ${JSON.stringify(flags.auth)}`, {
          kind: "usage",
          hint: `Known are ${AUTH.join(", ")}`,
        });
      }
      const baseUrl = readBaseUrl(flags.baseUrl);
      if (existsSync(join(folder, "connector.json"))) {
        throw new CliFailure(`${relative(terminal.folder, folder)} holds a connector already`, { kind: "usage" });
      }
      const command = commandName(terminal);
      const files = connectorTemplate({
        command,
        name,
        baseUrl,
        auth: flags.auth as TemplateAuth,
      });
      await writeFiles(terminal, folder, files);
      const shown = relative(terminal.folder, folder) || ".";
      printResult(terminal, flags.json, { ok: true, folder: shown, files: Object.keys(files) }, () =>
        [
          `${shown}/ is ready: ${Object.keys(files).join(", ")}`,
          `  ${command} test ${shown}      runs its cases`,
          `  ${command} dev ${shown}       uploads it whenever a file changes`,
        ].join("\n"),
      );
    });
};

/** A base URL without a slash at its end. Templates have no place in it: whoever wants some edits the definition. */
const readBaseUrl = (text: string): string => {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) && url.username === "";
  if (isPlain && url.password === "" && /^https?:\/\/[^/\s]/i.test(text)) return text.replace(/\/+$/, "");
  throw new CliFailure(`${JSON.stringify(text)} cannot be a base URL`, {
    kind: "usage",
    hint: "Write it like https://api.example.com/v2: http or https, no user, no query, no fragment",
  });
};
