import type { Json } from "../ports/records.ts";

/**
 * Removes the secrets of one call by value, wherever they turn up: in clear, percent-encoded, escaped for JSON, and inside
 * base64 at each of its three alignments. Values under eight characters are left alone: they would match by chance.
 */
export class Redaction {
  readonly #values = new Set<string>();
  #patterns: readonly string[] | null = null;

  /** Adds a secret of the call. */
  add(value: string): void {
    if (value.length < MIN_LENGTH || this.#values.has(value)) return;
    this.#values.add(value);
    this.#patterns = null;
  }

  get empty(): boolean {
    return this.#values.size === 0;
  }

  /** Says whether a secret occurs in the text, in any of its forms. */
  occursIn(text: string): boolean {
    if (this.#values.size === 0) return false;
    const patterns = this.#list();
    for (let index = 0; index < patterns.length; index++) if (text.includes(patterns[index] as string)) return true;
    return false;
  }

  /** Replaces every secret. */
  clean(text: string): string {
    if (!this.occursIn(text)) return text;
    return this.#list().reduce((cleaned, pattern) => cleaned.replaceAll(pattern, REPLACEMENT), text);
  }

  /** Replaces every secret in the texts and keys of a JSON value. */
  cleanJson(value: Json): Json {
    if (typeof value === "string") return this.clean(value);
    if (typeof value === "number") return this.occursIn(String(value)) ? REPLACEMENT : value;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => this.cleanJson(item));
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.clean(key), this.cleanJson(member as Json)]),
    );
  }

  #list(): readonly string[] {
    this.#patterns ??= [...new Set([...this.#values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    return this.#patterns;
  }
}

const MIN_LENGTH = 8;
export const REPLACEMENT = "[redacted]";

const known = new Map<string, readonly string[]>();
const KNOWN_LIMIT = 1_000;

/** Lists the forms in which a secret may turn up. They are derived once per secret, not once per call. */
function formsOf(secret: string): readonly string[] {
  const present = known.get(secret);
  if (present !== undefined) return present;
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const forms = [
    secret,
    json,
    json.replaceAll("/", "\\/"),
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
