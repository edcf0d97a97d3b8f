/**
 * Writes JSON. Integers beyond 2^53, which templates can yield, are written with all their digits; they are looked for
 * only where the plain way fails.
 */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, member: unknown) => (typeof member === "bigint" ? rawJson(member) : member));
  }
}

const rawJson = (value: bigint): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
