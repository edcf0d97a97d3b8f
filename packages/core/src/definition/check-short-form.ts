import type { ShortConnector, ShortRow } from "@junctor/sdk";
import { gainsightEnvironment } from "../templates/environment.ts";
import type { Finding } from "./finding.ts";
import { extendPointer } from "./json-pointer.ts";
import type { Positions } from "./positions.ts";
import { checkShortUrl } from "./short-form-url.ts";
import { isTemplate } from "./template-text.ts";

/** Templates of the short form by place, as the source tells them apart. */
export type ShortPlace = "url" | "headers" | "query" | "authentication" | "request" | "response";

/**
 * What the source offers in each place (its two availability tables): names that are missing in a place. A plain connector
 * reads variables in no body; a step does.
 */
export const notOffered: Readonly<Record<"plain" | "step", Readonly<Record<ShortPlace, readonly string[]>>>> = {
  plain: {
    url: ["get_secret", "body_text", "body_raw", "response"],
    headers: ["body_text", "body_raw", "response"],
    query: ["body_text", "body_raw", "response"],
    authentication: ["body_text", "body_raw", "response"],
    request: ["get_secret", "get_variable", "response"],
    response: ["get_secret", "get_variable", "jwt_encode", "body_text", "body_raw"],
  },
  step: {
    url: ["get_secret", "response"],
    headers: ["response"],
    query: ["response"],
    authentication: ["response"],
    request: ["get_secret", "response"],
    response: ["get_secret", "jwt_encode"],
  },
};

/** The parts that a plain connector and a step of a composite have in common. */
type ShortRequest = Pick<
  ShortConnector,
  "url" | "headers" | "query_parameters" | "path_parameters" | "authentication" | "request_body" | "response_body"
>;

/**
 * Checks what the schema of the short form cannot say: repeated rows, path parameters that the address does not read, the
 * grammar of addresses, and names that a place does not offer. The source refuses or ignores the same; here each is a finding with its place.
 */
export const checkShortForm = (short: ShortConnector, positions: Positions): readonly Finding[] => {
  const parts =
    short.steps === undefined
      ? [{ request: short as ShortRequest, pointer: "", kind: "plain" as const }]
      : short.steps.map((step, index) => ({
          request: step as ShortRequest,
          pointer: extendPointer("", "steps", index),
          kind: "step" as const,
        }));
  const complaints = parts.flatMap(({ request, pointer, kind }) => [
    ...repeatedRows(request, pointer),
    ...checkShortUrl(request.url ?? "").map((problem) => ({ ...problem, pointer: `${pointer}/url` })),
    ...unreadPathKeys(request, pointer),
    ...unofferedNames(request, pointer, kind),
  ]);
  return complaints.map((complaint) => {
    const place = positions.find(complaint.pointer);
    return { severity: "error", ...complaint, line: place?.line ?? null, column: place?.column ?? null };
  });
};

type Complaint = Pick<Finding, "rule" | "pointer" | "message"> & { readonly hint: string };

/** Rows of one key: the last one would silently win, so the source refuses them, headers whatever their case. */
const repeatedRows = (request: ShortRequest, base: string): readonly Complaint[] =>
  (["headers", "query_parameters", "path_parameters"] as const).flatMap((list) => {
    const seen = new Set<string>();
    const rows: readonly Pick<ShortRow, "key">[] = request[list] ?? [];
    return rows.flatMap((row, index): Complaint[] => {
      const key = list === "headers" ? row.key.toLowerCase() : row.key;
      const repeated = seen.has(key);
      seen.add(key);
      if (!repeated) return [];
      return [
        {
          rule: "schema/duplicate-row",
          pointer: base + extendPointer("", list, index, "key"),
          message: `${JSON.stringify(row.key)} is declared twice`,
          hint: "Remove one of the rows",
        },
      ];
    });
  });

/** Declared path parameters that the URL does not read: callers would have to send them for nothing. */
const unreadPathKeys = ({ url = "", path_parameters: rows = [] }: ShortRequest, base: string): readonly Complaint[] => {
  if (rows.length === 0) return [];
  const reads = readsOf(url)?.filter(({ root }) => root === "pathParams");
  // A template that does not parse is told by lint; a computed key, or one that a method takes (`get`, `items`), may be any of them.
  if (reads === undefined || reads.some(({ path, called }) => path.length === 0 || (called && path.length === 1)))
    return [];
  const read = new Set(reads.map(({ path }) => String(path[0])));
  return rows.flatMap(({ key }, index): Complaint[] => {
    if (read.has(key)) return [];
    const template = /^[A-Za-z_]\w*$/.test(key) ? `pathParams.${key}` : `pathParams['${key}']`;
    return [
      {
        rule: "schema/unread-path-key",
        pointer: base + extendPointer("", "path_parameters", index, "key"),
        message: `The path parameter ${JSON.stringify(key)} is not read in url`,
        hint: `Write {{ ${template} }} into url, or remove the row`,
      },
    ];
  });
};

const unofferedNames = (request: ShortRequest, base: string, kind: "plain" | "step"): readonly Complaint[] =>
  listTexts(request).flatMap(({ place, path, text }) => {
    const names = namesOf(text);
    return notOffered[kind][place]
      .filter((name) => names.has(name))
      .map((name) => ({
        rule: "schema/not-offered-here",
        pointer: base + path,
        message: `${JSON.stringify(name)} cannot be read in ${words[place]}`,
        hint: hintFor(name),
      }));
  });

const words: Readonly<Record<ShortPlace, string>> = {
  url: "a URL",
  headers: "a header",
  query: "a query parameter",
  authentication: "an authentication setting",
  request: "a request body",
  response: "a response body",
};

const hintFor = (name: string): string =>
  name === "get_secret"
    ? "Put the secret into a header, a query parameter or the authentication"
    : "Read it where it is offered, or remove it";

const listTexts = (
  request: ShortRequest,
): readonly { readonly place: ShortPlace; readonly path: string; readonly text: string }[] => [
  { place: "url", path: "/url", text: request.url ?? "" },
  ...(request.headers ?? []).map(({ value = "" }, index) => ({
    place: "headers" as const,
    path: `/headers/${index}/value`,
    text: value,
  })),
  ...(request.query_parameters ?? []).map(({ value = "" }, index) => ({
    place: "query" as const,
    path: `/query_parameters/${index}/value`,
    text: value,
  })),
  ...listTree(request.authentication?.config, "/authentication/config").map((text) => ({
    place: "authentication" as const,
    ...text,
  })),
  { place: "request", path: "/request_body", text: request.request_body ?? "" },
  { place: "response", path: "/response_body", text: request.response_body ?? "" },
];

const listTree = (value: unknown, path: string): readonly { readonly path: string; readonly text: string }[] => {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => listTree(member, path + extendPointer("", name)));
};

/** What a template reads; undefined where it does not parse. */
const readsOf = (text: string): TemplateReads | undefined => {
  if (!isTemplate(text)) return [];
  try {
    return gainsightEnvironment().environment.compile(text, { name: "short" }).analysis.reads;
  } catch {
    return undefined;
  }
};
type TemplateReads = ReturnType<ReturnType<typeof gainsightEnvironment>["environment"]["compile"]>["analysis"]["reads"];

/** Names that a template reads or calls; none where it does not parse, which lint tells. */
const namesOf = (text: string): ReadonlySet<string> => {
  if (!isTemplate(text)) return new Set();
  try {
    const { analysis } = gainsightEnvironment().environment.compile(text, { name: "short" });
    return new Set([...analysis.roots, ...analysis.calls.map(({ name }) => name)]);
  } catch {
    return new Set();
  }
};
