/** A URL with templates in it, taken apart without rendering. All parts are templates again. */
export interface SplitUrl {
  /** Scheme and host, `https://api.example.com`; or one template that yields them. */
  readonly origin: string;
  /** Begins with `/`. */
  readonly path: string;
  /** Parameters in order; literal text is percent-decoded. */
  readonly query: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Takes a URL apart at the first `/` behind the host, the first `?` and the `&` and `=` of the query, where they stand
 * outside `{{ … }}` and `{% … %}`. A fragment is dropped: it is never sent.
 */
export const splitUrl = (url: string): SplitUrl => {
  const masked = maskTemplates(url);
  const fragment = masked.indexOf("#");
  const end = fragment === -1 ? url.length : fragment;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(masked)?.[0].length ?? 0;
  const question = indexWithin(masked, "?", scheme, end);
  const slash = indexWithin(masked, "/", scheme, question);
  const path = url.slice(slash, question);
  return {
    origin: url.slice(0, slash),
    path: path === "" ? "/" : path,
    query: question === end ? [] : splitQuery(url.slice(question + 1, end)),
  };
};

const splitQuery = (text: string): SplitUrl["query"] => {
  const masked = maskTemplates(text);
  const parts: { name: string; value: string }[] = [];
  let start = 0;
  while (start < text.length) {
    const end = indexWithin(masked, "&", start, text.length);
    const equals = indexWithin(masked, "=", start, end);
    if (end > start) {
      parts.push({
        name: decode(text.slice(start, equals)),
        value: decode(text.slice(Math.min(equals + 1, end), end)),
      });
    }
    start = end + 1;
  }
  return parts;
};

const indexWithin = (text: string, mark: string, from: number, end: number): number => {
  const at = text.indexOf(mark, from);
  return at === -1 || at > end ? end : at;
};

/** Decodes the literal text between templates; text that is no percent-encoding stays as it is. */
const decode = (text: string): string =>
  text
    .split(/(\{\{.*?\}\}|\{%.*?%\})/s)
    .map((part, index) => (index % 2 === 1 ? part : decodeLiteral(part.replaceAll("+", " "))))
    .join("");

const decodeLiteral = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Replaces every template of a text by as many letters, so that offsets stay and marks inside it are not seen. */
const maskTemplates = (text: string): string =>
  text.replace(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs, (template) => "x".repeat(template.length));
