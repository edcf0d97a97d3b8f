import { Validator } from "@cfworker/json-schema";
import { follow, isTree, list, lookUp, operationsOf, type SourceOperation, type Tree, tree } from "./read-source.ts";
import { createSeed, sampleOf } from "./sample-value.ts";

/** A request as it was sent. */
export interface MockRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What the mock says: the reasons why the request is none that the source describes, and an answer. */
export interface MockAnswer {
  readonly reasons: readonly string[];
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** What a policy of the source changes about where a request goes and what it carries. */
export interface Routing {
  /** Path patterns, besides the operation's own. */
  readonly paths: readonly string[];
  readonly method?: string;
  /** Whether the host is not the one of the document. */
  readonly anyHost: boolean;
  /** Whether policies change query or headers, so that further ones may occur. */
  readonly openQuery: boolean;
  readonly openBody: boolean;
}

const plainRouting: Routing = { paths: [], anyHost: false, openQuery: false, openBody: false };

/** A made-up API that judges requests by the source document. */
export class MockApi {
  readonly #document: unknown;
  readonly #operations: readonly SourceOperation[];
  readonly #isSwagger: boolean;
  readonly #bases: readonly string[];

  constructor(document: unknown) {
    this.#document = document;
    this.#operations = operationsOf(document);
    this.#isSwagger = tree(document).swagger !== undefined;
    this.#bases = basePaths(tree(document));
  }

  /** The operations of the source. */
  get operations(): readonly SourceOperation[] {
    return this.#operations;
  }

