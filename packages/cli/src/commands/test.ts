import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { CaseResult, NamedCaseFile } from "@junctor/core";
import type { CaseFile } from "@junctor/sdk";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { definitionPath, readText } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";

interface TestFlags {
  readonly action?: string;
  readonly json?: boolean;
}

interface TestedConnector {
  readonly path: string;
  readonly results: readonly CaseResult[];
}

/** `junctor test`: runs the cases of connectors without a server and without a network. */
export const registerTest = (program: Command, { terminal, exit }: CommandContext): void => {
  program
    .command("test")
    .description("Run the cases of connectors. Needs no server and sends nothing.")
    .argument("[folders...]", "folders of connectors, or folders that hold such folders", ["."])
    .option("--action <name>", "only the cases of this action")
    .option("--json", "print one object: { ok, passed, failed, connectors: [{ path, results }] }")
    .action(async (folders: readonly string[], flags: TestFlags) => {
      const connectors: TestedConnector[] = [];
      for (const path of (await Promise.all(folders.map((folder) => findConnectors(terminal, folder)))).flat()) {
        const results = await withProgress(terminal, `Running the cases of ${path}`, () =>
          testConnector(terminal, path, flags.action),
        );
        connectors.push({ path: relative(terminal.folder, path) || ".", results });
      }
      const all = connectors.flatMap(({ results }) => results);
      const passed = all.filter((result) => result.passed).length;
      const failed = all.length - passed;
      const ok = failed === 0 && all.length > 0;
      printResult(terminal, flags.json, { ok, passed, failed, connectors }, () => describe(connectors, passed, failed));
      if (!ok) exit(exitCodes.failed.code);
    });
};

/** A folder with a connector.json, or all folders below it that have one. */
const findConnectors = async (terminal: Terminal, folder: string): Promise<readonly string[]> => {
  const full = resolve(terminal.folder, folder);
  if (full.endsWith(".json")) return [dirname(full)];
  if (existsSync(join(full, "connector.json"))) return [full];
  const entries = await readdir(full, { withFileTypes: true });
  const found = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(full, name));
  const connectors = found.filter((path) => existsSync(join(path, "connector.json"))).sort();
  if (connectors.length > 0) return connectors;
  throw new CliFailure(`${folder} holds no connector.json`, {
    kind: "usage",
    hint: "Make one with: junctor init my-api",
  });
};

/** Runs the cases of one folder: those of `cases/*.json`, and those within the definition. */
export const testConnector = async (
  terminal: Terminal,
  folder: string,
  action?: string,
): Promise<readonly CaseResult[]> => {
  const { readDefinition, runCases } = await import("@junctor/core");
  const { definition } = readDefinition(await readText(terminal, await definitionPath(terminal, folder)));
  const files = (await readCaseFiles(folder)).filter(({ file }) => action === undefined || file.action === action);
  const results = await runCases(definition, files);
  return results.filter((result) => action === undefined || result.action === action);
};

const readCaseFiles = async (folder: string): Promise<readonly NamedCaseFile[]> => {
  const cases = join(folder, "cases");
  if (!existsSync(cases)) return [];
  const names = (await readdir(cases)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(names.map((name) => readCaseFile(join(cases, name), name)));
};

const readCaseFile = async (path: string, name: string): Promise<NamedCaseFile> => {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CliFailure(`${path} is not JSON: ${(error as Error).message}`, { kind: "usage" });
  }
  const { validateCaseFile } = await import("@junctor/core");
  const complaints = validateCaseFile(document);
  if (complaints.length > 0) {
    throw new CliFailure(complaints.map(({ pointer, message }) => `${path} ${pointer} ${message}`).join("\n"), {
      kind: "usage",
    });
  }
  return { name, file: document as CaseFile };
};

const describe = (connectors: readonly TestedConnector[], passed: number, failed: number): string => {
  const lines = connectors.flatMap(({ path, results }) => [path, ...results.map(describeResult)]);
  const none = passed + failed === 0 ? ["There are no cases. Write some in cases/*.json."] : [];
  return [...lines, ...none, `${passed} passed, ${failed} failed`].join("\n");
};

const describeResult = ({ title, passed, differences, error }: CaseResult): string =>
  [
    `  ${passed ? "ok  " : "FAIL"} ${title}`,
    ...(error === undefined ? [] : [`         ${error.code}: ${error.message}`]),
    ...differences.flatMap(({ place, expected, actual }) => [
      `         ${place}`,
      `           expected ${show(expected)}`,
      `           actual   ${show(actual)}`,
    ]),
  ].join("\n");

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
