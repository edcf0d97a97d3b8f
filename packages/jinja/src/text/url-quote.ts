import type { Runtime } from "../runtime/runtime.ts";
import { fail } from "../runtime/values.ts";

const UNSAFE = /[^A-Za-z0-9_.~/-]/;

/** Percent-encodes a text for a path (`/` stays) or, with `forQuery`, for a query (`/` is encoded, a blank becomes `+`). */
export function quoteUrl(rt: Runtime, text: string, forQuery: boolean): string {
  rt.spend(text.length >> 3);
  if (!UNSAFE.test(text) && !(forQuery && text.includes("/"))) return text;
  rt.allocate(text.length * 9);
  rt.spend(text.length >> 1);
  let encoded: string;
  try {
    encoded = encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    throw fail("UnicodeEncodeError", "'utf-8' codec can't encode a lone surrogate");
  }
  return forQuery ? encoded.replaceAll("%20", "+") : encoded.replaceAll("%2F", "/");
}
