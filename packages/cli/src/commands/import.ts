import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { ImportOptions, ImportResult } from "@junctor/importers";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { draftConnector } from "../draft-connector.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readSource } from "../read-source.ts";
import type { Terminal } from "../terminal.ts";
import { updateConnector } from "../update-connector.ts";
import { writeFiles } from "../write-files.ts";

interface ImportFlags {
  readonly dryRun?: boolean;
  readonly properties?: string;
  readonly select?: string;
  readonly out?: string;
  readonly format?: string;
  readonly entry?: string;
  readonly name?: string;
  readonly title?: string;
  readonly connectorVersion?: string;
  readonly strict?: boolean;
  readonly undeclaredQuery?: string;
  readonly maxMemory: string;
  readonly maxTime: string;
  readonly force?: boolean;
  readonly update?: string;
  readonly previous?: string;
  readonly fromDocs?: boolean;
  readonly modelUrl?: string;
  readonly model?: string;
  readonly json?: boolean;
}

/** `junctor import`: turns an API description into a connector and says what did not come through. */
export const registerImport = (program: Command, { terminal, exit }: CommandContext): void => {
  program
    .command("import")
    .description(
      "Turn an API description into a connector: OpenAPI, Swagger, Power Platform, Postman, HAR, cURL and others. Needs no server.",
    )
    .argument("<path>", "file, folder with several files, or - for standard input")
    .option("--dry-run", "say what would come through; write nothing")
    .option("--properties <file>", "apiProperties.json of a Power-Platform connector, where it lies elsewhere")
    .option(
      "--select <list>",
      "only these operations, separated by commas: ids, 'GET /path', tag:name, method:GET, search:words",
    )
    .option("--out <folder>", "folder to write to (default: the connector's name)")
    .option("--format <name>", "format of the source (default: found from its content)")
    .option("--entry <path>", "root document among the files of a folder")
    .option("--name <name>", "name of the connector (default: from the source)")
    .option("--title <title>", "title of the connector (default: from the source)")
    .option("--connector-version <version>", "version of the connector (default: from the source)")
    .option("--strict", "treat advice about the source as a certification would")
    .option(
      "--undeclared-query <what>",
      "forward or drop query parameters that a widget connector does not declare",
      "drop",
    )
    .option("--max-memory <megabytes>", "memory after which the import is stopped", "1500")
    .option("--max-time <seconds>", "time after which the import is stopped", "120")
    .option("--force", "overwrite a connector.json that is there")
    .option(
      "--update <folder>",
      "bring the connector in this folder up to a changed source, hand-made edits kept; needs --previous",
    )
    .option("--previous <path>", "the source as it was when the connector was imported")
    .option(
      "--from-docs",
      "the path is documentation in words: a language model drafts from it, and what to check is listed",
    )
    .option(
      "--model-url <url>",
      "OpenAI-compatible endpoint for --from-docs (default: JUNCTOR_MODEL_URL; its key is JUNCTOR_MODEL_KEY)",
    )
    .option("--model <name>", "model for --from-docs (default: JUNCTOR_MODEL)")
    .option(
      "--json",
      "print one object: { ok, connector, operations, triggers, auth, losses, repairs, lint, timeMs, peakRssMb }",
    )
    .action(async (path: string, flags: ImportFlags) => {
      const { formatImport, parseSelection, summariseImport } = await import("@junctor/importers");
      const options = readOptions(flags, parseSelection);
      if (flags.fromDocs) {
        const drafted = await draftConnector(terminal, path, flags);
        const written = flags.dryRun ? [] : await writeConnectors(terminal, drafted.result, flags);
        printResult(
          terminal,
          flags.json,
          { ...summariseImport(drafted.result, drafted), checklist: drafted.checklist, written },
          () =>
            [
              formatImport(drafted.result),
              "",
              "Check before you publish:",
              ...drafted.checklist.map(({ topic, question }) => `  ${topic}: ${question}`),
            ].join("\n"),
        );
        return;
      }
      if (flags.update !== undefined) {
        const ok = await updateConnector(terminal, {
          path,
          folder: flags.update,
          previous: flags.previous,
          options,
          flags,
        });
        if (!ok) exit(exitCodes.failed.code);
        return;
      }
      const files = await readSource(terminal, path, flags.properties);
      const { importInWorker } = await import("@junctor/importers/worker");
      const { result, timeMs, peakRssMb } = await withProgress(terminal, `Importing ${path}`, () =>
        importInWorker(files, options, {
          memoryMb: readNumber("--max-memory", flags.maxMemory),
          timeoutMs: readNumber("--max-time", flags.maxTime) * 1000,
          signal: terminal.signal,
        }),
      );
      const written =
        flags.dryRun || result.definition === undefined ? [] : await writeConnectors(terminal, result, flags);
      printResult(terminal, flags.json, { ...summariseImport(result, { timeMs, peakRssMb }), written }, () =>
        [formatImport(result), ...written.map((folder) => `Written to ${folder}/`)].join("\n"),
      );
      if (!result.ok) exit(exitCodes.failed.code);
    });
};

const readNumber = (flag: string, text: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CliFailure(`${flag} is a number above zero`, { kind: "usage" });
};

const readOptions = (
  flags: ImportFlags,
  parseSelection: (text: string) => NonNullable<ImportOptions["select"]>,
): ImportOptions => {
  if (flags.undeclaredQuery !== "forward" && flags.undeclaredQuery !== "drop") {
    throw new CliFailure("--undeclared-query is forward or drop", { kind: "usage" });
  }
  return {
    undeclaredQuery: flags.undeclaredQuery,
    ...(flags.select === undefined ? {} : { select: parseSelection(flags.select) }),
    ...(flags.format === undefined ? {} : { format: flags.format as NonNullable<ImportOptions["format"]> }),
    ...(flags.entry === undefined ? {} : { entry: flags.entry }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.title === undefined ? {} : { title: flags.title }),
    ...(flags.connectorVersion === undefined ? {} : { version: flags.connectorVersion }),
    ...(flags.strict ? { strictness: "certification" as const } : {}),
  };
};

const writeConnectors = async (
  terminal: Terminal,
  result: ImportResult,
  flags: ImportFlags,
): Promise<readonly string[]> => {
  const definitions = [result.definition, ...result.further].filter((one) => one !== undefined);
  const written: string[] = [];
  for (const definition of definitions) {
    const name = String(definition.name);
    const parts = definitions.length === 1 ? [flags.out ?? name] : [flags.out ?? ".", name];
    const folder = resolve(terminal.folder, ...parts);
    const file = join(folder, "connector.json");
    if (existsSync(file) && flags.force !== true) {
      throw new CliFailure(`${relative(terminal.folder, file)} exists`, {
        kind: "usage",
        hint: "Choose another folder with --out, or overwrite it with --force",
      });
    }
    await writeFiles(terminal, folder, { "connector.json": `${JSON.stringify(definition, null, 2)}\n` });
    written.push(relative(terminal.folder, folder) || ".");
  }
  return written;
};
