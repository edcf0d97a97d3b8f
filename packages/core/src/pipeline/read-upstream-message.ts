/** Members under which APIs put what went wrong, the most telling first (RFC 9457, RFC 6749, and custom). */
const MEMBERS = [
  "detail",
  "error_description",
  "message",
  "error",
  "title",
  "errors",
  "errorMessage",
  "fault",
] as const;
const LONGEST = 300;
const DEEPEST = 3;

/** Finds the sentence in a decoded error answer that says what went wrong; undefined if there is none. */
export function readUpstreamMessage(body: unknown, depth = 0): string | undefined {
  if (typeof body === "string") return readText(body);
  if (body === null || typeof body !== "object" || depth > DEEPEST) return undefined;
  if (Array.isArray(body)) return readUpstreamMessage(body[0], depth + 1);
  for (const member of MEMBERS) {
    const found = Object.hasOwn(body, member)
      ? readUpstreamMessage((body as Readonly<Record<string, unknown>>)[member], depth + 1)
      : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A page of HTML is no sentence. */
function readText(text: string): string | undefined {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "" || line.startsWith("<")) return undefined;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
