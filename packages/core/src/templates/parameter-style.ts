import { percentEncode } from "./encode-url.ts";

/**
 * How OpenAPI 3 writes a parameter, by the place where it stands. One value, a list or an object of plain values:
 *
 *   style            in              explode   color=["b","k"]     color={R:1,G:2}
 *   simple           path, header    false     b,k                 R,1,G,2
 *                                    true      b,k                 R=1,G=2
 *   label            path            false     .b,k                .R,1,G,2
 *                                    true      .b.k                .R=1.G=2
 *   matrix           path            false     ;color=b,k          ;color=R,1,G,2
 *                                    true      ;color=b;color=k    ;R=1;G=2
 *   form             query, cookie   false     color=b,k           color=R,1,G,2
 *                                    true      color=b&color=k     R=1&G=2
 *   spaceDelimited   query           false     color=b%20k         color=R%201%20G%202
 *   pipeDelimited    query           false     color=b|k → b%7Ck   color=R%7C1%7CG%7C2
 *   deepObject       query           true      color[0]=b          color[R]=1&color[G]=2
 */
export type ParameterStyle = "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";

/** Settings of one parameter. */
export interface ParameterSettings {
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Leaves the reserved characters of RFC 3986 as they are. */
  readonly allowReserved: boolean;
  /** Headers are not percent-encoded. */
  readonly encode: boolean;
}

/** Says why a value cannot be written; the caller knows where it stands. */
export class ParameterError extends Error {}

const DELIMITERS: Readonly<Record<ParameterStyle, string>> = {
  simple: ",",
  label: ",",
  matrix: ",",
  form: ",",
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  deepObject: ",",
};

/**
 * Writes a parameter with its name and prefix, without a leading `?` or `&`. Undefined and null members are left out; an
 * empty text is returned where nothing is left. Throws {@link ParameterError} for values that the style cannot write.
 */
export function writeParameter(name: string, value: unknown, settings: ParameterSettings): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return writeList(name, value, settings);
  if (typeof value === "object") return writeObject(name, value as Readonly<Record<string, unknown>>, settings);
  const text = encodeText(writeScalar(value), settings);
  switch (settings.style) {
    case "simple":
      return text;
    case "label":
      return `.${text}`;
    case "matrix":
      return text === "" ? `;${name}` : `;${name}=${text}`;
    default:
      return `${percentEncode(name)}=${text}`;
  }
}

function writeList(name: string, list: readonly unknown[], settings: ParameterSettings): string {
  const items = list.filter(isPresent).map((item) => encodeText(writeScalar(item), settings));
  const { style, explode } = settings;
  if (items.length === 0) return "";
  if (style === "simple") return items.join(",");
  if (style === "label") return `.${items.join(explode ? "." : ",")}`;
  if (style === "matrix") {
    return explode ? items.map((item) => `;${name}=${item}`).join("") : `;${name}=${items.join(",")}`;
  }
  const key = percentEncode(name);
  if (style === "deepObject") return items.map((item, index) => `${key}%5B${index}%5D=${item}`).join("&");
  return explode ? items.map((item) => `${key}=${item}`).join("&") : `${key}=${items.join(DELIMITERS[style])}`;
}

function writeObject(name: string, object: Readonly<Record<string, unknown>>, settings: ParameterSettings): string {
  const { style, explode } = settings;
  if (style === "deepObject") return writeDeep(percentEncode(name), object, settings, 0).join("&");
  const pairs = Object.keys(object)
    .filter((key) => isPresent(object[key]))
    .map((key) => [encodeText(key, settings), encodeText(writeScalar(object[key]), settings)] as const);
  if (pairs.length === 0) return "";
  if (!explode) {
    const flat = pairs.flat().join(DELIMITERS[style]);
    if (style === "simple") return flat;
    if (style === "label") return `.${flat}`;
    return style === "matrix" ? `;${name}=${flat}` : `${percentEncode(name)}=${flat}`;
  }
  const members = pairs.map(([key, value]) => `${key}=${value}`);
  if (style === "simple") return members.join(",");
  if (style === "label") return `.${members.join(".")}`;
  return style === "matrix" ? members.map((member) => `;${member}`).join("") : members.join("&");
}

const MAX_DEPTH = 10;

/** OpenAPI leaves nested objects open; what most servers read is `a[b][c]=v`, and a list as repeated `a[b]`. */
function writeDeep(key: string, value: unknown, settings: ParameterSettings, depth: number): readonly string[] {
  if (!isPresent(value)) return [];
  if (depth > MAX_DEPTH) throw new ParameterError("it is nested too deeply");
  if (Array.isArray(value)) return value.flatMap((item) => writeDeep(key, item, settings, depth + 1));
  if (typeof value === "object") {
    return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([member, inner]) =>
      writeDeep(`${key}%5B${percentEncode(member)}%5D`, inner, settings, depth + 1),
    );
  }
  return [`${key}=${encodeText(writeScalar(value), settings)}`];
}

function writeScalar(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new ParameterError("it holds a list or an object where the style has room for a plain value only");
}

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

function encodeText(text: string, settings: ParameterSettings): string {
  if (!settings.encode) return text;
  return settings.allowReserved ? encodeAllowingReserved(text) : percentEncode(text);
}

/**
 * Leaves reserved characters and ready-made percent-encodings as they are. `#` is encoded all the same, and `&` too:
 * they would end the query or the parameter.
 */
function encodeAllowingReserved(text: string): string {
  // Half of a surrogate pair is one character here, which is refused.
  return text.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?[\]@!$'()*+,;=%]/gu, (character) =>
    percentEncode(character),
  );
}
