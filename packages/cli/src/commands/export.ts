import { resolve } from "node:path";
import type { JsonObject } from "@junctor/core";
import type { Loss } from "@junctor/importers";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { printResult } from "../print.ts";
import { readDefinitionFile } from "../read-definition.ts";
import { writeFiles } from "../write-files.ts";

interface ExportFlags {
  readonly format: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The files of an export, and what they cannot say. */
interface Exported {
  readonly files: Readonly<Record<string, unknown>>;
  readonly losses: readonly Loss[];
}

const FORMATS = ["openapi", "power-platform", "camunda", "json-schema"] as const;
type Format = (typeof FORMATS)[number];

/** `junctor export`: writes a connector in the words of another system. */
export const registerExport = (program: Command, { terminal }: CommandContext): void => {
  program
    .command("export")
    .description(
      "Write a connector as OpenAPI, Power-Platform connector, Camunda element template or JSON Schemas. Needs no server.",
    )
    .argument("[path]", "definition, or folder with a connector.json; - reads standard input", ".")
    .option("--format <name>", `one of ${FORMATS.join(", ")}`, "openapi")
    .option("--out <folder>", "folder to write to; without it, one document goes to standard output")
    .option("--json", "print one object: { ok, files, losses }")
    .action(async (path: string, flags: ExportFlags) => {
      const format = FORMATS.find((name) => name === flags.format);
      if (format === undefined) {
        throw new CliFailure(`There is no format ${JSON.stringify(flags.format)}`, {
          kind: "usage",
          hint: `Known are ${FORMATS.join(", ")}`,
        });
      }
      const { definition } = await readDefinitionFile(terminal, path);
      const { files, losses } = await exportAs(format, definition as unknown as JsonObject);
      if (flags.json !== true)
        for (const { pointer, reason } of losses) terminal.error(`Not in it: ${pointer} ${reason}\n`);
      if (flags.out === undefined) {
        const content = Object.keys(files).length === 1 ? Object.values(files)[0] : files;
        printResult(terminal, flags.json, { ok: true, files, losses }, () => JSON.stringify(content, null, 2));
        return;
      }
      const folder = resolve(terminal.folder, flags.out);
      const names = Object.keys(files);
      await writeFiles(
        terminal,
        folder,
        Object.fromEntries(names.map((name) => [name, `${JSON.stringify(files[name], null, 2)}\n`])),
      );
      printResult(
        terminal,
        flags.json,
        { ok: true, files: names, losses },
        () => `Written to ${flags.out}: ${names.join(", ")}`,
      );
    });
};

const exportAs = async (format: Format, definition: JsonObject): Promise<Exported> => {
  const { exportElementTemplate, exportJsonSchemas, exportOpenApi, exportPowerPlatform } = await import(
    "@junctor/importers"
  );
  switch (format) {
    case "openapi": {
      const { document, losses } = exportOpenApi(definition);
      return { files: { "openapi.json": document }, losses };
    }
    case "power-platform": {
      const { definition: swagger, properties, losses } = exportPowerPlatform(definition);
      return { files: { "apiDefinition.swagger.json": swagger, "apiProperties.json": properties }, losses };
    }
    case "camunda": {
      const { template, losses } = exportElementTemplate(definition);
      return { files: { "element-template.json": template }, losses };
    }
    case "json-schema":
      return { files: { "schemas.json": exportJsonSchemas(definition) }, losses: [] };
  }
};
