import { asObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { credentialOfHeader, credentialOfQuery, isClientHeader, isHarmlessHeader } from "./credentials.ts";
import { inferSchema } from "./infer-schema.ts";
import { templatePath } from "./template-path.ts";

/** One recorded request, and its answer where there is one. */
export interface RecordedRequest {
  readonly pointer: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  /** A body by a sample of it; `files` are the fields of a form that hold one. */
  readonly body?: { readonly mediaType: string; readonly sample: unknown; readonly files?: readonly string[] };
  readonly response?: { readonly status: number; readonly mediaType: string; readonly sample: unknown };
  readonly name?: string;
}

/** A document made of recorded requests, with the places that its operations came from. */
export interface GeneratedDocument {
  readonly document: Obj;
  /** Pointer in the document → pointer in the source. */
  readonly places: ReadonlyMap<string, string>;
}

interface Group {
  readonly path: string;
  readonly method: string;
  readonly variables: Obj;
  readonly requests: RecordedRequest[];
}

/**
 * Describes recorded requests to one host as an OpenAPI document. Requests that differ only in ids are one operation.
 * Names and types are taken over, values are not: what was recorded may hold a credential anywhere.
 */
export function describeRequests(
  title: string,
  origin: string,
  requests: readonly RecordedRequest[],
  report: ImportReport,
): GeneratedDocument {
  const groups = new Map<string, Group>();
  for (const request of requests) {
    const { path, variables } = templatePath(request.url.pathname);
    const key = `${request.method} ${path}`;
    const group = groups.get(key) ?? { path, method: request.method.toLowerCase(), variables, requests: [] };
    group.requests.push(request);
    groups.set(key, group);
  }
  const schemes: Obj = {};
  const paths: Obj = {};
  const places = new Map<string, string>();
  for (const group of groups.values()) {
    const operation = describeGroup(group, schemes);
    setMember(paths, group.path, { ...asObject(paths[group.path]), [group.method]: operation });
    places.set(
      `/paths/${group.path.replaceAll("~", "~0").replaceAll("/", "~1")}/${group.method}`,
      group.requests[0]?.pointer ?? "",
    );
  }
  if (Object.keys(schemes).length > 0)
    report.note(
      "",
      "credentials-scrubbed",
      `Credentials were found and left out: ${Object.keys(schemes).join(", ")}.`,
      "Enter them when connecting.",
    );
  const document: Obj = {
    openapi: "3.1.0",
    info: { title, version: "1.0.0" },
    servers: [{ url: origin }],
    paths,
    ...(Object.keys(schemes).length > 0 ? { components: { securitySchemes: schemes } } : {}),
  };
  return { document, places };
}

function describeGroup(group: Group, schemes: Obj): Obj {
  const operation: Obj = {};
  const [first] = group.requests;
  if (first?.name !== undefined) operation.summary = first.name;
  const parameters: Obj[] = Object.entries(group.variables).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    schema,
  }));
  const requirement: Obj = {};
  parameters.push(...queryParameters(group, schemes, requirement), ...headerParameters(group, schemes, requirement));
  if (parameters.length > 0) operation.parameters = parameters;
  const bodies = group.requests.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const [body] = bodies;
  if (body !== undefined) {
    const same = bodies.filter((other) => other.mediaType === body.mediaType).map((other) => other.sample);
    operation.requestBody = {
      required: bodies.length === group.requests.length,
      content: { [body.mediaType]: { schema: withFiles(same.includes(undefined) ? {} : inferSchema(same), bodies) } },
    };
  }
  operation.responses = describeResponses(group);
  if (Object.keys(requirement).length > 0) operation.security = [requirement];
  return operation;
}

/** Marks the fields of a form that hold files. */
function withFiles(schema: Obj, bodies: readonly NonNullable<RecordedRequest["body"]>[]): Obj {
  const properties: Obj = { ...asObject(schema.properties) };
  for (const name of bodies.flatMap(({ files = [] }) => files))
    setMember(properties, name, { type: "string", format: "binary" });
  return schema.properties === undefined ? schema : { ...schema, properties };
}

function queryParameters(group: Group, schemes: Obj, requirement: Obj): readonly Obj[] {
  const values = new Map<string, string[]>();
  for (const { url } of group.requests)
    for (const [name, value] of url.searchParams) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values].flatMap(([name, texts]) => {
    const credential = credentialOfQuery(name);
    if (credential !== undefined) {
      schemes[credential.name] = credential.scheme;
      requirement[credential.name] = [];
      return [];
    }
    const isEverywhere = group.requests.every(({ url }) => url.searchParams.has(name)) && group.requests.length > 1;
    return [{ name, in: "query", ...(isEverywhere ? { required: true } : {}), schema: schemaOfTexts(texts) }];
  });
}

function headerParameters(group: Group, schemes: Obj, requirement: Obj): readonly Obj[] {
  const values = new Map<string, { readonly name: string; readonly texts: string[] }>();
  for (const { headers } of group.requests) {
    for (const [name, value] of headers) {
      const credential = credentialOfHeader(name, value);
      if (credential !== undefined) {
        schemes[credential.name] = credential.scheme;
        requirement[credential.name] = [];
      } else if (!isClientHeader(name)) {
        const known = values.get(name.toLowerCase()) ?? { name, texts: [] };
        known.texts.push(value);
        values.set(name.toLowerCase(), known);
      }
    }
  }
  return [...values.values()].map(({ name, texts }) => {
    const [value] = texts;
    const fixed = isHarmlessHeader(name) && texts.every((text) => text === value) ? { default: value } : {};
    return { name, in: "header", schema: { type: "string", ...fixed } };
  });
}

function schemaOfTexts(texts: readonly string[]): Obj {
  const read = texts.map((text) =>
    /^-?\d{1,15}$/.test(text) ? Number(text) : /^(true|false)$/.test(text) ? text === "true" : text,
  );
  const schema = inferSchema(read);
  return typeof schema.type === "string" ? schema : { type: "string" };
}

function describeResponses(group: Group): Obj {
  const byStatus = new Map<number, { readonly mediaType: string; readonly sample: unknown }[]>();
  for (const { response } of group.requests)
    if (response !== undefined) byStatus.set(response.status, [...(byStatus.get(response.status) ?? []), response]);
  const responses: Obj = {};
  for (const [status, answers] of [...byStatus].sort((a, b) => a[0] - b[0])) {
    const samples = answers.filter((answer) => answer.sample !== undefined);
    const [answer] = samples;
    responses[String(status)] = {
      description: status < 400 ? "Recorded answer" : "Recorded error",
      ...(answer === undefined
        ? {}
        : { content: { [answer.mediaType]: { schema: inferSchema(samples.map((item) => item.sample)) } } }),
    };
  }
  return Object.keys(responses).length === 0 ? { 200: { description: "Success" } } : responses;
}
