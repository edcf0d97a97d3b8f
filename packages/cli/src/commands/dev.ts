import { existsSync, watch } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import { startOwnServer } from "../own-server.ts";
import type { CommandContext } from "../program.ts";
import { type Reloaded, reloadConnector } from "../reload-connector.ts";
import type { Terminal } from "../terminal.ts";
import { testConnector } from "./test.ts";

interface DevFlags extends ServerFlags {
  readonly own?: boolean;
  readonly test: boolean;
  readonly json?: boolean;
}

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLE_MS = 25;

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
        hint: "Make one with: junctor init my-api",
      });
    }
    const { api, close } = await findApi(terminal, flags);
    try {
      terminal.error(
        `Watching ${names.length === 1 ? "one connector" : `${names.length} connectors`}; the server is ${api.url}\n`,
      );
      for (const name of names) await reload(terminal, api, join(root, name), flags, performance.now());
      await watchUntilStopped(terminal, root, (path, at) => reload(terminal, api, path, flags, at));
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

/** Watches until the command is interrupted. Reloads run one after another; changes meanwhile are gathered. */
const watchUntilStopped = async (
  terminal: Terminal,
  root: string,
  onChange: (folder: string, changedAt: number) => Promise<void>,
): Promise<void> => {
  const single = existsSync(join(root, "connector.json"));
  const changed = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const flush = (): void => {
    const all = [...changed];
    changed.clear();
    for (const [folder, at] of all) {
      running = running.then(() => onChange(folder, at)).catch((error: Error) => terminal.error(`${error.message}\n`));
    }
  };
  const watcher = watch(root, { recursive: true, signal: terminal.signal }, (_event, file) => {
    if (file === null || !file.endsWith(".json")) return;
    const folder = single ? root : join(root, file.split(/[\\/]/)[0] ?? "");
    if (!existsSync(join(folder, "connector.json"))) return;
    if (!changed.has(folder)) changed.set(folder, performance.now());
    clearTimeout(timer);
    timer = setTimeout(flush, SETTLE_MS);
  });
  await new Promise<void>((stopped, failed) => {
    watcher.once("close", stopped);
    watcher.once("error", (error) => (terminal.signal.aborted ? stopped() : failed(error)));
  });
  clearTimeout(timer);
  await running;
};
