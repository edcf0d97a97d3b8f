import type { Key, KeyCreated } from "@junctor/contract";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { formatTable, printResult } from "../print.ts";

interface KeyFlags extends ServerFlags {
  readonly name: string;
  readonly scopes: string;
  readonly publishable?: boolean;
  readonly origins?: string;
  readonly expires?: string;
  readonly json?: boolean;
}

const splitList = (text: string): readonly string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** `junctor key`: API keys of the workspace. */
export const registerKey = (program: Command, { terminal }: CommandContext): void => {
  const key = program.command("key").description("API keys of the workspace. A key is shown once, when it is created.");
  withServerFlags(
    key
      .command("create")
      .description("Create a key and print it.")
      .requiredOption("--name <name>", "name, for people")
      .option("--scopes <scopes>", "what it may do, separated by commas", "execute")
      .option("--publishable", "a key that browsers may see; give --origins")
      .option("--origins <origins>", "origins that may use a publishable key, separated by commas")
      .option("--expires <time>", "when it ends, such as 2027-01-01T00:00:00Z (default: never)")
      .option("--json", "print one object: { ok, key }"),
  ).action(async (flags: KeyFlags) => {
    const created = await connect(terminal, flags).call<KeyCreated>("createKey", {
      body: {
        name: flags.name,
        scopes: splitList(flags.scopes),
        ...(flags.publishable ? { kind: "publishable" } : {}),
        ...(flags.origins === undefined ? {} : { origins: splitList(flags.origins) }),
        ...(flags.expires === undefined ? {} : { expiresAt: flags.expires }),
      },
    });
    if (flags.json !== true)
      terminal.error(`${created.name} may: ${created.scopes.join(", ")}. The key is shown here and nowhere else:\n`);
    printResult(terminal, flags.json, { ok: true, key: created }, () => created.key);
  });
  withServerFlags(
    key.command("list").description("List what each key may do.").option("--json", "print one object: { keys }"),
  ).action(async (flags: KeyFlags) => {
    const keys = await connect(terminal, flags).list<Key>("listKeys");
    printResult(terminal, flags.json, { keys }, () =>
      formatTable(
        ["id", "name", "begins", "scopes", "ends"],
        keys.map(({ id, name, prefix, scopes, expiresAt, revokedAt }) => [
          id,
          name,
          prefix,
          scopes.join(","),
          revokedAt === null ? (expiresAt ?? "never") : "revoked",
        ]),
      ),
    );
  });
  withServerFlags(
    key
      .command("revoke")
      .description("Revoke a key, on every replica within five seconds.")
      .argument("<id>", "id of the key")
      .option("--json", "print one object: { ok }"),
  ).action(async (id: string, flags: KeyFlags) => {
    await connect(terminal, flags).call("revokeKey", { parameters: { id } });
    printResult(terminal, flags.json, { ok: true }, () => `${id} is revoked`);
  });
};
