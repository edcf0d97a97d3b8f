/** Text that is HTML already; everything else is escaped where it lands. */
export interface Html {
  readonly html: string;
}

/** Escapes text for HTML text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Builds HTML: interpolated texts are escaped, interpolated HTML is not, `null` and lists do what one expects. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: parts.reduce((text, part, index) => text + write(values[index - 1] ?? null) + part) };
}

/** What may be interpolated. */
export type HtmlValue = string | number | null | Html | readonly Html[];

function write(value: HtmlValue): string {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "html" in value ? value.html : value.map((item) => item.html).join("");
}
