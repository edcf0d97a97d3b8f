import type { StoredResponse } from "./cache-types.ts";
import { joined } from "./joined-field.ts";

/** Bytes of a body, first and last included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `Range` where it asks for one range of bytes (RFC 9110 section 14.1.2) that a body of `size` bytes has a part
 * of; `undefined` otherwise: a server may ignore the field, and several ranges, other units and what is malformed or
 * lies beyond the end are ignored here.
 */
export function readByteRange(range: string, size: number): ByteRange | undefined {
  const [, from = "", to = ""] = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(range) ?? [];
  if (from === "") {
    const length = Number(to);
    return to === "" || length === 0 || size === 0 ? undefined : { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first < size && first <= last ? { first, last } : undefined;
}

/** What of a request decides whether it gets a part. */
export interface RangeRequest {
  readonly range?: string | undefined;
  readonly "if-range"?: string | undefined;
}

/**
 * Cuts the part out of a whole 200 response that a request asks for: a 206 that says which part it is; `undefined` where
 * the whole response is the answer. `If-Range` must name the strong entity tag or the very date of the response.
 */
export function cutPart(request: RangeRequest, response: StoredResponse): StoredResponse | undefined {
  const condition = request["if-range"];
  if (!request.range || response.status !== 200) return undefined;
  if (condition !== undefined) {
    const isSame = [joined(response.headers, "etag"), joined(response.headers, "last-modified")].includes(condition);
    if (!isSame || condition.startsWith("W/")) return undefined;
  }
  const part = readByteRange(request.range, response.bytes.byteLength);
  if (part === undefined) return undefined;
  const { first, last } = part;
  return {
    status: 206,
    headers: { ...response.headers, "content-range": `bytes ${first}-${last}/${response.bytes.byteLength}` },
    bytes: response.bytes.subarray(first, last + 1),
  };
}
