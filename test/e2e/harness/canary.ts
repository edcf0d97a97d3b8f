import { randomBytes } from "node:crypto";

/**
 * Makes a secret that is easily told from everything else and has characters that URLs, JSON and XML write differently.
 * It can stand in a header.
 */
export const makeCanary = (name: string): string => `${name}"&/+=<${randomBytes(9).toString("hex")}>~`;

/** A text prepared for the search: itself, lower-cased, and everything that could be base64 in it, decoded. */
export interface SearchedText {
  readonly lower: string;
  readonly decoded: string;
}

/** Prepares a text. Base64 is decoded from each of the four places where a group may begin. */
export function prepareSearch(text: string): SearchedText {
  const decoded: string[] = [];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)) {
    const standard = run.replaceAll("-", "+").replaceAll("_", "/");
    for (const skip of [0, 1, 2, 3]) decoded.push(Buffer.from(standard.slice(skip), "base64").toString("latin1"));
  }
  return { lower: text.toLowerCase(), decoded: decoded.join("\n") };
}

/**
 * Finds a secret in a text, in any of the ways in which text carries it: as it is, JSON-escaped (once or twice),
 * URL-encoded, form-encoded, XML-escaped, in hex, and inside base64 or base64url of anything. Returns the way, or undefined.
 */
export function findSecret({ lower, decoded }: SearchedText, secret: string): string | undefined {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const plain: readonly [way: string, form: string][] = [
    ["as it is", secret],
    ["JSON-escaped", escaped],
    ["JSON-escaped twice", JSON.stringify(escaped).slice(1, -1)],
    ["URL-encoded", encodeURIComponent(secret)],
    ["form-encoded", new URLSearchParams({ s: secret }).toString().slice(2)],
    ["XML-escaped", secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
    ["in hex", Buffer.from(secret).toString("hex")],
  ];
  const found = plain.find(([, form]) => lower.includes(form.toLowerCase()));
  return found?.[0] ?? (decoded.includes(secret) ? "in base64" : undefined);
}
