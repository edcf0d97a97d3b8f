/** Parameters of token requests whose values never appear in a message, whoever echoes them. */
const sensitive =
  /secret|password|passwd|token|assertion|code|verifier|authorization|cookie|signature|^key$|api[-_]?key/i;

/** Collects the values of sensitive names from a flat list of `[name, value]`. */
export function sensitiveValues(pairs: Iterable<readonly [name: string, value: unknown]>): readonly string[] {
  const values: string[] = [];
  for (const [name, value] of pairs) {
    if (!sensitive.test(name) || typeof value !== "string") continue;
    values.push(value);
    const credentials = /^(?:Basic|Bearer|Token)\s+(\S+)$/i.exec(value)?.[1];
    if (credentials !== undefined) values.push(credentials);
  }
  return values;
}

/** Prepares text of a server for a message: secrets removed, control characters and markup too, at most 300 characters. */
export function scrubText(text: string, secrets: readonly string[]): string {
  let clean = text;
  // Longest first, so that a secret which contains another goes as a whole.
  for (const secret of [...secrets].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length)) {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      clean = clean.replaceAll(form, "[redacted]");
    }
  }
  clean = clean
    .replace(/<[^>]*>/g, " ")
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}
