/** What is wrong with an address of the short form. */
export interface UrlComplaint {
  readonly rule: "schema/address";
  readonly message: string;
  readonly hint: string;
}

const LITERAL = `(?:'[^'\\\\]*'|"[^"\\\\]*")`;

/** The only expression that a host may hold: a named variable, perhaps with a literal in its place. */
const HOST_EXPRESSION = new RegExp(
  `^\\{\\{-?\\s*get_variable\\(\\s*${LITERAL}\\s*\\)\\s*(?:\\|\\s*default\\(\\s*(?<fallback>${LITERAL})\\s*(?:,\\s*(?:true|True)\\s*)?\\)\\s*)?-?\\}\\}$`,
);
const TEMPLATE = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;

/**
 * Checks the address of the short form: its scheme is written out, or comes with the whole origin from one variable; its
 * host holds nothing but `get_variable('…')`, with `default('…')` or `default('…', true)`; and what is written in it needs no
 * encoding. An allow-list: what is not known is refused.
 */
export const checkShortUrl = (url: string): readonly UrlComplaint[] => {
  if (url === "") return [];
  const masked = url.replace(TEMPLATE, (template) => "\u0001".repeat(template.length));
  if (/[\s<>"\\^`|]/.test(masked)) {
    return [
      complain(
        "The URL holds white space or a character that must be encoded",
        "Move it to query_parameters, or encode it",
      ),
    ];
  }
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(masked)?.[0];
  if (scheme !== undefined && !/^https?:\/\/$/i.test(scheme))
    return [complain(`The scheme ${scheme} is refused`, "Use https")];
  const start = scheme?.length ?? 0;
  const end = start + (/[/?#]/.exec(masked.slice(start))?.index ?? masked.length - start);
  if (scheme === undefined && (!masked.startsWith("\u0001") || masked.startsWith("://", end - 1))) return [noScheme];
  const host = url.slice(start, end);
  if (scheme === undefined && /[^\u0001]/.test(masked.slice(start, end))) return [noScheme];
  return [...host.matchAll(TEMPLATE)].flatMap(([expression]) => checkExpression(expression, scheme === undefined));
};

/**
 * Puts the literal defaults of a host's variables in their places: the address that is called while those variables do not
 * exist. Templates without one stay, and so do those with an empty one, which is no part of an address.
 */
export const assumeDefaults = (url: string): string =>
  url.replace(TEMPLATE, (template) => HOST_EXPRESSION.exec(template)?.groups?.fallback?.slice(1, -1) || template);

const checkExpression = (expression: string, wholeOrigin: boolean): readonly UrlComplaint[] => {
  const match = HOST_EXPRESSION.exec(expression);
  if (match === null) {
    return [
      complain(
        `A host cannot hold ${expression}`,
        "Write get_variable('name'), with default('literal') or default('literal', true) if it may be missing",
      ),
    ];
  }
  const fallback = match.groups?.fallback?.slice(1, -1) ?? "";
  if (!wholeOrigin || fallback === "" || /^https?:\/\//i.test(fallback)) return [];
  return [
    complain(
      `The default ${JSON.stringify(fallback)} stands for a whole origin and has no scheme`,
      "Begin it with https://",
    ),
  ];
};

const complain = (message: string, hint: string): UrlComplaint => ({ rule: "schema/address", message, hint });

const noScheme = complain(
  "A URL begins with https://, or with one variable that holds the whole origin",
  "Write the scheme out: it cannot be a template of its own",
);
