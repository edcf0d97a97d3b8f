import type { DiffResult } from "@junctor/contract";
import type { DefinitionChange } from "@junctor/core";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printResult } from "../print.ts";
import { readDefinitionFile } from "../read-definition.ts";
import type { Terminal } from "../terminal.ts";

interface DiffFlags extends ServerFlags {
  readonly from?: string;
  readonly json?: boolean;
}

const SIZE = { none: 0, patch: 1, minor: 2, major: 3 } as const;

/** `junctor diff`: what changed between two versions of a definition, and the version step it asks for. */
export const registerDiff = (program: Command, { terminal, exit }: CommandContext): void => {
  const command = program
    .command("diff")
    .description("Say what changed between two definitions, or between the published version and this one.")
    .argument("<before>", "the older definition; with one argument, the definition to compare with what is published")
    .argument("[after]", "the newer definition")
    .option("--from <version>", "published version to compare with (default: the highest)")
    .option("--json", "print one object: { ok, from, to, step, accepted, changes: [{ kind, pointer, message }] }");
  withServerFlags(command).action(async (before: string, after: string | undefined, flags: DiffFlags) => {
    const result =
      after === undefined ? await diffPublished(terminal, before, flags) : await diffFiles(terminal, before, after);
    printResult(terminal, flags.json, { ok: result.accepted, ...result }, () => describe(result));
    if (!result.accepted) exit(exitCodes.failed.code);
  });
};

const diffFiles = async (terminal: Terminal, before: string, after: string): Promise<DiffResult> => {
  const { definition: old } = await readDefinitionFile(terminal, before);
  const { definition: now } = await readDefinitionFile(terminal, after);
  const { diffDefinitions, versionStep } = await import("@junctor/core");
  const { changes, step } = diffDefinitions(old, now);
  const taken = versionStep(old.version, now.version) ?? "none";
  return {
    from: old.version,
    to: now.version,
    step: step ?? "none",
    accepted: SIZE[taken] >= SIZE[step ?? "none"],
    changes,
  };
};

const diffPublished = async (terminal: Terminal, path: string, flags: DiffFlags): Promise<DiffResult> => {
  const { definition } = await readDefinitionFile(terminal, path);
  const result = await connect(terminal, flags).call<DiffResult>("diffConnector", {
    parameters: { name: definition.name },
    body: { definition, ...(flags.from === undefined ? {} : { from: flags.from }) },
  });
  // Nothing changed needs no step, so a version that is published already is in order.
  return result.step === "none" ? { ...result, accepted: true } : result;
};

const describe = ({ from, to, step, accepted, changes }: DiffResult): string => {
  const lines = (changes as readonly DefinitionChange[]).map(
    ({ kind, pointer, message }) => `${kind.padEnd(12)} ${pointer} ${message}`,
  );
  const verdict =
    changes.length === 0
      ? `${from ?? "nothing"} → ${to}: nothing changed`
      : `${from ?? "nothing"} → ${to}: ${changes.length} ${changes.length === 1 ? "change needs" : "changes need"} a ${step} step, which this ${accepted ? "is" : "is not"}`;
  return [...lines, verdict].join("\n");
};
