import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** One answer of the server, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the answer is JSON, else the text. */
  readonly body: unknown;
  readonly text: string;
}

/** Says what is wrong with an answer by the server's own OpenAPI document; nothing when all is well. */
export type CheckAnswer = (method: string, path: string, answer: Answer) => string | undefined;

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

/** Makes the check of a served OpenAPI document. */
export function createApiCheck(document: unknown): CheckAnswer {
  const { paths, components } = document as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: object;
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { "date-time": isTime, uri: true } });
  ajv.addSchema({ $id: "api:document", components });
  const compiled = new Map<string, ValidateFunction>();
  const patterns = Object.keys(paths).map(
    (path) => [path, new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`)] as const,
  );

  return (method, path, { status, headers, body }) => {
    const pathname = path.split("?")[0] ?? path;
    // A literal path wins over one with parameters: /v1/connectors/lint is not a connector.
    const found =
      paths[pathname] === undefined ? patterns.find(([, pattern]) => pattern.test(pathname))?.[0] : pathname;
    const operation = found === undefined ? undefined : paths[found]?.[method.toLowerCase()];
    const contentType = headers.get("content-type")?.split(";")[0];
    if (operation === undefined) {
      const isProblem = contentType === "application/problem+json" && (status === 404 || status === 405);
      return isProblem ? undefined : `${method} ${path} is not in the document, but answered ${status}`;
    }
    const declared = operation.responses[String(status)];
    if (declared === undefined) return `${method} ${path} answered ${status}, which the document does not list`;
    if (declared.content === undefined) return body === "" ? undefined : `${method} ${path} answered with a body`;
    const content = declared.content[contentType ?? ""] ?? declared.content["*/*"];
    if (content === undefined) return `${method} ${path} answered ${status} as ${contentType}`;
    if (content.schema === undefined || contentType?.endsWith("json") !== true) return undefined;
    const schema = narrow(content.schema, path);
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(absolute(schema));
    compiled.set(key, validate);
    return validate(body) ? undefined : `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`;
  };
}

/** Where the document allows the bare output beside the envelope, only a request that asked for it may get it. */
function narrow(schema: object, path: string): object {
  const [envelope] = (schema as { readonly anyOf?: readonly object[] }).anyOf ?? [];
  return envelope === undefined || path.includes("answer=raw") ? schema : envelope;
}

const absolute = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api:document#/components')) as object;

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text)) && text.includes("T");
