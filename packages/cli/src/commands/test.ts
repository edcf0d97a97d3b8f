import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { CaseResult, NamedCaseFile } from "@junctor/core";
import type { CaseFile } from "@junctor/sdk";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { commandName } from "../command-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readDefinitionFile } from "../read-definition.ts";
import { readText } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";
import { describeFailure, failureDetails, inFile } from "../to-failure.ts";

interface TestFlags {
  readonly action?: string;
  readonly json?: boolean;
}

interface TestedConnector {
  readonly path: string;
  readonly results: readonly CaseResult[];
  /** Names of its actions. */
  readonly actions: readonly string[];
  /** Why the cases could not be run. */
  readonly failure?: CliFailure;
}

/** `junctor test`: runs the cases of connectors without a server and without a network. */
export const registerTest = (program: Command, { terminal, exit }: CommandContext): void => {
  program
    .command("test")
    .description("Run the cases of connectors. Needs no server and sends nothing.")
    .argument("[folders...]", "folders of connectors, or folders that hold such folders", ["."])
    .option("--action <name>", "only the cases of this action")
    .option("--json", "print one object: { ok, passed, failed, connectors: [{ path, results, error? }] }")
    .action(async (folders: readonly string[], flags: TestFlags) => {
      const connectors: TestedConnector[] = [];
      for (const path of (await Promise.all(folders.map((folder) => findConnectors(terminal, folder)))).flat()) {
        const tested = await withProgress(terminal, `Running the cases of ${path}`, () =>
          testFolder(terminal, path, flags.action),
        );
        if (tested.failure !== undefined && flags.json !== true) terminal.error(describeFailure(tested.failure));
        connectors.push(tested);
      }
      const all = connectors.flatMap(({ results }) => results);
      if (flags.action !== undefined && all.length === 0) checkAction(connectors, flags.action);
      const passed = all.filter((result) => result.passed).length;
      const failed = all.length - passed;
      const unread = connectors.find(({ failure }) => failure !== undefined)?.failure;
      const ok = failed === 0 && all.length > 0 && unread === undefined;
      const result = {
        ok,
        ...(unread === undefined ? {} : { error: failureDetails(unread) }),
        passed,
        failed,
        connectors: connectors.map(({ path, results, failure }) => ({
          path,
          results,
          ...(failure === undefined ? {} : { error: failureDetails(failure) }),
        })),
      };
      printResult(terminal, flags.json, result, () => describe(connectors, { passed, failed, action: flags.action }));
      if (!ok) exit(failed === 0 && unread !== undefined ? unread.exitCode : exitCodes.failed.code);
    });
};

/** Runs the cases of one folder; a folder that cannot be read does not keep the others from being tested. */
const testFolder = async (terminal: Terminal, folder: string, action: string | undefined): Promise<TestedConnector> => {
  const path = relative(terminal.folder, folder) || ".";
  try {
    const { definition } = await readDefinitionFile(terminal, folder);
    const results = await testConnector(terminal, folder, action);
    return { path, results, actions: Object.keys(definition.actions ?? {}) };
  } catch (error) {
    return { path, results: [], actions: [], failure: inFile(path, error) };
  }
};

/** No case is one thing, an action that nobody has another. */
const checkAction = (connectors: readonly TestedConnector[], action: string): void => {
  const known = connectors.flatMap(({ actions }) => actions);
  if (known.includes(action) || connectors.some(({ failure }) => failure !== undefined)) return;
  throw new CliFailure(`There is no action ${JSON.stringify(action)}`, {
    kind: "usage",
    hint: `There are ${known.join(", ")}`,
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
    hint: `Make one with: ${commandName(terminal)} init my-api`,
  });
};

/** Runs the cases of one folder: those of `cases/*.json`, and those within the definition. */
export const testConnector = async (
  terminal: Terminal,
  folder: string,
  action?: string,
): Promise<readonly CaseResult[]> => {
  const { definition } = await readDefinitionFile(terminal, folder);
  const { runCases } = await import("@junctor/core");
  const files = (await readCaseFiles(terminal, folder)).filter(
    ({ file }) => action === undefined || file.action === action,
  );
  const results = await runCases(definition, files);
  return results.filter((result) => action === undefined || result.action === action);
};

const readCaseFiles = async (terminal: Terminal, folder: string): Promise<readonly NamedCaseFile[]> => {
  const cases = join(folder, "cases");
  if (!existsSync(cases)) return [];
  const names = (await readdir(cases)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(names.map((name) => readCaseFile(terminal, join(cases, name), name)));
};

const readCaseFile = async (terminal: Terminal, file: string, name: string): Promise<NamedCaseFile> => {
  const path = relative(terminal.folder, file);
  const text = await readText(terminal, file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new CliFailure(`${path} is not JSON: ${(error as Error).message}`, { kind: "usage" });
  }
  const { validateCaseFile } = await import("@junctor/core");
  const complaints = validateCaseFile(document);
  if (complaints.length > 0) {
    throw new CliFailure(complaints.map(({ pointer, message }) => `${path} ${pointer} ${message}`).join("\n"), {
      kind: "usage",
      hint: 'A file of cases is { "action": "…", "cases": [{ "title": "…", "input": {}, … }] }',
    });
  }
  return { name, file: document as CaseFile };
};

const describe = (
  connectors: readonly TestedConnector[],
  { passed, failed, action }: { readonly passed: number; readonly failed: number; readonly action: string | undefined },
): string => {
  const lines = connectors.flatMap(({ path, results }) => [path, ...results.map(describeResult)]);
  const isEmpty = passed + failed === 0 && connectors.every(({ failure }) => failure === undefined);
  const of = action === undefined ? "" : ` of the action ${JSON.stringify(action)}`;
  const none = isEmpty ? [`There are no cases${of}. Write some in cases/*.json.`] : [];
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
