import { type HostCallable, TemplateError } from "@junctor/jinja";
import { describe } from "./arguments.ts";

/** Gives the bytes of a text (UTF-8) or of bytes. */
export function readBytes(value: unknown, name: string): Buffer {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new TemplateError("TypeError", `${name} needs a text, not ${describe(value)}`);
}

const ALPHABETS = { base64: /^[A-Za-z0-9+/\s]*={0,2}\s*$/, base64url: /^[A-Za-z0-9_-]*={0,2}$/ } as const;

type Alphabet = keyof typeof ALPHABETS;

const encode = (name: string, alphabet: Alphabet): HostCallable => ({
  call: ([value]) => readBytes(value, name).toString(alphabet),
});

const decode = (name: string, alphabet: Alphabet): HostCallable => ({
  call: ([value]) => {
    if (typeof value !== "string") throw new TemplateError("TypeError", `${name} needs a text, not ${describe(value)}`);
    if (!ALPHABETS[alphabet].test(value)) throw new TemplateError("ValueError", `${name}: the text is not ${alphabet}`);
    const bytes = Buffer.from(value, alphabet);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // What is no text stays bytes, which can be encoded or hashed again.
      return new Uint8Array(bytes);
    }
  },
});

/** Filters for Base64 (RFC 4648), also in its URL-safe alphabet without padding. */
export const BASE64_FILTERS: Readonly<Record<string, HostCallable>> = {
  base64_encode: encode("base64_encode", "base64"),
  base64_decode: decode("base64_decode", "base64"),
  base64url_encode: encode("base64url_encode", "base64url"),
  base64url_decode: decode("base64url_decode", "base64url"),
};
