import { ConnectorError } from "../errors/connector-error.ts";

const refuse = (message: string, hint: string): never => {
  throw new ConnectorError("VALUE_REFUSED", message, { hint });
};

/** A segment as RFC 3986 (3.3) writes it: nothing in it can end it. */
const READY_SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/;
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * Encodes a value as one path segment; a list becomes segments joined by `/`. Undefined, null, empty, `.` and `..` are
 * refused, because each of them would make it another path
 * (definition 2, *Encoding*). Text that the template marked as ready-made stands as it is, if it is one legal segment.
 */
export function encodePathSegment(value: unknown, safe = false): string | undefined {
  if (safe && typeof value === "string" && READY_SEGMENT.test(value) && !DOTS.test(value)) return value;
  if (Array.isArray(value)) {
    if (value.length === 0) refuse("An empty list cannot stand in a path.", "Require at least one element.");
    return value.map((item) => encodePathSegment(item)).join("/");
  }
  switch (typeof value) {
    case "string":
      if (value === "") refuse("An empty text cannot stand in a path.", 'Require it in the schema: "minLength": 1.');
      if (value === "." || value === "..")
        refuse(`"${value}" cannot stand in a path.`, "It would name another resource.");
      return percentEncode(value);
    case "number":
    case "bigint":
    case "boolean":
      return percentEncode(String(value));
    case "undefined":
      return refuse("A value in the path is undefined.", "Make the input required, or give the value a default.");
    default:
      return value === null
        ? refuse("A value in the path is null.", "Give the value a default: default(v, true).")
        : refuse("An object cannot stand in a path.", "Name the member that is meant.");
  }
}

/**
 * Percent-encodes everything but the unreserved characters of RFC 3986. Refuses half of a surrogate pair (VALUE_REFUSED): it has
 * no bytes in UTF-8, and what stands in for it would name something else.
 */
export function percentEncode(text: string): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(text)) return text;
  return encodeWellFormed(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function encodeWellFormed(text: string): string {
  if (text.isWellFormed()) return encodeURIComponent(text);
  return refuse(
    "A value in the URL or the form holds half of a character (a lone surrogate).",
    "Give the text whole: somewhere it was cut in the middle of a character.",
  );
}

const ORIGIN = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*)?$/;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Encodes a value of a URL: a whole origin (with a base path) stands as it is, so that a connection parameter may supply
 * it; anything else is one segment, which can end neither the host nor the path it stands in.
 */
export function encodeUrlPart(value: unknown, safe = false): string | undefined {
  if (typeof value === "string" && ORIGIN.test(value) && !DOT_SEGMENT.test(value)) return value.replace(/\/$/, "");
  return encodePathSegment(value, safe);
}

/**
 * Escapes a value for XML text and attributes; ready-made XML stands as it is. Lists and objects are left to the ordinary
 * printing, which refuses them.
 */
export function escapeXml(value: unknown, safe = false): string | undefined {
  if (safe || typeof value !== "string") return undefined;
  return value.replace(/[&<>"']/g, (character) => XML_ESCAPES[character] as string);
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * Refuses a path that does not begin with a slash, and percent-encodes what an author may write but a request line cannot
 * hold (blanks, characters beyond ASCII).
 */
export function tidyPath(path: string): string {
  if (!path.startsWith("/")) {
    return refuse(
      'The path of the request does not begin with "/".',
      'Write the slash before the template: "/{{ … }}".',
    );
  }
  if (/^[\x21-\x7e]*$/.test(path)) return path;
  return path.replace(/[^\x21-\x7e]+/g, encodeWellFormed);
}
