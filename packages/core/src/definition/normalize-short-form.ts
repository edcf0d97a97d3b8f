import type {
  AuthMethod,
  ConnectorDefinition,
  QueryValue,
  RequestSpec,
  ResponseSpec,
  Schema,
  ShortConnector,
  ShortRow,
  ShortStep,
  Step,
} from "@junctor/sdk";
import { shortAuthMethod } from "./short-form-auth.ts";
import { splitUrl } from "./split-url.ts";
import { isTemplate, quote, renameCalls, toExpression } from "./template-text.ts";

/** Choices that the short form leaves open; made when it is imported. */
export interface ShortFormOptions {
  /** Query parameters of the caller that the document does not declare. Default `drop`: they are refused. */
  readonly undeclaredQuery?: "forward" | "drop";
}

/** What callers may write into a path: one segment, no dots that climb (rule of the source). */
const PATH_VALUE = "^(?!\\.$)(?!.*\\.\\.)[A-Za-z0-9._~-]{1,200}$";

/** Methods whose body the source forwards or renders. */
const BODY_METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

const TIMEOUT_SECONDS = 15;

/** Turns the short form into a connector with one action, `execute` (definition 11). */
export const normalizeShortForm = (short: ShortConnector, options: ShortFormOptions = {}): ConnectorDefinition => {
  const identity = {
    name: short.permalink ?? derivePermalink(short.name),
    title: short.name,
    version: "0.0.0",
    ...(short.description === undefined ? {} : { description: short.description }),
    compat: "gainsight" as const,
  };
  const extensions = Object.fromEntries(Object.entries(short).filter(([name]) => name.startsWith("x-")));
  return short.steps === undefined
    ? { ...identity, ...extensions, ...plainConnector(short, options) }
    : { ...identity, ...extensions, ...compositeConnector(short.steps) };
};

/** Derives the permalink of a name as the source does: lower case, everything but letters and digits becomes one hyphen. */
export const derivePermalink = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "connector";

const plainConnector = (
  short: ShortConnector,
  options: ShortFormOptions,
): Omit<ConnectorDefinition, "name" | "title" | "version"> => {
  const url = splitUrl(short.url ?? "");
  const method = short.method ?? "GET";
  const headers = short.headers ?? [];
  const query = [...url.query.map(({ name, value }) => ({ key: name, value })), ...(short.query_parameters ?? [])];
  const forward = options.undeclaredQuery === "forward";
  const auth = shortAuthMethod(short.authentication);
  const { map, expression, fixed } = forward
    ? forwardedQuery(query)
    : { map: rowMap(query, "query"), expression: undefined, fixed: {} };
  const hasFixed = Object.keys(fixed).length > 0;
  return {
    baseUrl: renameCalls(url.origin, { get_variable: "var" }),
    ...(auth === undefined ? {} : { connection: { auth: [auth] } }),
    ...(hasFixed ? { defaults: { request: { query: fixed } } } : {}),
    actions: {
      execute: {
        title: short.name,
        input: inputSchema(short, query, headers, forward, BODY_METHODS.has(method)),
        request: {
          method,
          path: url.path,
          ...(expression !== undefined ? { query: expression } : query.length > 0 ? { query: map } : {}),
          ...(headers.length > 0 ? { headers: rowMap(headers, "headers") } : {}),
          ...bodyOf(method, short.request_body),
        },
        response: { ...responseOf(short.response_body, short.response_content_type), onError: "pass" },
        cache: {},
        timeout: `PT${TIMEOUT_SECONDS}S`,
      },
    },
  };
};

const compositeConnector = (steps: readonly ShortStep[]): Omit<ConnectorDefinition, "name" | "title" | "version"> => {
  const methods: AuthMethod[] = [];
  /** Ids of methods by their settings: steps that authenticate alike share one method, and so one cached token. */
  const known = new Map<string, string>();
  const converted = steps.map((step, index): Step => {
    const auth = shortAuthMethod(step.authentication);
    const settings = JSON.stringify(auth);
    const method = auth === undefined ? false : (known.get(settings) ?? step.name);
    if (auth !== undefined && !known.has(settings)) {
      known.set(settings, step.name);
      methods.push({ ...auth, id: step.name, title: step.name });
    }
    const url = splitUrl(step.url);
    const verb = step.method ?? "GET";
    const query = [...url.query.map(({ name, value }) => ({ key: name, value })), ...(step.query_parameters ?? [])];
    const headers = step.headers ?? [];
    return {
      id: step.name,
      request: {
        method: verb,
        url: renameCalls(url.origin, { get_variable: "var" }) + url.path,
        ...(query.length > 0 ? { query: rowMap(query, "fixed") } : {}),
        ...(headers.length > 0 ? { headers: rowMap(headers, "fixed") } : {}),
        ...bodyOf(verb, step.request_body),
        auth: method,
      },
      response: responseOf(step.response_body, index === steps.length - 1 ? step.response_content_type : undefined),
    };
  });
  return {
    ...(methods.length > 0 ? { connection: { auth: methods } } : {}),
    actions: {
      execute: {
        input: { type: "object", properties: { query: stringMap(true), body: {} } },
        steps: converted,
        timeout: `PT${TIMEOUT_SECONDS * steps.length}S`,
      },
    },
  };
};

