import type { ImportResult, LintFinding, Loss, Repair, Selection, SkippedOperation } from "./import-result.ts";
import { asObject } from "./json-value.ts";

/** The object that `junctor import --json` prints. */
export interface ImportSummary {
  readonly ok: boolean;
  readonly connector: { readonly name: string; readonly version: string } | null;
  readonly operations: {
    readonly source: number;
    readonly imported: number;
    readonly skipped: readonly SkippedOperation[];
  };
  readonly triggers: { readonly webhook: number; readonly polling: number };
  readonly auth: readonly string[];
  readonly losses: readonly Loss[];
  readonly notes: readonly Loss[];
  readonly repairs: readonly Repair[];
  readonly lint: readonly LintFinding[];
  readonly timeMs: number;
  readonly peakRssMb: number;
}

/** Shortens a result to what a program that started the import wants to know; the definition itself is left out. */
export function summariseImport(
  result: ImportResult,
  cost: { readonly timeMs: number; readonly peakRssMb: number },
): ImportSummary {
  const { name, version } = asObject(result.definition);
  return {
    ok: result.ok,
    connector: result.definition === undefined ? null : { name: String(name), version: String(version) },
    operations: result.operations,
    triggers: result.triggers,
    auth: result.auth,
    losses: result.losses,
    notes: result.notes,
    repairs: result.repairs,
    lint: result.lint,
    timeMs: Math.round(cost.timeMs),
    peakRssMb: Math.round(cost.peakRssMb),
  };
}

/** Writes a result for people: counts first, then each loss, repair and finding with its place and what to do. */
export function formatImport(result: ImportResult, limit = 50): string {
  const { operations, triggers, definition } = result;
  const lines = [
    definition === undefined
      ? "Nothing could be imported."
      : `${String(definition.name)}@${String(definition.version)}: ${operations.imported} of ${operations.source} operations, ${triggers.webhook} webhook and ${triggers.polling} polling triggers, auth: ${result.auth.join(", ") || "none"}`,
  ];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length === 0) return;
    lines.push("", `${title} (${items.length})`);
    for (const item of items.slice(0, limit)) lines.push(`  ${item}`);
    if (items.length > limit) lines.push(`  … and ${items.length - limit} more`);
  };
  section(
    "Not in the definition",
    result.losses.map((loss) => `${loss.pointer || "/"} ${loss.code}: ${loss.reason} ${loss.hint}`),
  );
  section(
    "Kept, but not followed to the letter",
    result.notes.map((note) => `${note.pointer || "/"} ${note.code}: ${note.reason}`),
  );
  section(
    "Repaired",
    result.repairs.map((repair) => `${repair.pointer} ${repair.code}: ${repair.from} → ${repair.to}`),
  );
  section(
    "Left out",
    operations.skipped.map((skipped) => `${skipped.pointer} ${skipped.code}: ${skipped.reason}`),
  );
  section(
    "Lint",
    result.lint.map(
      (finding) =>
        `${finding.severity} ${finding.rule} ${finding.pointer}: ${finding.message}${finding.hint === undefined ? "" : ` ${finding.hint}`}`,
    ),
  );
  return lines.join("\n");
}

/** Reads a selection as the command line writes it: `tag:orders,search:invoice,GET /pets,getPet`. */
export function parseSelection(text: string): Selection {
  const operations: string[] = [];
  const tags: string[] = [];
  const methods: string[] = [];
  const search: string[] = [];
  for (const part of text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")) {
    const [, kind, value = ""] = /^(tag|search|method):(.*)$/s.exec(part) ?? [];
    if (kind === "tag") tags.push(value.trim());
    else if (kind === "method") methods.push(value.trim());
    else if (kind === "search") search.push(value.trim());
    else operations.push(part);
  }
  return {
    ...(operations.length > 0 ? { operations } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(methods.length > 0 ? { methods } : {}),
    ...(search.length > 0 ? { search: search.join(" ") } : {}),
  };
}
