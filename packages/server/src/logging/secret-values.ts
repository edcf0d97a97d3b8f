import { secretForms } from "@junctor/core";

/**
 * Remembers secret values that passed through this process, to take them out of text by value: as they are, URL-encoded,
 * as JSON and XML escape them, and in base64 at each of its three alignments. Values shorter than 8 characters are
 * not looked for, because they would hit ordinary text.
 */
export interface SecretValues {
  /** Remembers a value, or every text within a JSON value. */
  add(value: unknown): void;
  /** Replaces each remembered value by `[redacted]`. */
  clean(text: string): string;
  /** Says whether a text holds a remembered value. */
  occursIn(text: string): boolean;
}

const shortest = 8;
const mark = "[redacted]";

/** Makes an empty memory that holds the given number of values; the one longest unused makes room. */
export function createSecretValues(capacity = 5_000): SecretValues {
  const forms = new Map<string, readonly string[]>();

  const add = (value: unknown): void => {
    if (typeof value === "string") remember(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(add);
  };

  function remember(value: string): void {
    if (value.length < shortest) return;
    const known = forms.get(value) ?? listForms(value);
    forms.delete(value);
    forms.set(value, known);
    if (forms.size <= capacity) return;
    const [oldest] = forms.keys();
    if (oldest !== undefined) forms.delete(oldest);
  }

  return {
    add,
    clean(text) {
      let cleaned = text;
      for (const encoded of forms.values()) {
        for (const form of encoded) if (cleaned.includes(form)) cleaned = cleaned.replaceAll(form, mark);
      }
      return cleaned;
    },
    occursIn: (text) => [...forms.values()].some((encoded) => encoded.some((form) => text.includes(form))),
  };
}

/**
 * The forms that the engine looks for, and two more that only whole lines and documents have: JSON within JSON, and XML.
 * Longest first, so that no remainder is left.
 */
function listForms(value: string): readonly string[] {
  const escaped = JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1);
  const xml = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  return [...new Set([...secretForms(value), escaped, xml])].sort((a, b) => b.length - a.length);
}
