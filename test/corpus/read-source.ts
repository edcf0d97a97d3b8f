import { parse } from "yaml";

/**
 * Reading a source for the score. Nothing here, in `facts.ts`, `mock-api.ts` or `sample-value.ts` comes from the importer or the
 * engine: what they must not lose is found by other code. `test/architecture` holds the imports.
 */

/** A JSON object. */
export type Tree = Record<string, unknown>;

/** Says whether a value is a JSON object. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Yields the value as an object, or an empty one. */
export const tree = (value: unknown): Tree => (isTree(value) ? value : {});

/** Yields the value as a list, or an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Parses JSON, or YAML of which JSON is a part; comments and trailing commas are read over. */
export function readSource(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8").decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    const plain = text
      .replaceAll(/^\s*\/\/.*$/gm, "")
      .replaceAll(/,(\s*[}\]])/g, "$1")
      .replaceAll("\t", " ");
    return parse(plain, { uniqueKeys: false, strict: false, merge: true, logLevel: "silent", maxAliasCount: 10_000 });
  }
}

/** What a reference within a document names. */
export function lookUp(document: unknown, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let current: unknown = document;
  for (const part of reference.slice(1).split("/").slice(1)) {
    let token = part;
    try {
      token = decodeURIComponent(part);
    } catch {
      // Not percent-encoded.
    }
    token = token.replaceAll("~1", "/").replaceAll("~0", "~");
    current = Array.isArray(current)
      ? current[Number(token)]
      : isTree(current) && Object.hasOwn(current, token)
        ? current[token]
        : undefined;
  }
  return current;
}

/** Follows references until a value is there; siblings win. */
export function follow(document: unknown, value: unknown): unknown {
  let current = value;
  let siblings: Tree = {};
  for (let hops = 0; isTree(current) && typeof current.$ref === "string"; hops++) {
    if (hops > 40) return siblings;
    const { $ref, ...rest } = current;
    siblings = { ...rest, ...siblings };
    current = lookUp(document, $ref as string);
  }
  return isTree(current) && Object.keys(siblings).length > 0 ? { ...current, ...siblings } : (current ?? siblings);
}

/** The HTTP methods of a path item. */
export const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/** An operation as the source has it. */
export interface SourceOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Tree;
  readonly pathItem: Tree;
  /** Those of the operation before those of the path, references followed. */
  readonly parameters: readonly Tree[];
}

/** The place of a parameter counts whatever its case. */
const withKnownPlace = (parameter: Tree): Tree => {
  const place = String(parameter.in).trim().toLowerCase();
  const known = place === "formdata" ? "formData" : place;
  return parameter.in === known || typeof parameter.in !== "string" ? parameter : { ...parameter, in: known };
};

/** Lists the operations of an OpenAPI or Swagger document. */
export function operationsOf(document: unknown): readonly SourceOperation[] {
  const found: SourceOperation[] = [];
  for (const [path, item] of Object.entries(tree(tree(document).paths))) {
    if (path.startsWith("x-")) continue;
    const pathItem = tree(follow(document, item));
    for (const method of methods) {
      if (!isTree(pathItem[method])) continue;
      const operation = tree(pathItem[method]);
      const parameters = new Map<string, Tree>();
      for (const raw of [...list(operation.parameters), ...list(pathItem.parameters)]) {
        const parameter = withKnownPlace(tree(follow(document, raw)));
        const key = parameter.in === "body" ? "body" : `${String(parameter.in)}:${String(parameter.name)}`;
        if (!parameters.has(key)) parameters.set(key, parameter);
      }
      found.push({ method, path, operation, pathItem, parameters: [...parameters.values()] });
    }
  }
  return found;
}
