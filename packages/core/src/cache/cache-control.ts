/** Directives of one or more Cache-Control fields: lower-case names; a directive without an argument is `true`. */
export type CacheDirectives = ReadonlyMap<string, string | true>;

/** Directives whose argument is a number of seconds. */
const deltaSeconds: ReadonlySet<string> = new Set([
  "max-age",
  "s-maxage",
  "stale-while-revalidate",
  "stale-if-error",
  "min-fresh",
  "max-stale",
]);

/** Directives that mean something without their argument: however stale. */
const mayBeBare: ReadonlySet<string> = new Set(["max-stale"]);

// No white space around the equals sign: the grammar has none, and what is no argument is none here either.
const directive = /([!#$%&'*+.^_`|~\w-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/**
 * Reads Cache-Control (RFC 9111 section 5.2). Names are case-insensitive, arguments may be quoted, the first of a
 * repeated directive counts, and a number that is none, or that is not there, becomes `0`: in doubt a response is stale.
 */
export function parseCacheControl(field: string | undefined): CacheDirectives {
  const directives = new Map<string, string | true>();
  if (field === undefined || field === "") return directives;
  for (const [, rawName = "", quoted, plain] of field.matchAll(directive)) {
    const name = rawName.toLowerCase();
    if (directives.has(name)) continue;
    const argument = quoted ?? plain;
    const isSeconds = deltaSeconds.has(name) && (argument !== undefined || !mayBeBare.has(name));
    directives.set(name, isSeconds ? readSeconds(argument ?? "") : (argument ?? true));
  }
  return directives;
}

/** Writes directives in the plain form that every reader understands. */
export function writeCacheControl(directives: CacheDirectives): string {
  return [...directives].map(([name, argument]) => (argument === true ? name : `${name}=${argument}`)).join(", ");
}

/** RFC 9111 section 1.2.2: digits only; what is larger than can be counted is 2^31. */
function readSeconds(text: string): string {
  if (!/^\d+$/.test(text)) return "0";
  return String(Math.min(Number(text), 2 ** 31));
}

/** Seconds of a directive; `undefined` when it is absent or has no argument. */
export function secondsOf(directives: CacheDirectives, name: string): number | undefined {
  const argument = directives.get(name);
  return argument === undefined || argument === true ? undefined : Number(argument);
}
