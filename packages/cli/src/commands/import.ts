import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { ImportFile, ImportOptions, ImportResult } from "@junctor/importers";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readInput } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";

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
      "--json",
      "print one object: { ok, connector, operations, triggers, auth, losses, repairs, lint, timeMs, peakRssMb }",
    )
    .action(async (path: string, flags: ImportFlags) => {
      const { formatImport, importInWorker, parseSelection, summariseImport } = await import("@junctor/importers");
      const files = await readSource(terminal, path, flags);
      const { result, timeMs, peakRssMb } = await withProgress(terminal, `Importing ${path}`, () =>
        importInWorker(files, readOptions(flags, parseSelection), {
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

/** More than this is no API description. */
const MAX_FILES = 5_000;
const MAX_BYTES = 512 * 1024 * 1024;

const readSource = async (terminal: Terminal, path: string, flags: ImportFlags): Promise<readonly ImportFile[]> => {
  const files: ImportFile[] = [];
  if (path === "-") files.push({ path: "input", bytes: Buffer.from(await readInput(terminal)) });
  else {
    const full = resolve(terminal.folder, path);
    if ((await stat(full)).isDirectory()) files.push(...(await readFolder(full)));
    else files.push({ path: basename(full), bytes: await readFile(full) });
  }
  if (flags.properties !== undefined) {
    files.push({ path: "apiProperties.json", bytes: await readFile(resolve(terminal.folder, flags.properties)) });
  }
  return files;
};

const readFolder = async (folder: string): Promise<readonly ImportFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && !/(^|\/)(node_modules|\.git)(\/|$)/.test(entry.parentPath));
  if (found.length > MAX_FILES)
    throw new CliFailure(`The folder holds ${found.length} files`, { kind: "usage", hint: "Name the document itself" });
  const files: ImportFile[] = [];
  let size = 0;
  for (const entry of found) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    size += bytes.length;
    if (size > MAX_BYTES)
      throw new CliFailure("The folder holds more than 512 MB", { kind: "usage", hint: "Name the document itself" });
    files.push({ path: relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"), bytes });
  }
  return files;
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
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify(definition, null, 2)}\n`);
    written.push(relative(terminal.folder, folder) || ".");
  }
  return written;
};
