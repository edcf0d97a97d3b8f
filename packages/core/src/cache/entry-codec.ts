import CachePolicy from "http-cache-semantics";
import type { HttpHeaders } from "../ports/http.ts";
import type { CacheEntry } from "./cache-entry.ts";

/** Format of an encoded entry: 4 bytes length of the JSON head (big endian), the head, the body. */
interface Head extends Omit<CacheEntry, "policy" | "response"> {
  readonly v: 1;
  readonly policy: CachePolicy.CachePolicyObject;
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** Writes an entry as bytes, for a cache outside this process. */
export function encodeEntry({ policy, response, ...rest }: CacheEntry): Uint8Array {
  const head: Head = { v: 1, policy: policy.toObject(), status: response.status, headers: response.headers, ...rest };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.byteLength);
  return Buffer.concat([length, text, response.bytes]);
}

/** Reads what `encodeEntry` wrote; nothing when it is of another version or broken: the entry is then a miss. */
export function decodeEntry(bytes: Uint8Array): CacheEntry | undefined {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = 4 + buffer.readUInt32BE(0);
    const { v, policy, status, headers, ...rest } = JSON.parse(buffer.subarray(4, end).toString()) as Head;
    if (v !== 1) return undefined;
    // JSON has no `undefined`: a header that was absent comes back as null.
    const selecting = rest.selecting.map(([name, value]) => [name, value ?? undefined] as const);
    const response = { status, headers, bytes: new Uint8Array(buffer.subarray(end)) };
    return { ...rest, selecting, policy: CachePolicy.fromObject(policy), response };
  } catch {
    return undefined;
  }
}
