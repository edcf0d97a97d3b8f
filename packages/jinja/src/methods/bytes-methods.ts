import { requireText } from "../runtime/arguments.ts";
import { latinText } from "../runtime/bytes.ts";
import { method, type Native, native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail } from "../runtime/values.ts";

function decode(rt: Runtime, bytes: Uint8Array, encoding: string, errors: string): string {
  const name = encoding.toLowerCase().replace(/_/g, "-");
  if (name === "latin-1" || name === "latin1" || name === "iso-8859-1") return latinText(rt, bytes);
  if (name === "ascii" || name === "utf-8" || name === "utf8") {
    try {
      return new TextDecoder("utf-8", { fatal: errors === "strict", ignoreBOM: true }).decode(bytes);
    } catch {
      throw fail("UnicodeDecodeError", `'${encoding}' codec can't decode the bytes`);
    }
  }
  throw fail("LookupError", `unknown encoding: ${encoding}`);
}

/** Methods of bytes. */
export const BYTES_METHODS: readonly Native[] = [
  native("decode", [["self"], ["encoding", "utf-8"], ["errors", "strict"]], (rt, args) => {
    const bytes = args[0] as Uint8Array;
    rt.allocate(bytes.length);
    rt.spend(bytes.length >> 4);
    return decode(rt, bytes, requireText(args[1], "encoding must be str"), requireText(args[2], "errors must be str"));
  }),
  method("hex", [], (rt, args) => {
    const data = args[0] as Uint8Array;
    rt.allocate(data.length * 10);
    rt.spend(data.length >> 2);
    return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }),
];