const stringMap = (open: boolean, properties: Readonly<Record<string, Schema>> = {}): Schema => ({
  type: "object",
  default: {},
  ...(Object.keys(properties).length > 0 ? { properties } : {}),
  additionalProperties: open ? { type: "string" } : false,
});

const inputSchema = (
  short: ShortConnector,
  query: readonly ShortRow[],
  headers: readonly ShortRow[],
  openQuery: boolean,
  hasBody: boolean,
): Schema => {
  const paths = (short.path_parameters ?? []).map((row) => row.key);
  const queryProperties = overridableSchemas(query);
  const headerProperties = overridableSchemas(headers);
  const properties: Record<string, Schema> = {
    ...(paths.length > 0
      ? {
          path: {
            type: "object",
            required: paths,
            properties: Object.fromEntries(paths.map((key) => [key, { type: "string", pattern: PATH_VALUE }])),
            additionalProperties: false,
          },
        }
      : {}),
    ...(openQuery || Object.keys(queryProperties).length > 0 ? { query: stringMap(openQuery, queryProperties) } : {}),
    ...(Object.keys(headerProperties).length > 0 ? { headers: stringMap(false, headerProperties) } : {}),
    ...(hasBody ? { body: {} } : {}),
  };
  return { type: "object", ...(paths.length > 0 ? { required: ["path"] } : {}), properties };
};

/** Declares the rows that callers may set; the configured value is the default where it is a literal. */
const overridableSchemas = (rows: readonly ShortRow[]): Record<string, Schema> =>
  Object.fromEntries(
    rows
      .filter((row) => row.overridable === true)
      .map((row) => [
        row.key,
        { type: "string", ...(isTemplate(row.value ?? "") ? {} : { default: row.value ?? "" }) },
      ]),
  );

/** Writes rows as a map. Overridable ones read the caller's value; one whose configured value is a template falls back to it. */
const rowMap = (
  rows: readonly ShortRow[],
  source: "query" | "headers" | "fixed",
): Record<string, string | string[]> => {
  const map: Record<string, string | string[]> = {};
  for (const row of rows) {
    const value = row.overridable === true && source !== "fixed" ? overridable(row, source) : (row.value ?? "");
    const earlier = map[row.key];
    map[row.key] = earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value];
  }
  return map;
};

const overridable = (row: ShortRow, source: "query" | "headers"): string => {
  const read = `input.${source}[${quote(row.key)}]`;
  const configured = row.value ?? "";
  if (!isTemplate(configured)) return `{{ ${read} }}`;
  return `{% if ${read} is defined %}{{ ${read} }}{% else %}${configured}{% endif %}`;
};

/**
 * Writes a query that also forwards what the caller sent and the document does not declare: one expression in which the
 * declared parameters win. A value with statements fits no expression; it goes to `defaults`, and the caller's parameter of
 * that name is taken out.
 */
const forwardedQuery = (
  rows: readonly ShortRow[],
): {
  readonly map: Record<string, QueryValue>;
  readonly expression: string;
  readonly fixed: Record<string, string>;
} => {
  const fixed: Record<string, string> = {};
  const members: string[] = [];
  for (const row of rows) {
    const expression = toExpression(row.value ?? "");
    if (row.overridable === true) {
      if (isTemplate(row.value ?? "") && expression !== undefined) {
        members.push(`${quote(row.key)}: input.query[${quote(row.key)}] | default(${expression})`);
      }
    } else if (expression === undefined) fixed[row.key] = row.value ?? "";
    else members.push(`${quote(row.key)}: ${expression}`);
  }
  const names = Object.keys(fixed);
  const sent =
    names.length === 0
      ? "input.query | default({})"
      : `dict((input.query | default({})).items() | rejectattr(0, 'in', [${names.map(quote).join(", ")}]))`;
  const merged = members.length === 0 ? sent : `${sent} | merge({${members.join(", ")}})`;
  return { map: {}, expression: `{{ ${merged} }}`, fixed };
};

const bodyOf = (method: string, template: string | undefined): Pick<RequestSpec, "body" | "text"> => {
  if (!BODY_METHODS.has(method)) return {};
  return template === undefined || template.trim() === "" ? { body: "{{ input.body }}" } : { text: template };
};

/** Without a template the answer is passed on byte for byte, which text could not promise for images and the like. */
const responseOf = (template: string | undefined, contentType: string | undefined): ResponseSpec => {
  const type = contentType === undefined || contentType === "" ? {} : { contentType };
  if (template !== undefined && template.trim() !== "") return { decode: "text", text: template, ...type };
  return "contentType" in type ? { decode: "text", text: "{{ response.body }}", ...type } : { decode: "binary" };
};
