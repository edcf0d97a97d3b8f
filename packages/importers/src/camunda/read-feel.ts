import { quote } from "../openapi/template-text.ts";

/** How a name of a FEEL expression is written in our template language; undefined if there is no such value. */
export type FeelNames = (name: string) => string | undefined;

/**
 * Reads the part of FEEL that element templates use: texts, numbers, names, `+`, `string(…)`, contexts and lists. Yields code
 * of our template language; undefined for anything else.
 */
export function readFeel(source: string, names: FeelNames): string | undefined {
  const tokens = source.match(/"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|[{}[\](),:+]|\S/g) ?? [];
  let index = 0;
  let failed = false;
  const next = (): string | undefined => tokens[index++];
  const expect = (text: string): void => {
    if (next() !== text) failed = true;
  };
  const sum = (): string => {
    const parts = [value()];
    while (tokens[index] === "+" && !failed) {
      index++;
      parts.push(value());
    }
    // Numbers are added, anything else is put together as text.
    return parts.length === 1
      ? (parts[0] as string)
      : parts.join(parts.every((part) => /^\d/.test(part)) ? " + " : " ~ ");
  };
  const value = (): string => {
    const token = next();
    if (token === undefined) {
      failed = true;
      return "";
    }
    if (token.startsWith('"')) return quote(readText(token));
    if (/^\d/.test(token) || token === "true" || token === "false") return token;
    if (token === "null") return "none";
    if (token === "{") return members();
    if (token === "[") return items();
    if (token === "(") {
      const inner = sum();
      expect(")");
      return `(${inner})`;
    }
    if (tokens[index] === "(") return call(token);
    const known = names(token);
    if (known === undefined) failed = true;
    return known ?? "";
  };
  const call = (name: string): string => {
    expect("(");
    const inner = sum();
    expect(")");
    if (name !== "string") failed = true;
    return `(${inner} | string)`;
  };
  const members = (): string => {
    const entries: string[] = [];
    while (tokens[index] !== "}" && !failed) {
      const name = next() ?? "";
      expect(":");
      entries.push(`${quote(name.startsWith('"') ? readText(name) : name)}: ${sum()}`);
      if (tokens[index] === ",") index++;
      if (index >= tokens.length) failed = true;
    }
    index++;
    return `{${entries.join(", ")}}`;
  };
  const items = (): string => {
    const entries: string[] = [];
    while (tokens[index] !== "]" && !failed) {
      entries.push(sum());
      if (tokens[index] === ",") index++;
      if (index >= tokens.length) failed = true;
    }
    index++;
    return `[${entries.join(", ")}]`;
  };
  const code = sum();
  return failed || index < tokens.length ? undefined : code;
}

const readText = (token: string): string => {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
};

/** The entries of a FEEL context: name → code; undefined if the source is no context. */
export function readContext(source: string, names: FeelNames): readonly (readonly [string, string])[] | undefined {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(source)?.[1];
  if (inner === undefined) return undefined;
  const entries: (readonly [string, string])[] = [];
  for (const part of splitTop(inner)) {
    const match = /^\s*("(?:[^"\\]|\\.)*"|[\w.-]+)\s*:(.*)$/s.exec(part);
    const code = match === null ? undefined : readFeel(match[2] ?? "", names);
    if (match === null || code === undefined) return undefined;
    const name = match[1] as string;
    entries.push([name.startsWith('"') ? readText(name) : name, code]);
  }
  return entries;
}

function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      index++;
      while (index < text.length && text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
    } else if (character === "{" || character === "[" || character === "(") depth++;
    else if (character === "}" || character === "]" || character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  const last = text.slice(start);
  return last.trim() === "" ? parts : [...parts, last];
}
