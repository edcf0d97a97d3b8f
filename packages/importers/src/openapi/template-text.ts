/** Writing templates: text that stays text, and expressions that name a place. */

/** Protects text that contains template marks, so that it stays what it is. */
export const literal = (text: string): string => (/\{\{|\{%|\{#/.test(text) ? `{% raw %}${text}{% endraw %}` : text);

/** Protects the strings of a JSON value that is data, not templates. */
export function literalTree(value: unknown): unknown {
  if (typeof value === "string") return literal(value);
  if (Array.isArray(value)) return value.map(literalTree);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, literalTree(item)]));
}

/** Words that the template language keeps for itself. */
const reserved = new Set([
  "and",
  "or",
  "not",
  "in",
  "is",
  "if",
  "else",
  "elif",
  "for",
  "true",
  "false",
  "none",
  "True",
  "False",
  "None",
]);

/** Writes the access to a member: `input.name`, or `input['a-b']` where the name is no identifier. */
export const memberOf = (parent: string, name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name) ? `${parent}.${name}` : `${parent}[${quote(name)}]`;

/** Writes a string literal of the template language. */
export const quote = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}'`;

/** What stands behind the code of a value that only the first page of a list sends. */
export const firstPageOnly = " if page.next is not defined";

/** Writes a single expression. */
export const expression = (code: string): string => `{{ ${code} }}`;

/** What a member access in a template names; undefined if the code is not a plain access below `root`. */
export function readMember(root: string, code: string): string | undefined {
  const text = code.trim();
  if (!text.startsWith(root)) return undefined;
  const rest = text.slice(root.length);
  const plain = /^\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(rest);
  if (plain?.[1] !== undefined) return plain[1];
  const quoted = /^\['((?:[^'\\]|\\.)*)'\]$/.exec(rest);
  return quoted?.[1]?.replaceAll(
    /\\(.)/g,
    (_, character: string) => ({ n: "\n", r: "\r", t: "\t" })[character] ?? character,
  );
}

/** Puts code in brackets where a member access or a filter behind it would bind to a part of it. */
export const wrap = (code: string): string => (/[|~ ]/.test(code) ? `(${code})` : code);

/** The code of an object in which the value at a path is another. */
export function mergeAt(code: string, path: readonly string[], value: string): string {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const base = wrap(code);
  const inner = rest.length === 0 ? value : mergeAt(memberOf(base, name), rest, value);
  return `(${base} | default({})) | merge({${quote(name)}: ${inner}})`;
}