  /** The kinds of credential that an operation accepts, in the words of the definition's auth methods. */
  acceptedTypes(wanted: SourceOperation): ReadonlySet<string> {
    const names = list(wanted.operation.security ?? tree(this.#document).security).flatMap((alternative) =>
      Object.keys(tree(alternative)),
    );
    return new Set(
      names.map((name) => {
        const scheme = tree(follow(this.#document, this.#schemes()[name]));
        return String(scheme.type === "http" ? scheme.scheme : scheme.type);
      }),
    );
  }

  /** Judges a request that is meant for an operation. */
  check(wanted: SourceOperation, request: MockRequest, routing: Routing = plainRouting): MockAnswer {
    const reasons: string[] = [];
    const url = new URL(request.url);
    const method = (routing.method ?? wanted.method).toLowerCase();
    if (request.method.toLowerCase() !== method) reasons.push(`method ${request.method}`);
    const path = this.#matchPath(wanted, url, routing);
    if (path === undefined) reasons.push("path matches no server and template of the operation");
    this.#checkParameters(wanted, request, url, path, routing, reasons);
    this.#checkSecurity(wanted, request, url, routing, reasons);
    this.#checkBody(wanted, request, routing, reasons);
    return { reasons, ...this.#answer(wanted) };
  }

  /** Values of the path variables, by name; undefined if the path is another. */
  #matchPath(wanted: SourceOperation, url: URL, routing: Routing): ReadonlyMap<string, string> | undefined {
    const templates = routing.paths.length > 0 ? routing.paths : [wanted.path];
    const own = [...list(wanted.operation.servers), ...list(wanted.pathItem.servers)].map((server) =>
      pathOf(String(tree(server).url)),
    );
    for (const template of templates) {
      const names: string[] = [];
      const [bare = ""] = template.split("#");
      const [plain = ""] = bare.split("?");
      const pattern = plain.replaceAll(/\{([^{}]*)\}|[^{}]+/g, (text, name: string | undefined) => {
        if (name === undefined) return quote(encodePlain(text));
        names.push(name);
        return name.endsWith("+") || name.startsWith("+") || routing.paths.length > 0 ? "(.+?)" : "([^/]+?)";
      });
      for (const base of [...this.#bases, ...own, ""]) {
        const match = new RegExp(
          `^${routing.anyHost ? ".*?" : base}${plain.startsWith("/") ? "" : "/"}${pattern}/?$`,
          "i",
        ).exec(encodePlain(url.pathname));
        if (match !== null)
          return new Map(
            names.map((name, index) => [name.replaceAll(/^[+#./;?&]|[*+]$/g, ""), match[index + 1] ?? ""]),
          );
      }
    }
    return undefined;
  }

  #checkParameters(
    wanted: SourceOperation,
    request: MockRequest,
    url: URL,
    path: ReadonlyMap<string, string> | undefined,
    routing: Routing,
    reasons: string[],
  ): void {
    const known = new Set<string>();
    const [, queryPart = ""] = (wanted.path.split("#")[0] ?? "").split("?");
    for (const name of new URLSearchParams(queryPart).keys()) known.add(name);
    for (const parameter of wanted.parameters) {
      const name = String(parameter.name);
      if (parameter.in === "path") {
        const raw = path?.get(name) ?? [...(path ?? [])].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
        if (path !== undefined && raw === "") reasons.push(`path ${name} is empty`);
        if (raw !== undefined) this.#checkValue(parameter, [decodeURIComponent(raw)], `path ${name}`, reasons);
      } else if (parameter.in === "query") {
        const values = queryValues(this.#document, url, parameter);
        for (const key of values.names) known.add(key);
        if (values.texts.length === 0 && !values.isObject) {
          if (parameter.required === true && !routing.openQuery) reasons.push(`query ${name} is missing`);
        } else if (!values.isObject) this.#checkValue(parameter, values.texts, `query ${name}`, reasons);
      } else if (parameter.in === "header") {
        const plain = name.toLowerCase();
        const value = request.headers[plain];
        const isManaged =
          ["content-type", "accept", "authorization", "host", "content-length"].includes(plain) ||
          !/^[!#$%&'*+.^_`|~\w-]+$/.test(plain);
        if (value === undefined && parameter.required === true && !isManaged) reasons.push(`header ${name} is missing`);
        if (value !== undefined && !isManaged && !routing.openQuery)
          this.#checkValue(parameter, [value], `header ${name}`, reasons);
      } else if (
        parameter.in === "cookie" &&
        parameter.required === true &&
        !(request.headers.cookie ?? "").includes(`${name}=`)
      )
        reasons.push(`cookie ${name} is missing`);
    }
    for (const scheme of Object.values(this.#schemes()))
      if (tree(scheme).in === "query") known.add(String(tree(scheme).name));
    if (!routing.openQuery)
      for (const name of url.searchParams.keys()) if (!known.has(name)) reasons.push(`query ${name} is not declared`);
  }

  /** Reads the texts as the parameter's style writes them, and validates the value against its schema. */
  #checkValue(parameter: Tree, texts: readonly string[], place: string, reasons: string[]): void {
    const content = Object.values(tree(parameter.content))[0];
    const schema = parameter.schema ?? tree(content).schema ?? parameter;
    const resolved = tree(follow(this.#document, schema));
    const type = Array.isArray(resolved.type) ? resolved.type.find((name) => name !== "null") : resolved.type;
    let value: unknown;
    if (content !== undefined || type === "object") {
      try {
        value = JSON.parse(texts[0] ?? "");
      } catch {
        return;
      }
    } else if (type === "array") {
      const separators: Record<string, string> = {
        ssv: " ",
        tsv: "\t",
        pipes: "|",
        spaceDelimited: " ",
        pipeDelimited: "|",
      };
      const separator = separators[String(parameter.collectionFormat)] ?? separators[String(parameter.style)] ?? ",";
      const isRepeated =
        parameter.collectionFormat === "multi" ||
        (!this.#isSwagger &&
          parameter.in === "query" &&
          parameter.explode !== false &&
          (parameter.style === undefined || parameter.style === "form"));
      const parts = isRepeated ? texts : (texts[0] ?? "").split(separator).map((part) => part.trim());
      if (!isRepeated && texts.length > 1) reasons.push(`${place} is repeated, but its style joins values`);
      value = parts.map((part) => this.#scalar(part, resolved.items));
    } else value = this.#scalar(texts[0] ?? "", schema);
    const problem = this.#validate(schema, value);
    if (problem !== undefined) reasons.push(`${place}: ${problem}`);
  }

  #scalar(text: string, schema: unknown): unknown {
    const resolved = tree(follow(this.#document, schema));
    const type = Array.isArray(resolved.type) ? resolved.type.find((name) => name !== "null") : resolved.type;
    if ((type === "integer" || type === "number") && text.trim() !== "" && !Number.isNaN(Number(text)))
      return Number(text);
    if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
    if (type === undefined && list(resolved.enum).length > 0)
      return list(resolved.enum).find((item) => String(item) === text) ?? text;
    return text;
  }

  #schemes(): Tree {
    const root = tree(this.#document);
    return this.#isSwagger ? tree(root.securityDefinitions) : tree(tree(root.components).securitySchemes);
  }

  #checkSecurity(wanted: SourceOperation, request: MockRequest, url: URL, routing: Routing, reasons: string[]): void {
    const requirement = wanted.operation.security ?? tree(this.#document).security;
    const alternatives = list(requirement).filter(isTree);
    if (
      alternatives.length === 0 ||
      routing.openQuery ||
      alternatives.some((alternative) => Object.keys(alternative).length === 0)
    )
      return;
    const misses: string[] = [];
    for (const alternative of alternatives) {
      const schemes = Object.keys(alternative).map((name) => ({
        name,
        scheme: tree(follow(this.#document, this.#schemes()[name])),
      }));
      const carried = schemes.filter(({ scheme }) => this.#carries(scheme, request, url));
      // Schemes that claim the same header cannot both be met; one of them has to be.
      const missing = schemes
        .filter((one) => !carried.includes(one))
        .filter(({ scheme }) => !carried.some((other) => headerOf(other.scheme) === headerOf(scheme)))
        .map(({ name }) => name);
      if (missing.length === 0) return;
      misses.push(missing.join("+"));
    }
    reasons.push(`credential: ${misses.join(" or ")} is not where it belongs`);
  }

  #carries(scheme: Tree, request: MockRequest, url: URL): boolean {
    const type = String(scheme.type).toLowerCase();
    const authorization = request.headers.authorization ?? "";
    if (type === "apikey") {
      const name = String(scheme.name);
      if (scheme.in === "query") return (url.searchParams.get(name) ?? "").includes("credential");
      if (scheme.in === "cookie") return (request.headers.cookie ?? "").includes(`${name}=`);
      const value = request.headers[name.trim().toLowerCase()] ?? "";
      return value.includes("credential") || value.startsWith("AWS4-HMAC-SHA256 Credential=");
    }
    if (type === "basic" || (type === "http" && String(scheme.scheme).toLowerCase() === "basic")) {
      return authorization.startsWith("Basic ") && atob(authorization.slice(6)).includes(":");
    }
    if (type === "undefined" || type === "mutualtls") return true;
    return authorization.includes("credential") || authorization.startsWith("Bearer ");
  }

  #checkBody(wanted: SourceOperation, request: MockRequest, routing: Routing, reasons: string[]): void {
    const { schema, required, types, isForm } = this.#bodyOf(wanted);
    if (types.length === 0) {
      if (request.body !== null && request.body !== "" && !routing.openBody)
        reasons.push("a body where none is described");
      return;
    }
    if (request.body === null || request.body === "") {
      if (required && !routing.openBody) reasons.push("the body is missing");
      return;
    }
    const sent = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!types.some((type) => matchesType(type, sent)) && !routing.openQuery)
      reasons.push(`content type ${sent || "(none)"} is not one of ${types.join(", ")}`);
    if (routing.openBody) return;
    const found = types.find((type) => matchesType(type, sent));
    const wantedSchema = isForm || found === undefined ? schema : (this.#contentSchema(wanted, found) ?? schema);
    if (/json/.test(sent)) this.#checkJson(request.body, wantedSchema, reasons);
    else if (sent === "application/x-www-form-urlencoded")
      this.#checkFields([...new URLSearchParams(request.body).keys()], wantedSchema, reasons);
    else if (sent.startsWith("multipart/"))
      this.#checkFields(
        [...request.body.matchAll(/name="([^"]*)"/g)].map((match) => match[1] ?? ""),
        wantedSchema,
        reasons,
      );
  }

  #checkJson(text: string, schema: unknown, reasons: string[]): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      reasons.push("the body is not JSON");
      return;
    }
    const problem = this.#validate(schema, value);
    if (problem !== undefined) reasons.push(`body: ${problem}`);
  }

  #checkFields(names: readonly string[], schema: unknown, reasons: string[]): void {
    const resolved = tree(follow(this.#document, schema));
    const bare = new Set(names.map((name) => name.replace(/\[.*$/, "")));
    for (const field of list(resolved.required))
      if (!bare.has(String(field)) && !names.includes(String(field))) reasons.push(`field ${String(field)} is missing`);
    const declared = Object.keys(tree(resolved.properties));
    if (declared.length === 0) return;
    for (const name of names)
      if (
        !declared.includes(name) &&
        !declared.includes(name.replace(/\[.*$/, "")) &&
        resolved.additionalProperties === undefined &&
        list(resolved.allOf).length === 0
      )
        reasons.push(`field ${name} is not declared`);
  }

  #contentSchema(wanted: SourceOperation, type: string): unknown {
    if (this.#isSwagger) return undefined;
    const body = tree(follow(this.#document, wanted.operation.requestBody));
    return tree(follow(this.#document, tree(body.content)[type])).schema;
  }

  #bodyOf(wanted: SourceOperation): { schema: unknown; required: boolean; types: readonly string[]; isForm: boolean } {
    const root = tree(this.#document);
    const body = wanted.parameters.find((parameter) => parameter.in === "body");
    const fields = wanted.parameters.filter((parameter) => parameter.in === "formData");
    const consumes =
      [wanted.operation.consumes, root.consumes]
        .map(list)
        .find((types) => types.length > 0)
        ?.map(String) ?? [];
    if (body !== undefined)
      return {
        schema: body.schema,
        required: body.required === true,
        types: consumes.length > 0 ? consumes : ["application/json"],
        isForm: false,
      };
    if (fields.length > 0) {
      const schema = {
        type: "object",
        properties: Object.fromEntries(fields.map((field) => [String(field.name), field])),
        required: fields.filter((field) => field.required === true).map((field) => field.name),
      };
      const forms = consumes.filter((type) => /multipart|form-urlencoded/i.test(type));
      return {
        schema,
        required: fields.some((field) => field.required === true),
        types: [...forms, "multipart/form-data", "application/x-www-form-urlencoded"],
        isForm: true,
      };
    }
    const request = tree(follow(this.#document, wanted.operation.requestBody));
    const content = tree(request.content);
    return {
      schema: tree(Object.values(content)[0]).schema,
      required: request.required === true,
      types: Object.keys(content),
      isForm: false,
    };
  }

  #validate(schema: unknown, value: unknown): string | undefined {
    if (schema === undefined || schema === true) return undefined;
    const { schema: closed, definitions } = closeOver(this.#document, schema);
    try {
      const validator = new Validator({ ...tree(closed), definitions } as never, "2019-09", false);
      const result = validator.validate(value);
      if (result.valid) return undefined;
      const first = result.errors.at(-1) ?? result.errors[0];
      return first === undefined
        ? "invalid"
        : `${first.instanceLocation} ${first.keyword}: ${first.error}`.slice(0, 160);
    } catch {
      return undefined;
    }
  }

  /** A successful answer, made up from the source. */
  #answer(wanted: SourceOperation): Omit<MockAnswer, "reasons"> {
    const responses = tree(wanted.operation.responses);
    const codes = Object.keys(responses)
      .filter((code) => /^2\d\d$/.test(code))
      .sort();
    const code = codes[0];
    const response = tree(follow(this.#document, responses[code ?? "default"]));
    const content = tree(response.content);
    const produces = [wanted.operation.produces, tree(this.#document).produces]
      .map(list)
      .find((types) => types.length > 0)
      ?.map(String) ?? ["application/json"];
    const types = this.#isSwagger ? (response.schema === undefined ? [] : produces) : Object.keys(content);
    const type = types.find((name) => /json/i.test(name)) ?? types[0];
    const status = Number(code ?? 200);
    if (type === undefined || status === 204) return { status, contentType: undefined, body: "" };
    if (!/json|\*\/\*/i.test(type))
      return { status, contentType: type, body: /xml/i.test(type) ? "<answer/>" : "answer" };
    const schema = this.#isSwagger ? response.schema : tree(content[type]).schema;
    const resolved = tree(follow(this.#document, schema));
    if (resolved.type === "file" || resolved.format === "binary")
      return { status, contentType: "application/octet-stream", body: "answer" };
    const value =
      schema === undefined
        ? {}
        : sampleOf(schema, { document: this.#document, random: createSeed(7), full: true, forRequest: false });
    return { status, contentType: type.includes("*") ? "application/json" : type, body: JSON.stringify(value ?? null) };
  }
}

const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** One spelling for a path, whatever its author and the client leave unescaped. */
const encodePlain = (text: string): string => {
  try {
    return encodeURI(decodeURI(text))
      .replaceAll(/%25(?=[0-9A-Fa-f]{2})/g, "%")
      .replaceAll(/%(?:2C|3A|40|3B|26|3D|2B|24|21|27|28|29|2A)/gi, (escaped) => decodeURIComponent(escaped));
  } catch {
    return text;
  }
};

function basePaths(root: Tree): readonly string[] {
  if (root.swagger !== undefined)
    return [
      quote(
        encodePlain(
          String(root.basePath ?? "")
            .replace(/\/+$/, "")
            .replace(/^(?!\/|$)/, "/"),
        ),
      ),
    ];
  return list(root.servers).map((server) => pathOf(withDefaults(tree(server))));
}

/** A server whose variables that hold a path are written out. */
const withDefaults = (server: Tree): string =>
  String(server.url).replaceAll(/\{([^}]*)\}/g, (whole, name: string) => {
    const value = tree(tree(server.variables)[name]).default;
    return typeof value === "string" && value.startsWith("/") ? value : whole;
  });

/** The path of a server as a pattern; its variables stand for anything. */
const pathOf = (url: string): string => {
  const path = url
    .replace(/^(?:[a-z][a-z0-9+.-]*|\{[^}]*\}):\/\//i, "//")
    .replace(/^\/\/[^/]*/, "")
    .replace(/^\{[^}]*\}/, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
  return path
    .split(/\{[^}]*\}/)
    .map((part) => quote(encodePlain(part)))
    .join("[^/]*(?:/[^/]+)*");
};

function queryValues(
  document: unknown,
  url: URL,
  parameter: Tree,
): { readonly texts: readonly string[]; readonly names: readonly string[]; readonly isObject: boolean } {
  const name = String(parameter.name);
  const texts = url.searchParams.getAll(name);
  if (texts.length > 0) return { texts, names: [name], isObject: false };
  const schema = tree(follow(document, parameter.schema ?? parameter));
  const spread = [...url.searchParams.keys()].filter((key) => key.startsWith(`${name}[`));
  if (spread.length > 0) return { texts: [], names: spread, isObject: true };
  const members = Object.keys(tree(schema.properties)).filter((key) => url.searchParams.has(key));
  const isObject = (schema.type === "object" || isTree(schema.properties)) && parameter.style !== "deepObject";
  if (!isObject) return { texts: [], names: [], isObject: false };
  return {
    texts: [],
    names: schema.additionalProperties === undefined && members.length > 0 ? members : [...url.searchParams.keys()],
    isObject: members.length > 0 || schema.additionalProperties !== undefined,
  };
}

const matchesType = (declared: string, sent: string): boolean => {
  const plain = (declared.split(";")[0] ?? "").trim().toLowerCase();
  if (plain === sent || plain === "*/*" || plain === "") return true;
  if (plain.endsWith("/*")) return sent.startsWith(plain.slice(0, -1));
  return plain.includes("*+json") ? sent.includes("json") : false;
};

/** A schema with everything that it refers to beside it, in the words of JSON Schema. */
function closeOver(document: unknown, schema: unknown): { readonly schema: unknown; readonly definitions: Tree } {
  const definitions: Tree = {};
  const names = new Map<string, string>();
  const convert = (value: unknown, depth: number): unknown => {
    if (!isTree(value) || depth > 60) return value === undefined ? {} : value;
    const result: Tree = {};
    for (const [name, item] of Object.entries(value)) {
      if (name === "$ref" && typeof item === "string") result.$ref = `#/definitions/${nameOf(item, depth)}`;
      else if (name === "properties" || name === "patternProperties")
        result[name] = Object.fromEntries(
          Object.entries(tree(item)).map(([key, inner]) => [key, convert(inner, depth + 1)]),
        );
      else if (["allOf", "anyOf", "oneOf"].includes(name))
        result[name] = list(item).map((inner) => convert(inner, depth + 1));
      else if (name === "items" || name === "not" || (name === "additionalProperties" && isTree(item)))
        result[name] = Array.isArray(item) ? item.map((inner) => convert(inner, depth + 1)) : convert(item, depth + 1);
      else if (
        ![
          "example",
          "examples",
          "default",
          "nullable",
          "discriminator",
          "xml",
          "externalDocs",
          "description",
          "title",
          "in",
          "name",
          "id",
          "$id",
          "format",
        ].includes(name) &&
        !name.startsWith("x-")
      )
        result[name] = item;
    }
    return tolerate(result, value);
  };
  const nameOf = (reference: string, depth: number): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const name = `d${names.size}`;
    names.set(reference, name);
    definitions[name] = {};
    definitions[name] = convert(lookUp(document, reference) ?? {}, depth + 1);
    return name;
  };
  return { schema: convert(schema, 0), definitions };
}

const knownTypes = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

/** Keywords that are no JSON Schema are left out of the judgement: the source is at fault there, not the request. */
function tolerate(schema: Tree, source: Tree): Tree {
  if (schema.$ref !== undefined) return { $ref: schema.$ref, ...(source.nullable === true ? {} : {}) };
  if (schema.type === "file") schema.type = "string";
  if (typeof schema.type === "string" && !knownTypes.has(schema.type)) delete schema.type;
  if (source.nullable === true || source["x-nullable"] === true) {
    if (typeof schema.type === "string") schema.type = [schema.type, "null"];
    if (Array.isArray(schema.enum)) schema.enum = [...schema.enum, null];
  }
  if (!Array.isArray(schema.required)) delete schema.required;
  if (Array.isArray(schema.enum) && schema.type !== undefined && !Array.isArray(schema.type)) {
    const isText = schema.type === "string";
    if (schema.enum.every((value) => (typeof value === "string") !== isText && value !== null)) delete schema.enum;
  }
  if (schema.exclusiveMinimum === true) schema.exclusiveMinimum = schema.minimum;
  if (schema.exclusiveMaximum === true) schema.exclusiveMaximum = schema.maximum;
  for (const keyword of [
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "multipleOf",
  ]) {
    if (schema[keyword] !== undefined && typeof schema[keyword] !== "number") delete schema[keyword];
  }
  if (typeof schema.pattern === "string") {
    try {
      new RegExp(schema.pattern, "u");
    } catch {
      delete schema.pattern;
    }
  }
  return schema;
}

/** The header that a scheme claims; a value that equals no other for one that claims none. */
const headerOf = (scheme: Tree): unknown => {
  if (String(scheme.type).toLowerCase() !== "apikey") return "authorization";
  return scheme.in === "header" ? String(scheme.name).trim().toLowerCase() : scheme;
};
