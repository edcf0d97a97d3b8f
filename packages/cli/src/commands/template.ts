import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readText } from "../read-file.ts";
import { readLines } from "../read-lines.ts";

/** Written out in pieces of about this size: a write per line would be the slowest part. */
const PIECE = 64 * 1024;

/** `junctor template eval`: renders templates line by line. */
export const registerTemplate = (program: Command, { terminal }: CommandContext): void => {
  const template = program.command("template").description("Try templates. Needs no server.");
  template
    .command("eval")
    .description(
      "Render templates with Python's semantics: JSON lines in, one JSON line out each. In: { template, undefined?, autoescape?, trimBlocks?, lstripBlocks? }; out: { output }, always the rendered text, or { error: { type, message, line, column } }.",
    )
    .requiredOption("--context <file>", "JSON file with the names that templates may read")
    .action(async ({ context }: { readonly context: string }) => {
      if (context === "-") {
        throw new CliFailure("The templates come through standard input, so the context cannot", { kind: "usage" });
      }
      const { createTemplateEvaluator } = await import("../template-evaluator.ts");
      const evaluate = createTemplateEvaluator(await readText(terminal, context), context);
      let piece = "";
      for await (const line of readLines(terminal.input)) {
        if (line.trim() === "") continue;
        piece += `${JSON.stringify(evaluate(line))}\n`;
        if (piece.length < PIECE) continue;
        await terminal.outBytes(Buffer.from(piece));
        piece = "";
      }
      await terminal.outBytes(Buffer.from(piece));
    })
    .addHelpText("after", `\nExit code ${exitCodes.ok.code} also when templates fail: each line says so itself.`);
};
