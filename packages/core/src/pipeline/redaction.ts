import { Float } from "@junctor/jinja";
import type { HttpHeaders } from "../ports/http.ts";
import type { Json } from "../ports/records.ts";
import { isEscaped, replaceEscaped, undoEscapes } from "./undo-escapes.ts";

/**
 * Removes the secrets of one call by value, wherever they turn up: in clear, percent-encoded, escaped for JSON or XML, and
 * inside base64 at each of its three alignments. Values under eight characters are left alone: they would match by chance.
 */
export class Redaction {
  readonly #base: readonly string[];
  #added: string[] | null = null;

  /** `base` holds the secrets that are known beforehand, such as those of a connection; it is shared, never changed. */
  constructor(base: readonly string[] = []) {
    this.#base = base;
  }

  /** Adds a secret of the call. */
  add(value: string): void {
    if (value.length < MIN_LENGTH || this.#base.includes(value) || this.#added?.includes(value)) return;
    this.#added ??= [];
    this.#added.push(value);
  }

  /** The same secrets, without those that are still to come. */
  copy(): Redaction {
    const copy = new Redaction(this.#base);
    copy.#added = this.#added === null ? null : [...this.#added];
    return copy;
  }

  /** Whether whoever looked for the secrets of another call has looked for all of these, too. */
  isCoveredBy(other: Redaction): boolean {
    if (this.#base !== other.#base) return false;
    return this.#added === null || this.#added.every((value) => other.#added?.includes(value) === true);
  }

  get empty(): boolean {
    return this.#added === null && this.#base.every((value) => value.length < MIN_LENGTH);
  }

  /** Says whether a secret occurs in the text, in any of its forms, whatever of it is escaped. */
  occursIn(text: string): boolean {
    return this.#isWritten(text) || (isEscaped(text) && this.#isWritten(undoEscapes(text)));
  }

  /** Replaces every secret. */
  clean(text: string): string {
    if (!this.occursIn(text)) return text;
    // The longest first: of two secrets, one may hold the other.
    const forms = [...this.#base, ...(this.#added ?? [])].flatMap(secretForms).sort((a, b) => b.length - a.length);
    const cleaned = forms.reduce((rest, form) => rest.replaceAll(form, REPLACEMENT), text);
    return this.occursIn(cleaned) ? replaceEscaped(cleaned, forms, REPLACEMENT) : cleaned;
  }

  #isWritten(text: string): boolean {
    return occursAny(this.#base, text) || (this.#added !== null && occursAny(this.#added, text));
  }

  /** Replaces every secret in the fields of an answer. */
  cleanHeaders(headers: HttpHeaders): HttpHeaders {
    if (this.empty) return headers;
    // All at once first: that there is nothing to replace is the common case.
    let all = "";
    for (const name in headers) all += `${headers[name]}\n`;
    if (!this.occursIn(all)) return headers;
    const cleaned: Record<string, string | readonly string[]> = {};
    for (const name of Object.keys(headers)) {
      const value = headers[name] as string | readonly string[];
      cleaned[name] = typeof value === "string" ? this.clean(value) : value.map((item) => this.clean(item));
    }
    return cleaned;
  }

  /** Replaces every secret in the texts and keys of a JSON value; also of one as decoded, whose numbers keep their digits. */
  cleanJson(value: Json): Json {
    if (typeof value === "string") return this.clean(value);
    if (typeof value === "number" || typeof value === "bigint")
      return this.occursIn(String(value)) ? REPLACEMENT : value;
    if (value === null || typeof value !== "object" || (value as unknown) instanceof Float) return value;
    if (Array.isArray(value)) return value.map((item) => this.cleanJson(item));
    // An integer that no number holds is written as it stands; its digits are all that it has.
    if (isRawJson(value)) return this.occursIn(value.rawJSON) ? REPLACEMENT : value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.clean(key), this.cleanJson(member as Json)]),
    );
  }
}

const isRawJson = (value: object): value is { readonly rawJSON: string } =>
  (JSON as unknown as { isRawJSON(value: object): boolean }).isRawJSON(value);

function occursAny(secrets: readonly string[], text: string): boolean {
  for (let index = 0; index < secrets.length; index++) {
    const forms = secretForms(secrets[index] as string);
    for (let form = 0; form < forms.length; form++) if (text.includes(forms[form] as string)) return true;
  }
  return false;
}

const MIN_LENGTH = 8;
export const REPLACEMENT = "[redacted]";

const NO_FORMS: readonly string[] = Object.freeze([]);
const known = new Map<string, readonly string[]>();
const KNOWN_LIMIT = 1_000;

/**
 * Lists the forms in which a secret may turn up. They are derived once per secret, not once per call. Spellings with escapes
 * beyond those that JSON demands are no forms: `undoEscapes` knows them.
 */
export function secretForms(secret: string): readonly string[] {
  const present = known.get(secret);
  if (present !== undefined) return present;
  if (secret.length < MIN_LENGTH) return NO_FORMS;
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const forms = [
    secret,
    json,
    percent,
    percent.replaceAll("%20", "+"),
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
  ];
  const unique = Object.freeze([...new Set(forms)].filter((form) => form.length >= MIN_LENGTH));
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(secret, unique);
  return unique;
}

/**
 * What of the secret's base64 does not depend on its neighbours, when it starts at a byte position that leaves `offset`
 * over division by three: the first characters mix with what stands before, the last ones with what follows.
 */
function base64Forms(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const whole = bytes.toString("base64").replace(/=+$/, "");
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  const certain = whole.slice(start, end);
  return [certain, certain.replaceAll("+", "-").replaceAll("/", "_")];
}
