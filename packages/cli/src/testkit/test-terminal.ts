import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCli } from "../run-cli.ts";
import type { Terminal } from "../terminal.ts";

/** What a run of the command left behind. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly error: string;
  /** Standard output as JSON. */
  readonly json: <Value = Record<string, unknown>>() => Value;
}

/** How to run. */
export interface CliRunOptions {
  readonly folder?: string;
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told of each piece of output as it comes. */
  readonly onOut?: (text: string) => void;
}

/** Runs the command in this process, in a folder and an environment of its own. */
export const runInTest = async (args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> => {
  const out: string[] = [];
  const error: string[] = [];
  const write = (text: string): void => {
    out.push(text);
    options.onOut?.(text);
  };
  const terminal: Terminal = {
    out: write,
    error: (text) => void error.push(text),
    outBytes: async (bytes) => write(Buffer.from(bytes).toString("utf8")),
    input: (async function* () {
      yield typeof options.input === "string" ? Buffer.from(options.input) : (options.input ?? Buffer.alloc(0));
    })(),
    inputIsTyped: options.input === undefined,
    folder: options.folder ?? tmpdir(),
    environment: options.environment ?? {},
    signal: options.signal ?? new AbortController().signal,
  };
  const code = await runCli(args, terminal);
  return { code, out: out.join(""), error: error.join(""), json: <Value>() => JSON.parse(out.join("")) as Value };
};

/** Makes a folder with these files, JSON unless text. The operating system removes it. */
export const makeFolder = async (files: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "junctor-cli-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return folder;
};
