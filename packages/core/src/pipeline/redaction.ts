/** Removes the call's secrets from text, by value. */
export interface Redaction {
  add(value: string): void;
  /** Replaces every secret, in clear or encoded, with `[redacted]`. */
  clean(text: string): string;
  readonly empty: boolean;
}
