import type { FormatReader } from "../format-reader.ts";
import { asFilledText, asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { isClientHeader, isSecretName } from "../samples/credentials.ts";
import { importGenerated } from "../samples/import-generated.ts";
import { inferSchema } from "../samples/infer-schema.ts";
import { pointer } from "../source/json-pointer.ts";
import { readPostmanAuth } from "./postman-auth.ts";
import { type PostmanUrl, readPostmanUrl } from "./postman-url.ts";

/** Where the items of a collection are read into. */
interface Collection {
  readonly paths: Obj;
  readonly schemes: Obj;
  readonly places: Map<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly report: ImportReport;
  /** Origin → how many requests go there. */
  readonly origins: Map<string, number>;
  readonly servers: Obj;
}

/** What items inherit from their folders. */
interface Inherited {
  readonly tags: readonly string[];
  readonly auth: unknown;
}

/** Imports a Postman collection (2.0 and 2.1): folders become tags, requests operations, variables servers and parameters. */
export const importPostman: FormatReader = (source, report, options, limits) => {
  const document = asObject(source.tree.document().value);
  const root = isObject(document.collection) ? document.collection : document;
  const variables = new Map<string, string>();
  for (const entry of asList(root.variable)) {
    const { key, id, value } = asObject(entry);
    const name = asFilledText(key) ?? asFilledText(id);
    if (name !== undefined) variables.set(name, String(value ?? ""));
  }
  const collection: Collection = {
    paths: {},
    schemes: {},
    places: new Map(),
    variables,
    report,
    origins: new Map(),
    servers: {},
  };
  loseScripts(root, "", report);
  readItems(root.item, "/item", collection, { tags: [], auth: root.auth });
  const info = asObject(root.info);
  const generated: Obj = {
    openapi: "3.1.0",
    info: {
      title: options.title ?? asFilledText(info.name) ?? "Collection",
      version: "1.0.0",
      ...(description(info.description) ?? {}),
    },
    servers: serversOf(collection),
    paths: collection.paths,
    ...(Object.keys(collection.schemes).length > 0 ? { components: { securitySchemes: collection.schemes } } : {}),
  };
  return importGenerated([{ document: generated, places: collection.places }], report, options, limits);
};

function description(value: unknown): Obj | undefined {
  const text = asFilledText(value) ?? asFilledText(asObject(value).content);
  return text === undefined ? undefined : { description: text };
}

/** The origin of most requests is the server; others keep theirs. */
function serversOf(collection: Collection): readonly unknown[] {
  const [main] = [...collection.origins].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (main === undefined) return [];
  for (const item of Object.values(collection.paths)) {
    for (const operation of Object.values(asObject(item))) {
      if (!isObject(operation)) continue;
      if (operation["x-origin"] !== main)
        operation.servers = [asObject(collection.servers)[String(operation["x-origin"])]];
      delete operation["x-origin"];
    }
  }
  return [collection.servers[main]];
}

function loseScripts(holder: Obj, place: string, report: ImportReport): void {
  asList(holder.event).forEach((event, index) => {
    const { listen, script } = asObject(event);
    const lines = asList(asObject(script).exec).join("").trim();
    if (lines !== "")
      report.lose(
        `${place}/event/${index}`,
        "postman-script",
        `The ${String(listen)} script is not carried over.`,
        "Port it: templates, steps, errors or cases.",
      );
  });
}

function readItems(items: unknown, place: string, collection: Collection, inherited: Inherited): void {
  asList(items).forEach((entry, index) => {
    const item = asObject(entry);
    const here = pointer(place, index);
    loseScripts(item, here, collection.report);
    if (Array.isArray(item.item)) {
      const name = asFilledText(item.name);
      readItems(item.item, `${here}/item`, collection, {
        tags: name === undefined ? inherited.tags : [...inherited.tags, name],
        auth: item.auth ?? inherited.auth,
      });
    } else if (item.request !== undefined) readRequest(item, here, collection, inherited);
    else collection.report.skip(here, "postman-item", "The item is neither a folder nor a request.");
  });
}

function readRequest(item: Obj, place: string, collection: Collection, inherited: Inherited): void {
  const request: Obj = typeof item.request === "string" ? { url: item.request } : asObject(item.request);
  const url = readPostmanUrl(request.url, collection.variables);
  if (url === undefined) {
    collection.report.skip(place, "postman-url", "The request has no URL.");
    return;
  }
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i.test(url.origin)) {
    const reason = `${url.origin.replace(/:.*$/s, "")} is not a protocol that a connector speaks.`;
    collection.report.skip(place, "postman-protocol", reason);
    return;
  }
  const method = String(request.method ?? "GET").toLowerCase();
  if (!["get", "put", "post", "delete", "options", "head", "patch"].includes(method)) {
    collection.report.skip(
      place,
      "postman-method",
      `The method ${method.toUpperCase()} is not one that a connector calls.`,
    );
    return;
  }
  collection.origins.set(url.origin, (collection.origins.get(url.origin) ?? 0) + 1);
  collection.servers[url.origin] ??= url.server;
  const name = asFilledText(item.name);
  const operation: Obj = {
    "x-origin": url.origin,
    ...(name === undefined ? {} : { operationId: name, summary: name }),
    ...(description(request.description ?? item.description) ?? {}),
  };
  if (inherited.tags.length > 0) operation.tags = inherited.tags;
  const auth = readPostmanAuth(request.auth ?? inherited.auth, `${place}/request/auth`, collection.report);
  if (auth !== undefined) {
    if (auth.name !== undefined) collection.schemes[auth.name] = auth.scheme;
    operation.security = auth.name === undefined ? [] : [{ [auth.name]: [] }];
  }
  const parameters = [...url.parameters, ...headerParameters(request, auth !== undefined)];
  if (parameters.length > 0) operation.parameters = parameters;
  const body = readBody(asObject(request.body), request, `${place}/request/body`, collection.report);
  if (body !== undefined) operation.requestBody = body;
  operation.responses = readResponses(item.response);
  placeOperation(collection, url, method, operation, place);
}

