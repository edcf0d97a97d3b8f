import type { Variable } from "@junctor/contract";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { formatTable, printResult } from "../print.ts";
import { readJsonFlag } from "../read-file.ts";

interface VariableFlags extends ServerFlags {
  readonly asJson?: boolean;
  readonly json?: boolean;
}

/** `junctor variable`: named values that are plain. */
export const registerVariable = (program: Command, { terminal }: CommandContext): void => {
  const variable = program
    .command("variable")
    .description("Variables of the workspace: plain values that templates read with var('name').");
  withServerFlags(
    variable
      .command("set")
      .description("Write a variable.")
      .argument("<name>", "name of the variable")
      .argument("<value>", "text; with --as-json JSON, @file or -")
      .option("--as-json", "read the value as JSON")
      .option("--json", "print one object: { ok, variable }"),
  ).action(async (name: string, text: string, flags: VariableFlags) => {
    const value = flags.asJson ? await readJsonFlag(terminal, "the value", text) : text;
    const saved = await connect(terminal, flags).call<Variable>("putVariable", {
      parameters: { name },
      body: { value },
    });
    printResult(terminal, flags.json, { ok: true, variable: saved }, () => `${name} is written`);
  });
  withServerFlags(
    variable.command("list").description("List names and values.").option("--json", "print one object: { variables }"),
  ).action(async (flags: VariableFlags) => {
    const variables = await connect(terminal, flags).list<Variable>("listVariables");
    printResult(terminal, flags.json, { variables }, () =>
      formatTable(
        ["name", "value"],
        variables.map(({ name, value }) => [name, JSON.stringify(value)]),
      ),
    );
  });
  withServerFlags(
    variable
      .command("delete")
      .description("Delete a variable.")
      .argument("<name>", "name of the variable")
      .option("--json", "print one object: { ok }"),
  ).action(async (name: string, flags: VariableFlags) => {
    await connect(terminal, flags).call("deleteVariable", { parameters: { name } });
    printResult(terminal, flags.json, { ok: true }, () => `${name} is gone`);
  });
};
