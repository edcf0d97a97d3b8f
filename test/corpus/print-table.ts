import type { DocumentScore } from "./score-document.ts";

const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((part / whole) * 100).toFixed(2)} % (${part}/${whole})`;

const quantile = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const sum = (scores: readonly DocumentScore[], read: (score: DocumentScore) => number): number =>
  scores.reduce((total, score) => total + read(score), 0);

/** A score without a document behind it: one that failed. */
export interface FailedDocument {
  readonly name: string;
  readonly error: string;
}

/** Writes the table of a run as Markdown. */
export function tableOf(scores: readonly DocumentScore[], failed: readonly FailedDocument[]): string {
  const documents = scores.length + failed.length;
  const times = scores.map((score) => score.timeMs).sort((a, b) => a - b);
  const withAuth = scores.filter((score) => score.auth.wanted);
  const rows: readonly (readonly [string, string])[] = [
    ["documents", String(documents)],
    ["import", percent(scores.filter((score) => score.imported).length, documents)],
    ["lossless documents", percent(scores.filter((score) => score.lossless).length, scores.length)],
    [
      "facts kept",
      percent(
        sum(scores, (score) => score.kept),
        sum(scores, (score) => score.facts),
      ),
    ],
    ["silent losses", String(sum(scores, (score) => score.silent.length))],
    ["documents with a reported loss", String(scores.filter((score) => score.losses > 0).length)],
    [
      "operations imported",
      percent(
        sum(scores, (score) => score.operations.imported),
        sum(scores, (score) => score.operations.source),
      ),
    ],
    [
      "operations callable",
      percent(
        sum(scores, (score) => score.calls.good),
        sum(scores, (score) => score.calls.made),
      ),
    ],
    [
      "webhook triggers",
      percent(
        sum(scores, (score) => score.webhooks.found),
        sum(scores, (score) => score.webhooks.wanted),
      ),
    ],
    [
      "  with payload schema",
      percent(
        sum(scores, (score) => score.webhooks.withPayload),
        sum(scores, (score) => score.webhooks.wanted),
      ),
    ],
    [
      "  with callback field",
      percent(
        sum(scores, (score) => score.webhooks.withCallback),
        sum(scores, (score) => score.webhooks.wanted),
      ),
    ],
    [
      "polling triggers",
      percent(
        sum(scores, (score) => score.polling.found),
        sum(scores, (score) => score.polling.wanted),
      ),
    ],
    [
      "  with payload schema",
      percent(
        sum(scores, (score) => score.polling.withPayload),
        sum(scores, (score) => score.polling.wanted),
      ),
    ],
    ["auth mapped", percent(withAuth.filter((score) => score.auth.mapped).length, withAuth.length)],
    [
      "policies applied",
      percent(
        sum(scores, (score) => score.policies.applied),
        sum(scores, (score) => score.policies.found),
      ),
    ],
    [
      "dynamic links resolved",
      percent(
        sum(scores, (score) => score.dynamicLinks.resolved),
        sum(scores, (score) => score.dynamicLinks.found),
      ),
    ],
    [
      "documents with a lint error",
      percent(scores.filter((score) => score.lintErrors.length > 0).length, scores.length),
    ],
    [
      "definition size / source size",
      (
        sum(scores, (score) => score.definitionBytes) /
        Math.max(
          1,
          sum(scores, (score) => score.sourceBytes),
        )
      ).toFixed(2),
    ],
    [
      "import time p50 / p95 / p99 (ms)",
      `${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.95).toFixed(0)} / ${quantile(times, 0.99).toFixed(0)}`,
    ],
    ["peak RSS (MB)", String(Math.round(Math.max(0, ...scores.map((score) => score.rssMb))))],
  ];
  return ["| measure | value |", "|---|---|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

/** Lists why operations could not be called, the commonest first. */
export function reasonsOf(scores: readonly DocumentScore[], most: number): readonly string[] {
  const counts = new Map<string, { count: number; example: string }>();
  for (const score of scores) {
    for (const reason of score.calls.reasons) {
      const kind = reason
        .slice(reason.indexOf(": ") + 2)
        .replaceAll(/"[^"]*"|\d+|[\w.-]*\/[\w./{}~-]*/g, "…")
        .slice(0, 60);
      const known = counts.get(kind) ?? { count: 0, example: `${score.name} ${reason}` };
      counts.set(kind, { ...known, count: known.count + 1 });
    }
  }
  return [...counts]
    .sort((a, b) => b[1].count - a[1].count)
    .slice(0, most)
    .map(([kind, { count, example }]) => `${count} × ${kind}   e.g. ${example.slice(0, 300)}`);
}