function placeOperation(collection: Collection, url: PostmanUrl, method: string, operation: Obj, place: string): void {
  let path = url.path;
  for (let count = 2; asObject(collection.paths[path])[method] !== undefined; count++) path = `${url.path}#${count}`;
  setMember(collection.paths, path, { ...asObject(collection.paths[path]), [method]: operation });
  collection.places.set(`${pointer("/paths", path)}/${method}`, place);
}

function headerParameters(request: Obj, hasAuth: boolean): readonly Obj[] {
  return asList(request.header).flatMap((entry) => {
    const { key, value, disabled, description: about } = asObject(entry);
    const name = asFilledText(key)?.trim();
    if (name === undefined || isClientHeader(name) || (hasAuth && name.toLowerCase() === "authorization")) return [];
    const text = typeof value === "string" ? value : "";
    const keep =
      !isSecretName(name) && !text.includes("{{") && text.length > 0 && text.length < 80 ? { default: text } : {};
    return [
      {
        name,
        in: "header",
        ...(disabled === true || Object.keys(keep).length > 0 ? {} : { required: true }),
        ...(description(about) ?? {}),
        schema: { type: "string", ...keep },
      },
    ];
  });
}

function readBody(body: Obj, request: Obj, place: string, report: ImportReport): Obj | undefined {
  const mode = asFilledText(body.mode);
  if (mode === undefined || mode === "none" || body.disabled === true) return undefined;
  if (mode === "raw") return rawBody(body, request, place, report);
  if (mode === "urlencoded" || mode === "formdata") {
    const type = mode === "urlencoded" ? "application/x-www-form-urlencoded" : "multipart/form-data";
    const properties: Obj = {};
    const required: string[] = [];
    for (const entry of asList(body[mode])) {
      const { key, type: kind, disabled, description: about } = asObject(entry);
      if (typeof key !== "string" || key === "") continue;
      setMember(properties, key, {
        type: "string",
        ...(kind === "file" ? { format: "binary" } : {}),
        ...(description(about) ?? {}),
        ...(isSecretName(key) ? { writeOnly: true } : {}),
      });
      if (disabled !== true && !required.includes(key)) required.push(key);
    }
    return {
      content: { [type]: { schema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) } } },
    };
  }
  if (mode === "graphql") {
    const query = asObject(body.graphql).query;
    const schema = {
      type: "object",
      required: ["query"],
      properties: {
        query: { type: "string", ...(typeof query === "string" ? { default: query } : {}) },
        variables: { type: "object", additionalProperties: true },
      },
    };
    return { required: true, content: { "application/json": { schema } } };
  }
  if (mode === "file")
    return {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  report.lose(
    place,
    "postman-body",
    `A body of the mode ${JSON.stringify(mode)} is not known.`,
    "Describe the body in the definition.",
  );
  return undefined;
}

function rawBody(body: Obj, request: Obj, place: string, report: ImportReport): Obj | undefined {
  const raw = typeof body.raw === "string" ? body.raw : "";
  const language = asObject(asObject(body.options).raw).language;
  const header = asList(request.header)
    .map(asObject)
    .find((entry) => String(entry.key).toLowerCase() === "content-type");
  const declared = asFilledText(header?.value)?.split(";")[0]?.trim();
  const type =
    declared ??
    (language === "xml"
      ? "application/xml"
      : language === "text"
        ? "text/plain"
        : /^\s*[[{]/.test(raw)
          ? "application/json"
          : language === "json"
            ? "application/json"
            : "text/plain");
  if (!type.includes("json")) return { content: { [type]: { schema: { type: "string" } } } };
  const sample = parseWithVariables(raw);
  if (sample === undefined) {
    if (raw.trim() !== "")
      report.lose(
        place,
        "postman-json",
        "The sample body is not JSON, so its shape is not known.",
        "Correct the sample, or describe the body by hand.",
      );
    return { content: { [type]: { schema: {} } } };
  }
  return { required: true, content: { [type]: { schema: inferSchema([sample]) } } };
}

/** Reads a JSON sample whose values may be variables: in quotes a text, bare one of any type. */
function parseWithVariables(raw: string): unknown {
  const plain = raw.replaceAll(/^\s*\/\/.*$/gm, "");
  for (const text of [
    plain,
    plain.replaceAll(/"([^"\n]*\{\{[^"\n]*)"/g, '"variable"').replaceAll(/\{\{[^{}]*\}\}/g, "null"),
  ]) {
    try {
      return JSON.parse(text);
    } catch {
      // With its variables filled in it may be one.
    }
  }
  return undefined;
}

function readResponses(value: unknown): Obj {
  const responses: Obj = {};
  for (const entry of asList(value)) {
    const { code, body, name, header } = asObject(entry);
    const status = Number(code);
    if (!(status >= 100 && status < 600) || responses[String(status)] !== undefined) continue;
    const type = asList(header)
      .map(asObject)
      .find((item) => String(item.key).toLowerCase() === "content-type");
    const sample = typeof body === "string" ? parseWithVariables(body) : undefined;
    const mediaType = asFilledText(type?.value)?.split(";")[0]?.trim() ?? "application/json";
    responses[String(status)] = {
      description: asFilledText(name) ?? "Saved answer",
      ...(sample === undefined ? {} : { content: { [mediaType]: { schema: inferSchema([sample]) } } }),
    };
  }
  return Object.keys(responses).length === 0 ? { 200: { description: "Success" } } : responses;
}
