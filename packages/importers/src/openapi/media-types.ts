import { asObject, type Obj } from "../json-value.ts";

/** A media type without its parameters, in lower case. */
export const essence = (type: string): string => (type.split(";")[0] ?? "").trim().toLowerCase();

/** How a body of a media type is written. */
export type BodyKind = "json" | "form" | "multipart" | "xml" | "text" | "binary";

/** Says how a body of a media type is written. */
export function bodyKind(type: string): BodyKind {
  const plain = essence(type);
  if (
    plain === "application/json" ||
    plain.endsWith("+json") ||
    plain === "text/json" ||
    plain === "*/*" ||
    plain === "application/*" ||
    plain === ""
  )
    return "json";
  if (plain === "application/x-www-form-urlencoded") return "form";
  if (plain.startsWith("multipart/")) return "multipart";
  if (plain === "application/xml" || plain === "text/xml" || plain.endsWith("+xml")) return "xml";
  if (
    plain.startsWith("text/") ||
    plain === "application/graphql" ||
    plain === "application/javascript" ||
    plain.endsWith("yaml")
  )
    return "text";
  return "binary";
}

const preference: readonly BodyKind[] = ["json", "multipart", "form", "text", "binary", "xml"];

/** Chooses the media type that a call uses: JSON first (plain JSON before its relatives), XML last. */
export function chooseMediaType(content: Obj): string | undefined {
  const types = Object.keys(content);
  const rank = (type: string): number => {
    const kind = preference.indexOf(bodyKind(type)) * 10;
    const plain = essence(type);
    if (plain === "application/json") return kind;
    if (type.includes("*")) return kind + 5;
    return kind + (asObject(content[type]).schema === undefined ? 3 : 1);
  };
  return types.length === 0 ? undefined : types.reduce((best, type) => (rank(type) < rank(best) ? type : best));
}

/** The media type to write into a request, where the source names a range. */
export function concreteType(type: string, kind: BodyKind): string {
  if (!type.includes("*") && type.trim() !== "") return type;
  const plain = essence(type);
  if (plain === "multipart/*") return "multipart/form-data";
  if (plain === "text/*") return "text/plain";
  if (/^[a-z]+\/\*\+json$/.test(plain) || kind === "json") return "application/json";
  return "application/octet-stream";
}
