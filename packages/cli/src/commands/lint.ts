import { basename, dirname, relative } from "node:path";
import type { LintReport } from "@junctor/core";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatFindings, printResult } from "../print.ts";
import { definitionPath, readText } from "../read-file.ts";
import { writeFiles } from "../write-files.ts";

interface LintFlags {
  readonly gate?: boolean;
  readonly fix?: boolean;
  readonly json?: boolean;
}

interface LintedFile extends LintReport {
  readonly path: string;
  readonly fixed: number;
}

/** `junctor lint`: checks definitions without a server. */
export const registerLint = (program: Command, { terminal, exit }: CommandContext): void => {
  program
    .command("lint")
    .description("Check definitions: JSON, schema and rules. Needs no server.")
    .argument("[paths...]", "definitions, or folders with a connector.json; - reads standard input", ["."])
    .option("--gate", "only what stops publishing")
    .option("--fix", "apply the fixes that rules offer, then check again")
    .option("--json", "print one object: { ok, files: [{ path, passed, findings }] }")
    .action(async (paths: readonly string[], flags: LintFlags) => {
      const { applyFixes, lintText } = await import("@junctor/core");
      const files: LintedFile[] = [];
      for (const path of paths) {
        const file = await definitionPath(terminal, path);
        let text = await readText(terminal, file);
        const options = { level: flags.gate ? "gate" : "advice" } as const;
        let report = lintText(text, options);
        let fixed = 0;
        if (flags.fix && file !== "-") {
          const result = applyFixes(text, report.findings);
          if (result.applied > 0) {
            ({ text, applied: fixed } = result);
            await writeFiles(terminal, dirname(file), { [basename(file)]: text });
            report = lintText(text, options);
          }
        }
        files.push({ path: file === "-" ? "-" : relative(terminal.folder, file), fixed, ...report });
      }
      const ok = files.every(({ passed }) => passed);
      printResult(terminal, flags.json, { ok, files }, () => describe(files));
      if (!ok) exit(exitCodes.failed.code);
    });
};

const describe = (files: readonly LintedFile[]): string => {
  const count = (severity: string): number =>
    files.reduce((sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length, 0);
  const fixed = files.reduce((sum, file) => sum + file.fixed, 0);
  return [
    ...files.map(({ path, findings }) => formatFindings(path, findings)),
    `${files.length} ${files.length === 1 ? "definition" : "definitions"}: ${count("error")} errors, ${count("warning")} warnings, ${count("info")} suggestions${fixed > 0 ? `; ${fixed} fixed` : ""}\n`,
  ].join("");
};
