import type { DryRunResult, ExecuteResult } from "@junctor/contract";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { type OutputFile, openOutput } from "../open-output.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readJsonFlag } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";

interface CallFlags extends ServerFlags {
  readonly input?: string;
  readonly connection?: string;
  readonly connectorVersion?: string;
  readonly dryRun?: boolean;
  readonly all?: boolean;
  readonly limit?: string;
  readonly continuation?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** `junctor call`: calls one action. */
export const registerCall = (program: Command, { terminal }: CommandContext): void => {
  const command = program
    .command("call")
    .description("Call an action and print its output.")
    .argument("<connector.action>", "such as bookshop.getBook")
    .option("--input <json>", "input of the action: JSON, @file, or - for standard input (default: {})")
    .option("--connection <name>", "name or id of the connection")
    .option("--connector-version <version>", "version of the connector (default: the highest published one)")
    .option("--dry-run", "print what would be sent, with secrets masked; nothing is sent")
    .option("--all", "read all pages")
    .option("--limit <count>", "most items over all pages")
    .option("--continuation <text>", "go on where an earlier page ended")
    .option("--output <file>", "write the output to a file; needed for files when a person watches")
    .option("--json", "print the whole answer: { output, meta }, or { plan } of a dry run");
  withServerFlags(command).action(async (target: string, flags: CallFlags) => {
    const parameters = readTarget(target);
    if (flags.dryRun && flags.output !== undefined) {
      throw new CliFailure("A dry run has no output for --output", { kind: "usage", hint: "Leave one of them out" });
    }
    const body = await requestBody(terminal, flags);
    const api = connect(terminal, flags);
    if (flags.dryRun) {
      const result = await api.call<DryRunResult>("dryRunAction", { parameters, body });
      printResult(terminal, flags.json, result, () => describePlan(result.plan));
      return;
    }
    const output = flags.output === undefined ? undefined : await openOutput(terminal, flags.output);
    try {
      await withProgress(terminal, `Calling ${target}`, () =>
        execute(terminal, api, { parameters, body, output }, flags),
      );
    } finally {
      await output?.close();
    }
  });
};

const readTarget = (target: string): { readonly name: string; readonly action: string } => {
  const dot = target.indexOf(".");
  if (dot <= 0 || dot === target.length - 1) {
    throw new CliFailure(`${JSON.stringify(target)} does not name an action`, {
      kind: "usage",
      hint: "Write connector.action, such as bookshop.getBook",
    });
  }
  return { name: target.slice(0, dot), action: target.slice(dot + 1) };
};

const requestBody = async (terminal: Terminal, flags: CallFlags): Promise<object> => {
  const limit = flags.limit === undefined ? undefined : Number(flags.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new CliFailure("--limit is a whole number from 1", { kind: "usage" });
  }
  const page = {
    ...(flags.continuation === undefined ? {} : { continuation: flags.continuation }),
    ...(flags.all || limit !== undefined ? { all: true } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
  return {
    ...(flags.input === undefined ? {} : { input: await readJsonFlag(terminal, "--input", flags.input) }),
    ...(flags.connection === undefined ? {} : { connection: flags.connection }),
    ...(flags.connectorVersion === undefined ? {} : { version: flags.connectorVersion }),
    ...(Object.keys(page).length === 0 ? {} : { page }),
  };
};

interface ActionCall {
  readonly parameters: { readonly name: string; readonly action: string };
  readonly body: object;
  /** Where the output goes; undefined: to the terminal. */
  readonly output: OutputFile | undefined;
}

const execute = async (
  terminal: Terminal,
  api: ApiClient,
  { parameters, body, output }: ActionCall,
  flags: CallFlags,
): Promise<void> => {
  const response = await api.send("executeAction", { parameters, body });
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json") || response.headers.has("x-junctor-execution")) {
    await writeBytes(terminal, new Uint8Array(await response.arrayBuffer()), type, { output, flags });
    return;
  }
  const result = (await response.json()) as ExecuteResult;
  if (output !== undefined) await output.write(`${JSON.stringify(result.output, null, 2)}\n`);
  else printResult(terminal, flags.json, result, () => JSON.stringify(result.output ?? null, null, 2));
  if (result.meta.continuation !== undefined && flags.json !== true) {
    terminal.error(`There is more: --continuation ${result.meta.continuation}, or --all\n`);
  }
};

const writeBytes = async (
  terminal: Terminal,
  bytes: Uint8Array,
  type: string,
  { output, flags }: { readonly output: OutputFile | undefined; readonly flags: CallFlags },
): Promise<void> => {
  if (output !== undefined) {
    await output.write(bytes);
    terminal.error(`${bytes.length} bytes of ${type} in ${flags.output}\n`);
  } else if (flags.json) {
    const text = /^text\/|[/+](json|xml)\b/.test(type);
    const content = text
      ? { text: Buffer.from(bytes).toString("utf8") }
      : { base64: Buffer.from(bytes).toString("base64") };
    terminal.out(`${JSON.stringify({ output: { contentType: type, ...content } })}\n`);
  } else await terminal.outBytes(bytes);
};

const describePlan = ({ request, auth, egress, attempts, timeoutMs }: DryRunResult["plan"]): string =>
  [
    `${request.method} ${request.url}`,
    ...request.headers.map(({ name, value }) => `${name}: ${value}`),
    ...(request.body === undefined
      ? []
      : ["", typeof request.body === "string" ? request.body : JSON.stringify(request.body, null, 2)]),
    "",
    `auth ${auth ?? "none"}, at most ${attempts} attempts within ${timeoutMs / 1000} s, outbound policy: ${egress.allowed ? "allowed" : `refused (${egress.reason ?? ""})`}`,
  ].join("\n");
