import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { importDocument } from "../src/import-document.ts";
import { sourceRules } from "../src/lint/rules/source-rules.ts";
import { readCorpus } from "./read-corpus.ts";

const page = "docs/reference/import-lint.md";
const readme = "packages/importers/README.md";

/** Writes the reference of rules about sources, and the table of the own corpus in the package's README. */
export async function generate(): Promise<Record<string, string>> {
  return { [page]: writeRules(), [readme]: writeReadme() };
}

function writeRules(): string {
  const lines = [
    "# Lint of sources",
    "",
    "Generated from `packages/importers/src/lint/rules`. Do not edit: `npm run generate`.",
    "",
    "What an import says about the document that it was given. In the strictness `advice` (the default) nothing here stops an import; in",
    "`certification` the rules have the second severity. What a rule knows how to correct, `fixSource` corrects.",
    "What is said about the definition that comes out is the business of [the lint of definitions](lint.md).",
    "",
    "| rule | advice | certification |",
    "|---|---|---|",
    ...sourceRules.map((rule) => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.certification} |`),
  ];
  for (const rule of sourceRules) {
    lines.push(
      "",
      `## ${rule.id}`,
      "",
      rule.summary,
      "",
      rule.reason,
      "",
      "Reported:",
      "",
      "```json",
      JSON.stringify(rule.bad.document, null, 2),
      "```",
      "",
      `At ${rule.bad.pointers.map((pointer) => `\`${pointer}\``).join(", ")}.`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function writeReadme(): string {
  const text = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const [before = "", rest = ""] = text.split("<!-- corpus -->\n");
  const [, after = ""] = rest.split("<!-- /corpus -->\n");
  return `${before}<!-- corpus -->\n${corpusTable()}<!-- /corpus -->\n${after}`;
}

function corpusTable(): string {
  const rows = new Map<
    string,
    {
      documents: number;
      accepted: number;
      operations: number;
      imported: number;
      triggers: number;
      losses: number;
      repairs: number;
    }
  >();
  for (const [name, files] of Object.entries(readCorpus())) {
    const result = importDocument(files, name === "json-sample" ? { format: "json-sample" } : {});
    const row = rows.get(result.format) ?? {
      documents: 0,
      accepted: 0,
      operations: 0,
      imported: 0,
      triggers: 0,
      losses: 0,
      repairs: 0,
    };
    row.documents++;
    row.accepted += result.ok ? 1 : 0;
    row.operations += result.operations.source;
    row.imported += result.operations.imported;
    row.triggers += result.triggers.webhook + result.triggers.polling;
    row.losses += result.losses.length;
    row.repairs += result.repairs.length;
    rows.set(result.format, row);
  }
  const lines = [
    "",
    "| format | documents | accepted | operations | imported | triggers | reported losses | repairs |",
    "|---|---|---|---|---|---|---|---|",
  ];
  for (const [format, row] of [...rows].sort((a, b) => a[0].localeCompare(b[0]))) {
    lines.push(
      `| ${format} | ${row.documents} | ${row.accepted} | ${row.operations} | ${row.imported} | ${row.triggers} | ${row.losses} | ${row.repairs} |`,
    );
  }
  return `${lines.join("\n")}\n\n`;
}
