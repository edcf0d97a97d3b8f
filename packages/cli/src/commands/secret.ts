import type { Secret } from "@junctor/contract";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { commandName } from "../command-name.ts";
import { formatTable, printResult } from "../print.ts";
import { readExactText } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";

interface SetFlags extends ServerFlags {
  readonly value?: string;
  readonly file?: string;
  readonly hosts: string;
  readonly json?: boolean;
}

/** What the server takes is 65536 characters; none of them has more than four bytes, and a line end may follow. */
const MAX_VALUE_BYTES = 4 * 65_536 + 2;

/** `junctor secret`: named values that are written and never read back. */
export const registerSecret = (program: Command, { terminal }: CommandContext): void => {
  const secret = program
    .command("secret")
    .description("Secrets of the workspace: written, sent to their hosts, never shown.");
  withServerFlags(
    secret
      .command("set")
      .description("Write a secret. The value comes from standard input unless --file or --value gives it.")
      .argument("<name>", "name that templates use: secret('name')")
      .requiredOption(
        "--hosts <hosts>",
        "hosts that it may be sent to, separated by commas: api.example.com,*.example.org",
      )
      .option("--file <file>", "file that holds the value; one line end at its end is dropped")
      .option("--value <value>", "the value; it stays in the shell's history, so prefer standard input")
      .option("--json", "print one object: { ok, secret }"),
  ).action(async (name: string, flags: SetFlags) => {
    const value = await readValue(terminal, name, flags);
    const hosts = flags.hosts
      .split(",")
      .map((host) => host.trim())
      .filter((host) => host !== "");
    const saved = await connect(terminal, flags).call<Secret>("putSecret", {
      parameters: { name },
      body: { value, hosts },
    });
    printResult(
      terminal,
      flags.json,
      { ok: true, secret: saved },
      () => `${name} is written; it may be sent to ${saved.hosts.join(", ") || "no host"}`,
    );
  });
  withServerFlags(
    secret.command("list").description("List names and hosts.").option("--json", "print one object: { secrets }"),
  ).action(async (flags: SetFlags) => {
    const secrets = await connect(terminal, flags).list<Secret>("listSecrets");
    printResult(terminal, flags.json, { secrets }, () =>
      formatTable(
        ["name", "hosts", "updated"],
        secrets.map(({ name, hosts, updatedAt }) => [name, hosts.join(","), updatedAt]),
      ),
    );
  });
  withServerFlags(
    secret
      .command("delete")
      .description("Delete a secret.")
      .argument("<name>", "name of the secret")
      .option("--json", "print one object: { ok }"),
  ).action(async (name: string, flags: SetFlags) => {
    await connect(terminal, flags).call("deleteSecret", { parameters: { name } });
    printResult(terminal, flags.json, { ok: true }, () => `${name} is gone`);
  });
};

/** The value from where the flags say; files and standard input lose one line end at their end. */
const readValue = async (terminal: Terminal, name: string, { value, file }: SetFlags): Promise<string> => {
  if (value !== undefined && file !== undefined) {
    throw new CliFailure("--value and --file are two values", { kind: "usage", hint: "Give one of them" });
  }
  if (value === undefined && file === undefined && terminal.inputIsTyped) {
    throw new CliFailure("There is no value", {
      kind: "usage",
      hint: `Pipe it: ${commandName(terminal)} secret set ${name} --hosts … < file`,
    });
  }
  const path = file === "-" ? undefined : file;
  const text = value ?? (await readExactText(terminal, path, MAX_VALUE_BYTES)).replace(/\r?\n$/, "");
  if (text === "") throw new CliFailure("The value is empty", { kind: "usage" });
  return text;
};
