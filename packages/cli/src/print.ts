import type { Finding } from "@junctor/core";
import type { Terminal } from "./terminal.ts";

/** Prints a result: one line of JSON for programs, or what `human` says. */
export const printResult = (
  terminal: Terminal,
  json: boolean | undefined,
  result: unknown,
  human: () => string,
): void => terminal.out(json === true ? `${JSON.stringify(result)}\n` : withLineEnd(human()));

const withLineEnd = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** Writes findings as a compiler does: `file:line:column severity message (rule)`, the hint below. */
export const formatFindings = (
  file: string,
  findings: readonly Pick<Finding, "line" | "column" | "severity" | "message" | "rule" | "pointer" | "hint">[],
): string =>
  findings
    .map(({ line, column, severity, message, rule, pointer, hint }) => {
      const place = line === null ? `${file} ${pointer}` : `${file}:${line}:${column}`;
      return `${place} ${severity} ${message} (${rule})${hint === undefined ? "" : `\n    ${hint}`}\n`;
    })
    .join("");

/** Writes rows under headings, columns as wide as their widest cell. */
export const formatTable = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(headings), ...rows.map(line)].map((text) => `${text}\n`).join("");
};
