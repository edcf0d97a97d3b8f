/**
 * Names of response headers that were read before, found by their length and their first and last byte. Upstreams send the
 * same dozen names over and over; comparing bytes is a quarter of the work of making a text of them anew.
 */
const known = new Map<number, { readonly bytes: Uint8Array; readonly name: string }>();

/** Most names that are kept; an upstream that invents names gains nothing and costs nobody. */
const MAX_KNOWN = 256;
const MAX_LENGTH = 40;

/** Reads the name of a response header, in lower case. */
export function readHeaderName(bytes: Buffer | undefined): string {
  if (bytes === undefined) return "";
  const { length } = bytes;
  const place = (length << 16) | ((bytes[0] ?? 0) << 8) | (bytes[length - 1] ?? 0);
  const candidate = known.get(place);
  if (candidate !== undefined && isSame(bytes, candidate.bytes)) return candidate.name;
  const name = bytes.toString("latin1").toLowerCase();
  if (candidate === undefined && length <= MAX_LENGTH && known.size < MAX_KNOWN) {
    known.set(place, { bytes: Uint8Array.from(bytes), name });
  }
  return name;
}

/** Both are of one length, which their place says. */
function isSame(bytes: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== other[index]) return false;
  return true;
}
