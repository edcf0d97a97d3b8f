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

/** Directives that have no argument: one that is written with it says the same. */
const flags: ReadonlySet<string> = new Set([
  "immutable",
  "must-revalidate",
  "must-understand",
  "no-store",
  "no-transform",
  "only-if-cached",
  "proxy-revalidate",
  "public",
]);

/** Directives that may name header fields; without a name they are for the whole answer, which is stricter. */
const mayNameFields: ReadonlySet<string> = new Set(["no-cache", "private"]);

// No white space around the equals sign: the grammar has none, and what is no argument is none here either.
const directive = /([!#$%&'*+.^_`|~\w-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/**
 * Reads Cache-Control (RFC 9111 section 5.2). Names are case-insensitive, arguments may be quoted, and a number that is
 * none, or that is not there, becomes `0`: in doubt a response is stale. Of a repeated directive the first counts; of
 * `no-cache` and `private` the strictest, which is the one that names no field.
 */
export function parseCacheControl(field: string | undefined): CacheDirectives {
  const directives = new Map<string, string | true>();
  if (field === undefined || field === "") return directives;
  for (const [, rawName = "", quoted, plain] of field.matchAll(directive)) {
    const name = rawName.toLowerCase();
    const argument = flags.has(name) ? undefined : (quoted ?? plain);
    if (mayNameFields.has(name)) {
      directives.set(name, joinFields(directives.get(name), argument));
      continue;
    }
    if (directives.has(name)) continue;
    const isSeconds = deltaSeconds.has(name) && (argument !== undefined || !mayBeBare.has(name));
    directives.set(name, isSeconds ? readSeconds(argument ?? "") : (argument ?? true));
  }
  return directives;
}

/** The fields that a repeated directive names in all; `true` once one of them names none. */
function joinFields(before: string | true | undefined, named: string | undefined): string | true {
  if (before === true || named === undefined || named.trim() === "") return true;
  return before === undefined ? named : `${before}, ${named}`;
}

/** Writes directives in the plain form that every reader understands; only what is no token is quoted. */
export function writeCacheControl(directives: CacheDirectives): string {
  return [...directives]
    .map(([name, argument]) => (argument === true ? name : `${name}=${quote(argument)}`))
    .join(", ");
}

const quote = (argument: string): string => (/^[!#$%&'*+.^_`|~\w-]+$/.test(argument) ? argument : `"${argument}"`);

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
