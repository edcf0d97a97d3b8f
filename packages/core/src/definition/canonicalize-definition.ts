import { createHash } from "node:crypto";

/**
 * Writes a JSON value in the one form that equal values share: RFC 8785 (JSON Canonicalization Scheme). Members are sorted
 * by UTF-16 code units, numbers and texts written as ECMAScript does; members that are undefined are left out.
 */
export const canonicalizeDefinition = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalizeDefinition).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined) parts.push(`${JSON.stringify(name)}:${canonicalizeDefinition(member)}`);
  }
  return `{${parts.join(",")}}`;
};

/** Computes the digest of a definition: SHA-256 over its canonical form, in hex. Equal digests mean equal behaviour. */
export const digestDefinition = (definition: unknown): string =>
  createHash("sha256").update(canonicalizeDefinition(definition)).digest("hex");
