/** One entity tag of a list: a quoted one may hold commas; what is malformed ends at the next. */
const tag = /(?:w\/)?"[^"]*"|[^,\s][^,]*/gi;

/** What two tags are compared by weakly: the text without the mark of weakness and without quotes. */
const opaque = (text: string): string =>
  text
    .trim()
    .replace(/^w\//i, "")
    .replace(/^"(.*)"$/s, "$1");

/** Whether a list of entity tags (`If-None-Match`) names a tag, by weak comparison (RFC 9110 section 8.8.3.2). */
export function namesTag(list: string, etag: string): boolean {
  const wanted = opaque(etag);
  return (list.match(tag) ?? []).some((candidate) => opaque(candidate) === wanted);
}
