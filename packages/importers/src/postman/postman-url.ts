import { asFilledText, asList, asObject, type Obj } from "../json-value.ts";
import { isSecretName } from "../samples/credentials.ts";

/** A URL of a collection, taken apart. */
export interface PostmanUrl {
  /** What tells servers apart. */
  readonly origin: string;
  readonly server: Obj;
  readonly path: string;
  readonly parameters: readonly Obj[];
}

/**
 * Reads a URL: text or object. A variable in front (`{{baseUrl}}`) is the server, by its value if the collection has one;
 * `:id` and `{{id}}` in the path are path parameters.
 */
export function readPostmanUrl(value: unknown, variables: ReadonlyMap<string, string>): PostmanUrl | undefined {
  const object = asObject(value);
  const raw = (typeof value === "string" ? value : (asFilledText(object.raw) ?? joined(object))).trim();
  if (raw === "") return undefined;
  const expanded = expandServer(raw, variables);
  const [beforeQuery = "", queryText = ""] = (expanded.split("#")[0] ?? "").split(/\?(.*)/s);
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/]*|\{\{[^}]+\}\})?(.*)$/is.exec(beforeQuery);
  const front = match?.[1] ?? `https://${beforeQuery.split("/")[0] ?? ""}`;
  const rest =
    match?.[1] === undefined ? beforeQuery.slice((beforeQuery.split("/")[0] ?? "").length) : (match[2] ?? "");
  const parameters: Obj[] = [];
  const path = rest
    .split("/")
    .map((segment) =>
      segment.replaceAll(
        /\{\{\s*([^{}]+?)\s*\}\}|^:([^/]+)$/g,
        (_, braced: string | undefined, colon: string | undefined) => {
          const name = (braced ?? colon ?? "").trim();
          const about = asList(object.variable)
            .map(asObject)
            .find((entry) => entry.key === name || entry.id === name);
          if (!parameters.some((parameter) => parameter.name === name))
            parameters.push(pathParameter(name, about, variables));
          return `{${name}}`;
        },
      ),
    )
    .join("/");
  parameters.push(...queryParameters(object.query, queryText));
  return { origin: front, server: serverOf(front), path: path.startsWith("/") ? path : `/${path}`, parameters };
}

function joined(object: Obj): string {
  const host = Array.isArray(object.host) ? object.host.join(".") : String(object.host ?? "");
  const path = Array.isArray(object.path)
    ? object.path.map((part) => (typeof part === "string" ? part : String(asObject(part).value ?? ""))).join("/")
    : String(object.path ?? "");
  const protocol = asFilledText(object.protocol);
  return host === ""
    ? ""
    : `${protocol === undefined ? "" : `${protocol}://`}${host}${object.port === undefined ? "" : `:${String(object.port)}`}/${path.replace(/^\//, "")}`;
}

/** Writes out a variable that stands for the server, through variables within it. */
function expandServer(raw: string, variables: ReadonlyMap<string, string>): string {
  let text = raw;
  for (let hops = 0; hops < 5; hops++) {
    const next = text.replace(
      /^((?:[a-z]+:\/\/)?[^/?#]*?)\{\{\s*([^{}]+?)\s*\}\}/i,
      (whole, before: string, name: string) => {
        const value = variables.get(name);
        return value === undefined || value === "" ? whole : before + value;
      },
    );
    if (next === text) break;
    text = next;
  }
  return text;
}

/** A server whose variable has no value is asked for when connecting. */
function serverOf(front: string): Obj {
  const names = [...front.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map((match) => match[1] ?? "");
  const url = front.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, "{$1}");
  return { url, ...(names.length > 0 ? { variables: Object.fromEntries(names.map((name) => [name, {}])) } : {}) };
}

function pathParameter(name: string, about: Obj | undefined, variables: ReadonlyMap<string, string>): Obj {
  const text = asFilledText(about?.description) ?? asFilledText(asObject(about?.description).content);
  const value = variables.get(name);
  const fallback = value !== undefined && value !== "" && !isSecretName(name) ? { default: value } : {};
  return {
    name,
    in: "path",
    required: true,
    ...(text === undefined ? {} : { description: text }),
    schema: { type: "string", ...fallback },
  };
}

function queryParameters(list: unknown, text: string): readonly Obj[] {
  const entries = asList(list).map(asObject);
  const written =
    entries.length > 0 ? entries : [...new URLSearchParams(text)].map(([key, value]): Obj => ({ key, value }));
  const seen = new Set<string>();
  return written.flatMap((entry) => {
    const name = asFilledText(entry.key);
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    const about = asFilledText(entry.description) ?? asFilledText(asObject(entry.description).content);
    return [
      {
        name,
        in: "query",
        ...(about === undefined ? {} : { description: about }),
        schema: { type: "string", ...(isSecretName(name) ? { writeOnly: true } : {}) },
      },
    ];
  });
}
