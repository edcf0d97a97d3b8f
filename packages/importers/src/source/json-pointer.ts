/** JSON pointers (RFC 6901), as losses and references use them. */

/** Escapes one reference token. */
export const escapeToken = (token: string): string => token.replaceAll("~", "~0").replaceAll("/", "~1");

/** Builds a pointer from a parent pointer and further tokens. */
export const pointer = (parent: string, ...tokens: readonly (string | number)[]): string =>
  tokens.reduce<string>((path, token) => `${path}/${escapeToken(String(token))}`, parent);

/** Splits a pointer into its tokens; the empty pointer has none. */
export const tokens = (text: string): readonly string[] =>
  text === ""
    ? []
    : text
        .slice(1)
        .split("/")
        .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));

/** Reads the value at a pointer; undefined where nothing is. */
export function valueAt(document: unknown, path: string): unknown {
  let current = document;
  for (const token of tokens(path)) {
    if (Array.isArray(current)) current = current[Number(token)];
    else if (typeof current === "object" && current !== null && Object.hasOwn(current, token)) {
      current = (current as Record<string, unknown>)[token];
    } else return undefined;
  }
  return current;
}

/** Decodes the fragment of a reference (`#/a%20b`) to a pointer; malformed escapes stay as they are. */
export function pointerOfFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
