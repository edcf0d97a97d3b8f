import type { HttpHeaders } from "../ports/http.ts";

/**
 * The answer of a token endpoint or a login, as templates see it under `response`. Servers send JSON as text/html, forms as
 * JSON and bare tokens as anything, so the text itself decides what it is, whatever the content type says.
 */
export interface TokenAnswer {
  readonly status: number;
  /** Lower-case names; a header that came more than once is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  /** Decoded JSON or form; the text itself where it is neither; null when empty. */
  readonly body: unknown;
  readonly text: string;
}

/** Reads an answer: JSON if it parses, a form if every part looks like `name=value`, text otherwise. */
export function readTokenAnswer(status: number, headers: HttpHeaders, text: string): TokenAnswer {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    flat[name] = typeof value === "string" ? value : value.join(", ");
  return { status, headers: flat, cookies: readCookies(headers["set-cookie"]), body: sniffBody(text), text };
}

/** Decides what a body is by looking at it. */
export function sniffBody(text: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return null;
  if (/^[{["]/.test(trimmed)) {
    // Some servers guard JSON against script inclusion; some wrap it in a second JSON string.
    const parsed = parseJson(trimmed);
    if (typeof parsed === "string" && /^\s*\{/.test(parsed)) return parseJson(parsed) ?? parsed;
    if (parsed !== undefined) return parsed;
  }
  const form = /^[\w.\-[\]%+]+=[^\s<>{}&=][^\s<>{}]*(?:&[\w.\-[\]%+]+=[^\s<>{}]*)*$/;
  if (form.test(trimmed)) return Object.fromEntries(new URLSearchParams(trimmed));
  return trimmed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readCookies(header: string | readonly string[] | undefined): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const line of typeof header === "string" ? [header] : (header ?? [])) {
    const pair = line.split(";", 1)[0] ?? "";
    const equals = pair.indexOf("=");
    if (equals > 0) cookies[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim();
  }
  return cookies;
}
