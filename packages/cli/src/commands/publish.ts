import type { SavedConnector } from "@junctor/contract";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { definitionPath, readText } from "../read-file.ts";

interface PublishFlags extends ServerFlags {
  readonly draft?: boolean;
  readonly json?: boolean;
}

/** `junctor publish`: saves definitions on the server and makes them versions. */
export const registerPublish = (program: Command, { terminal }: CommandContext): void => {
  const command = program
    .command("publish")
    .description("Publish definitions. A published version never changes; the version must have grown by enough.")
    .argument("[paths...]", "definitions, or folders with a connector.json", ["."])
    .option("--draft", "save as a draft instead: it can be called by its version and changed again")
    .option("--json", "print one object: { ok, published: [{ name, version, state, findings, changes }] }");
  withServerFlags(command).action(async (paths: readonly string[], flags: PublishFlags) => {
    const { readDefinition } = await import("@junctor/core");
    const api = connect(terminal, flags);
    const published: object[] = [];
    const lines: string[] = [];
    for (const path of paths) {
      const text = await readText(terminal, await definitionPath(terminal, path));
      // Read here first: its findings have the places of this file, and nothing is sent for a typing error.
      readDefinition(text);
      const { connector, findings, changes } = await withProgress(terminal, `Publishing ${path}`, () =>
        api.call<SavedConnector>("saveConnector", { query: { publish: String(flags.draft !== true) }, body: text }),
      );
      const { name, version, state } = connector;
      published.push({ name, version, state, findings, changes });
      const warnings = findings.filter(({ severity }) => severity === "warning").length;
      lines.push(
        `${name} ${version} is ${state === "published" ? "published" : "saved as a draft"}${changes.length > 0 ? `, ${changes.length} changes` : ""}${warnings > 0 ? `, ${warnings} warnings (junctor lint shows them)` : ""}`,
      );
    }
    printResult(terminal, flags.json, { ok: true, published }, () => lines.join("\n"));
  });
};
