import { type Obj, setMember } from "../json-value.ts";
import { identifier } from "../openapi/names.ts";

/** A recorded path with its changing parts as variables. */
export interface TemplatedPath {
  readonly path: string;
  /** Name → schema of the variables. */
  readonly variables: Obj;
}

/**
 * Turns segments that are ids into variables (`/users/42` → `/users/{userId}`): numbers, UUIDs, long hexadecimal and mixed
 * texts. A segment that could be a credential is such a text, so none stays in a path.
 */
export function templatePath(pathname: string): TemplatedPath {
  const variables: Obj = {};
  const parts = pathname.split("/").map((segment, index, all) => {
    const text = decode(segment);
    const variable = /^\{(\w+)\}$/.exec(text)?.[1];
    if (variable !== undefined) {
      setMember(variables, variable, { type: "string" });
      return text;
    }
    const schema = schemaOfId(text);
    if (schema === undefined) return segment;
    const before = identifier(decode(all[index - 1] ?? ""))
      .replace(/ies$/, "y")
      .replace(/([^s])s$/, "$1");
    const base = before === "" || /^\d/.test(before) ? "id" : `${before}Id`;
    let name = base;
    for (let count = 2; Object.hasOwn(variables, name); count++) name = `${base}${count}`;
    setMember(variables, name, schema);
    return `{${name}}`;
  });
  return { path: parts.join("/") || "/", variables };
}

function schemaOfId(text: string): Obj | undefined {
  if (/^\d+$/.test(text)) return { type: "integer" };
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text))
    return { type: "string", format: "uuid" };
  return looksLikeId(text) ? { type: "string" } : undefined;
}

/** A text of twelve or more characters that mixes letters and digits is no word of an API. */
const looksLikeId = (text: string): boolean =>
  text.length > 40 ||
  (text.length >= 12 && /\d/.test(text) && /[a-z]/i.test(text) && !/^v\d+$/i.test(text)) ||
  /[:@=%]/.test(text) ||
  /^[0-9a-f]{16,}$/i.test(text);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
