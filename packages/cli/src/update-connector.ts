import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { JsonObject } from "@junctor/core";
import type { ImportOptions } from "@junctor/importers";
import { CliFailure } from "./cli-failure.ts";
import { printResult } from "./print.ts";
import { withProgress } from "./progress.ts";
import { readSource } from "./read-source.ts";
import type { Terminal } from "./terminal.ts";
import { writeFiles } from "./write-files.ts";

/** What a re-import needs. */
export interface ConnectorUpdate {
  /** The changed source. */
  readonly path: string;
  /** Folder of the connector. */
  readonly folder: string;
  /** The source as it was. */
  readonly previous: string | undefined;
  readonly options: ImportOptions;
  readonly flags: { readonly dryRun?: boolean; readonly json?: boolean; readonly properties?: string };
}

/**
 * Brings a connector up to a changed source: what the source changed is taken over, what was edited by hand stays, and where both
 * changed the hand-made edit stays and is listed. The version is left to the author. Gives whether the result passes the gate.
 */
export const updateConnector = async (terminal: Terminal, update: ConnectorUpdate): Promise<boolean> => {
  const { folder, previous, options, flags } = update;
  if (previous === undefined) {
    throw new CliFailure("--update needs --previous", {
      kind: "usage",
      hint: "Give the source as it was when the connector was imported",
    });
  }
  const { formatReimport, reimport } = await import("@junctor/importers");
  const { importInWorker } = await import("@junctor/importers/worker");
  const file = join(resolve(terminal.folder, folder), "connector.json");
  const definition = parseDefinition(await readFile(file, "utf8"), file);
  const next = await readSource(terminal, update.path, flags.properties);
  const source = { definition, previous: await readSource(terminal, previous), next };
  const outcome = await withProgress(terminal, `Importing ${update.path}`, async () => {
    // In the watched process first: a document that would exhaust this one is refused there.
    await importInWorker(next, options, { signal: terminal.signal });
    return reimport(source, options);
  });
  const ok = !outcome.lint.some(({ severity }) => severity === "error");
  if (ok && flags.dryRun !== true) {
    await writeFiles(terminal, dirname(file), {
      "connector.json": `${JSON.stringify(outcome.definition, null, 2)}\n`,
    });
  }
  const { changes, diff, lint } = outcome;
  printResult(
    terminal,
    flags.json,
    { ok, step: diff.step ?? "none", changes, diff: diff.changes, lint, losses: outcome.result.losses },
    () => [formatReimport(outcome), ok ? "" : "Not written: the result does not pass the gate"].join("\n").trimEnd(),
  );
  return ok;
};

const parseDefinition = (text: string, file: string): JsonObject => {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (error) {
    throw new CliFailure(`${file} is not JSON: ${(error as Error).message}`, { kind: "usage", cause: error });
  }
};
