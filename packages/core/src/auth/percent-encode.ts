/** Percent-encodes everything but the unreserved characters of RFC 3986, as OAuth 1.0a and AWS SigV4 want it; upper-case hex. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
