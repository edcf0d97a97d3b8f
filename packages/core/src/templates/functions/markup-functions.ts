import { type HostCallable, markSafe, TemplateError } from "@junctor/jinja";
import { describe } from "./arguments.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** Characters that XML 1.0 cannot hold, not even escaped. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Escapes text for XML content and attributes, and marks it as ready-made. */
const xmlEscape: HostCallable = {
  budget: { growth: 6 },
  call: ([value]) => {
    if (typeof value === "object")
      throw new TemplateError("TypeError", `xml_escape needs a text, not ${describe(value)}`);
    const text = String(value);
    if (FORBIDDEN.test(text))
      throw new TemplateError("ValueError", "xml_escape: the text holds a character that XML cannot hold");
    return markSafe(text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string));
  },
};

/** Percent-encodes everything but the unreserved characters of RFC 3986; the built-in `urlencode` leaves `/` as it is. */
const urlComponent: HostCallable = {
  budget: { growth: 9 },
  call: ([value]) => {
    if (typeof value === "object")
      throw new TemplateError("TypeError", `url_component needs a text, not ${describe(value)}`);
    const text = String(value);
    if (!text.isWellFormed())
      throw new TemplateError("ValueError", "url_component: the text holds half of a character (a lone surrogate)");
    return encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  },
};

/** Filters that encode text for XML and URLs. */
export const MARKUP_FILTERS: Readonly<Record<string, HostCallable>> = {
  xml_escape: xmlEscape,
  url_component: urlComponent,
};
