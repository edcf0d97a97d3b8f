import { expression, literal, memberOf, quote } from "../openapi/template-text.ts";

/** A piece of a policy value: text, or code of our template language. */
export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "code"; readonly code: string };

/** What the functions of a policy expression mean at one place; undefined where something is not there. */
export interface ExpressionScope {
  readonly connection: (name: string) => string | undefined;
  readonly query?: (name: string) => string | undefined;
  readonly header?: (name: string) => string | undefined;
  readonly body?: string;
  readonly item?: string;
}

/** A policy value, read. `unknown` lists what could not be carried over. */
export interface ReadExpression {
  readonly pieces: readonly Piece[];
  readonly unknown: readonly string[];
}

const functions = [
  "connectionparameters",
  "queryparameters",
  "headers",
  "body",
  "triggerbody",
  "item",
  "environmentvariables",
] as const;
type FunctionName = (typeof functions)[number];

/**
 * Reads the expression language of policies: `@function('argument'[, 'default'])` with a path behind it, alone or in
 * text, bare or inside `@{…}`. Function names are read whatever their case, and with a letter missing.
 */
export function readExpression(text: string, scope: ExpressionScope): ReadExpression {
  const pieces: Piece[] = [];
  const unknown: string[] = [];
  const plain = /^'(.*)'$/s.exec(text)?.[1] ?? text;
  let buffer = "";
  let index = 0;
  const flush = (): void => {
    if (buffer !== "") pieces.push({ kind: "text", text: buffer });
    buffer = "";
  };
  while (index < plain.length) {
    const open = /^(@\{\s*@?|\{@|@)(?=[A-Za-z]+\s*\()/.exec(plain.slice(index))?.[1];
    if (open === undefined) {
      buffer += plain[index++];
      continue;
    }
    const call = readCall(plain, index + open.length);
    if (call === undefined) {
      buffer += plain[index++];
      continue;
    }
    let end = call.end;
    if (open !== "@") {
      const close = /^\s*\}/.exec(plain.slice(end))?.[0];
      if (close !== undefined) end += close.length;
    }
    flush();
    const code = translate(call, scope);
    if (code === undefined) unknown.push(plain.slice(index, end));
    else pieces.push({ kind: "code", code });
    index = end;
  }
  flush();
  return { pieces, unknown };
}

interface Call {
  readonly name: string;
  readonly argument: string | undefined;
  readonly fallback: string | undefined;
  readonly path: readonly (string | number)[];
  readonly end: number;
}

const callPattern = /^([A-Za-z]+)\s*\(\s*(?:(?:'([^']*)'|"([^"]*)")\s*(?:,\s*(?:'([^']*)'|"([^"]*)"|([\w.]+))\s*)?)?\)/;

function readCall(text: string, start: number): Call | undefined {
  const match = callPattern.exec(text.slice(start));
  if (match === null) return undefined;
  const path: (string | number)[] = [];
  let end = start + match[0].length;
  // A name is followed by the rest of a host as often as by nothing; only data has members.
  const hasMembers = /^(trigger)?body$|^item$/i.test(match[1] ?? "");
  while (hasMembers) {
    const step = /^(?:\??\.([A-Za-z_$][\w$]*)|\??\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\])/.exec(text.slice(end));
    if (step === null) break;
    path.push(step[4] === undefined ? (step[1] ?? step[2] ?? step[3] ?? "") : Number(step[4]));
    end += step[0].length;
  }
  return {
    name: match[1] ?? "",
    argument: match[2] ?? match[3],
    fallback: match[4] ?? match[5] ?? match[6],
    path,
    end,
  };
}

/** The function that a name means: itself whatever its case, or the one that lacks or has one letter more. */
export function functionOf(name: string): FunctionName | undefined {
  const lower = name.toLowerCase();
  return (
    functions.find((known) => known === lower) ??
    functions.find((known) => Math.abs(known.length - lower.length) <= 1 && isNear(known, lower))
  );
}

function isNear(a: string, b: string): boolean {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return (
    a.slice(index + 1) === b.slice(index + 1) ||
    a.slice(index + 1) === b.slice(index) ||
    a.slice(index) === b.slice(index + 1)
  );
}

function translate(call: Call, scope: ExpressionScope): string | undefined {
  const root = rootOf(call, scope);
  if (root === undefined) return undefined;
  const access = call.path.reduce<string>(
    (code, step) => (typeof step === "number" ? `${code}[${step}]` : memberOf(code, step)),
    root,
  );
  return call.fallback === undefined ? access : `(${access} | default(${quote(call.fallback)}, true))`;
}

function rootOf(call: Call, scope: ExpressionScope): string | undefined {
  switch (functionOf(call.name)) {
    case "connectionparameters":
      return call.argument === undefined ? undefined : scope.connection(call.argument);
    case "queryparameters":
      return call.argument === undefined ? undefined : scope.query?.(call.argument);
    case "headers":
      return call.argument === undefined ? undefined : scope.header?.(call.argument);
    case "body":
    case "triggerbody":
      return scope.body;
    case "item":
      return scope.item;
    case "environmentvariables":
      return call.argument === undefined ? undefined : `var(${quote(call.argument)})`;
    default:
      return undefined;
  }
}

/** Writes pieces as a template: one expression alone, or text with expressions in it. */
export const toTemplate = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === "text" ? literal(piece.text) : expression(piece.code))).join("");

/**
 * Writes pieces for a place that is left out when a value is absent: where an input is read, the whole is one expression, because
 * in text an absent value is an error.
 */
export const toOptional = (pieces: readonly Piece[]): string =>
  pieces.length > 1 && pieces.some((piece) => piece.kind === "code" && piece.code.includes("input"))
    ? expression(toCode(pieces))
    : toTemplate(pieces);

/** Writes pieces as code. */
export function toCode(pieces: readonly Piece[]): string {
  if (pieces.length === 0) return "''";
  const code = pieces.map((piece) => (piece.kind === "text" ? quote(piece.text) : piece.code));
  return code.length === 1 ? (code[0] as string) : `(${code.join(" ~ ")})`;
}

/** The path behind `@body()` or `@item()`, as names and positions; undefined if the text is no such path. */
export function readPath(
  text: unknown,
): { readonly root: "body" | "item"; readonly path: readonly (string | number)[] } | undefined {
  if (typeof text !== "string") return undefined;
  const match = /^@?\{?@?([A-Za-z]+\s*\(\s*\))/.exec(text.trim());
  if (match === null) return undefined;
  const call = readCall(text.trim(), match[0].length - (match[1] ?? "").length);
  const name = call === undefined ? undefined : functionOf(call.name);
  if (call === undefined || (name !== "body" && name !== "item" && name !== "triggerbody")) return undefined;
  return { root: name === "item" ? "item" : "body", path: call.path };
}
