/**
 * Rewriting of template source for the normaliser, where no rendering is wanted: it looks at marks and quotes only, and
 * leaves everything that it does not know as it is.
 */

/** Tells whether a string is a template rather than a literal. */
export const isTemplate = (text: string): boolean => /\{\{|\{%|\{#/.test(text);

/** Gives the expression inside `{{ … }}` when that is all the text; else undefined. */
export const singleExpression = (text: string): string | undefined => {
  const match = /^\{\{-?(?<inner>(?:[^'"}]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\}(?!\}))*)-?\}\}$/s.exec(text);
  return match?.groups?.inner?.trim();
};

/** Writes a text as a string literal of an expression. */
export const quote = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;

/** Renames functions where templates of the text call them: `get_secret('x')` → `secret('x')`. Quoted text stays. */
export const renameCalls = (text: string, names: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, (template) =>
    template.replace(
      /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?<![\w.])([A-Za-z_]\w*)(?=\s*\()/gs,
      (whole, name: string | undefined) => (name === undefined ? whole : (names[name] ?? name)),
    ),
  );

/**
 * Turns a text template into one expression: `a{{ x }}b` → `('a' ~ (x) ~ 'b')`. Undefined when it has statements
 * (`{% … %}`), which no expression can hold.
 */
export const toExpression = (text: string): string | undefined => {
  if (!isTemplate(text)) return quote(text);
  if (/\{%|\{#/.test(text)) return undefined;
  const single = singleExpression(text);
  if (single !== undefined) return `(${single})`;
  const parts = text.split(/(\{\{.*?\}\})/s).filter((part) => part !== "");
  return `(${parts.map((part) => (part.startsWith("{{") ? `(${part.slice(2, -2).trim()})` : quote(part))).join(" ~ ")})`;
};
