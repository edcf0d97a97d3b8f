import type { SavedConnector } from "@junctor/contract";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readDefinitionFile } from "../read-definition.ts";
import type { Terminal } from "../terminal.ts";
import { describeFailure, failureDetails, inFile, toFailure } from "../to-failure.ts";

interface PublishFlags extends ServerFlags {
  readonly draft?: boolean;
  readonly json?: boolean;
}

/** `junctor publish`: saves definitions on the server and makes them versions. */
export const registerPublish = (program: Command, { terminal, exit }: CommandContext): void => {
  const command = program
    .command("publish")
    .description("Publish definitions. A published version never changes; the version must have grown by enough.")
    .argument("[paths...]", "definitions, or folders with a connector.json", ["."])
    .option("--draft", "save as a draft instead: it can be called by its version and changed again")
    .option(
      "--json",
      "print one object: { ok, published: [{ name, version, state, findings, changes }], failed: [{ path, error }] }",
    );
  withServerFlags(command).action(async (paths: readonly string[], flags: PublishFlags) => {
    const api = connect(terminal, flags);
    const published: PublishedVersion[] = [];
    const failed: { readonly path: string; readonly failure: CliFailure }[] = [];
    for (const path of paths) {
      try {
        published.push(await publishOne(terminal, api, path, flags));
      } catch (error) {
        if (terminal.signal.aborted) throw error;
        const failure = toFailure(error);
        failed.push({ path, failure });
        if (flags.json !== true) terminal.error(describeFailure(failure));
        // The others would hear the same.
        if (failure.exitCode === exitCodes.unreachable.code || failure.exitCode === exitCodes.refused.code) break;
      }
    }
    const first = failed[0]?.failure;
    const result = {
      ok: first === undefined,
      ...(first === undefined ? {} : { error: failureDetails(first) }),
      published,
      failed: failed.map(({ path, failure }) => ({ path, error: failureDetails(failure) })),
    };
    printResult(terminal, flags.json, result, () => published.map(describe).join("\n"));
    if (first !== undefined) exit(first.exitCode);
  });
};

interface PublishedVersion extends Pick<SavedConnector, "findings" | "changes"> {
  readonly name: string;
  readonly version: string;
  readonly state: string;
}

const publishOne = async (
  terminal: Terminal,
  api: ApiClient,
  path: string,
  flags: PublishFlags,
): Promise<PublishedVersion> => {
  // Read here first: its findings have the places of this file, and nothing is sent for a typing error.
  const { text } = await readDefinitionFile(terminal, path);
  const { connector, findings, changes } = await withProgress(terminal, `Publishing ${path}`, () =>
    api.call<SavedConnector>("saveConnector", { query: { publish: String(flags.draft !== true) }, body: text }),
  ).catch((error: unknown) => {
    throw terminal.signal.aborted ? error : nameRefused(path, error);
  });
  const { name, version, state } = connector;
  return { name, version, state, findings, changes };
};

/** A server that is away or wants another key has nothing against this file. */
const nameRefused = (path: string, error: unknown): CliFailure => {
  const failure = toFailure(error);
  return failure.exitCode === exitCodes.failed.code ? inFile(path, failure) : failure;
};

const describe = ({ name, version, state, findings, changes }: PublishedVersion): string => {
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return `${name} ${version} is ${state === "published" ? "published" : "saved as a draft"}${changes.length > 0 ? `, ${changes.length} changes` : ""}${warnings > 0 ? `, ${warnings} warnings (junctor lint shows them)` : ""}`;
};
