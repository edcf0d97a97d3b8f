import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { commandName } from "../command-name.ts";
import { startOwnServer } from "../own-server.ts";
import { type Reloaded, reloadConnector } from "../reload-connector.ts";
import type { Terminal } from "../terminal.ts";
import { watchConnectors } from "../watch-connectors.ts";
import { testConnector } from "./test.ts";

interface DevFlags extends ServerFlags {
  readonly own?: boolean;
  readonly test: boolean;
  readonly json?: boolean;
}

/** `junctor dev`: uploads connectors whenever their files change. */
export const registerDev = (program: Command, { terminal }: CommandContext): void => {
  const command = program
    .command("dev")
    .description("Watch connectors, and check, upload and test each one when a file of it changes.")
    .argument("[folder]", "folder of a connector, or one that holds such folders", ".")
    .option(
      "--own",
      "start a server of its own in .junctor/dev; also done when no server answers and no --url is given",
    )
    .option("--no-test", "do not run the cases")
    .option("--json", "print one object per reload");
  withServerFlags(command).action(async (folder: string, flags: DevFlags) => {
    const root = resolve(terminal.folder, folder);
    const names = await listConnectors(root);
    if (names.length === 0) {
      throw new CliFailure(`${folder} holds no connector.json`, {
        kind: "usage",
        hint: `Make one with: ${commandName(terminal)} init my-api`,
      });
    }
    const { api, close } = await findApi(terminal, flags);
    try {
      terminal.error(
        `Watching ${names.length === 1 ? "one connector" : `${names.length} connectors`}; the server is ${api.url}\n`,
      );
      for (const name of names) await reload(terminal, api, join(root, name), flags, performance.now());
      await watchConnectors(root, terminal.signal, async (path, at) => {
        await reload(terminal, api, path, flags, at).catch((error: Error) => terminal.error(`${error.message}\n`));
      });
    } finally {
      await close();
    }
  });
};

/** The folders below `root` that hold a connector; `.` when it is one itself. */
const listConnectors = async (root: string): Promise<readonly string[]> => {
  if (existsSync(join(root, "connector.json"))) return ["."];
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "connector.json")))
    .map(({ name }) => name);
};

const findApi = async (
  terminal: Terminal,
  flags: DevFlags,
): Promise<{ readonly api: ApiClient; readonly close: () => Promise<void> }> => {
  if (flags.own !== true) {
    const api = connect(terminal, flags);
    try {
      await api.call("listConnectors");
      return { api, close: async () => undefined };
    } catch (error) {
      const nobodyThere = error instanceof CliFailure && error.exitCode === 3;
      if (!nobodyThere || flags.url !== undefined) throw error;
      terminal.error(`${error.message}; starting a server for this session\n`);
    }
  }
  return startOwnServer(terminal);
};

const reload = async (
  terminal: Terminal,
  api: ApiClient,
  folder: string,
  flags: DevFlags,
  changedAt: number,
): Promise<void> => {
  const path = relative(terminal.folder, folder) || ".";
  const text = await readFile(join(folder, "connector.json"), "utf8").catch(() => undefined);
  // Between two writes of an editor the file may be gone or empty; the next change tells.
  if (text === undefined || text.trim() === "") return;
  const reloaded = await reloadConnector(api, text, path);
  const milliseconds = Math.round(performance.now() - changedAt);
  if (flags.json) terminal.out(`${JSON.stringify({ path, milliseconds, ...reloaded })}\n`);
  else terminal.out(describe(path, reloaded, milliseconds));
  if (reloaded.kind === "uploaded" && flags.test) await tellCases(terminal, folder, path, flags);
};

const describe = (path: string, reloaded: Reloaded, milliseconds: number): string =>
  reloaded.kind === "uploaded"
    ? `${reloaded.name} ${reloaded.version} reloaded in ${milliseconds} ms${reloaded.isDraftOfPublished ? `; call it with --connector-version ${reloaded.version}` : ""}\n`
    : `${path} was not uploaded\n${reloaded.message}`;

const tellCases = async (terminal: Terminal, folder: string, path: string, flags: DevFlags): Promise<void> => {
  try {
    const results = await testConnector(terminal, folder);
    const failed = results.filter(({ passed }) => !passed);
    if (flags.json)
      terminal.out(`${JSON.stringify({ path, kind: "tested", passed: results.length - failed.length, failed })}\n`);
    else if (results.length > 0) {
      const titles = failed.map(({ title }) => `  FAIL ${title}\n`).join("");
      terminal.out(`${titles}  ${results.length - failed.length} of ${results.length} cases pass\n`);
    }
  } catch (error) {
    terminal.error(`  ${(error as Error).message}\n`);
  }
};
