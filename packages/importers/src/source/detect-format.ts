import { asObject, isObject } from "../json-value.ts";

/** The source formats, by the names that options and results use. */
export const sourceFormats = [
  "openapi",
  "swagger",
  "power-platform",
  "postman",
  "har",
  "curl",
  "gainsight",
  "gainsight-registry",
  "camunda-template",
  "json-sample",
] as const;

/** A format that can be imported. */
export type SourceFormat = (typeof sourceFormats)[number];

/** Says which format a parsed document is in; undefined if it looks like none of them. */
export function detectFormat(tree: unknown): SourceFormat | undefined {
  if (Array.isArray(tree)) return tree.some(isElementTemplate) ? "camunda-template" : undefined;
  const root = asObject(tree);
  if (root.swagger !== undefined) return "swagger";
  if (root.openapi !== undefined) return "openapi";
  if (isPostman(root)) return "postman";
  if (isObject(root.log) && Array.isArray(root.log.entries)) return "har";
  if (Array.isArray(root.connectors) || Array.isArray(root.composite_connectors)) return "gainsight-registry";
  if (isElementTemplate(root)) return "camunda-template";
  if (typeof root.url === "string" || Array.isArray(root.steps)) return "gainsight";
  if (isObject(root.paths) || (isObject(root.info) && isObject(root.webhooks))) return versionless(root);
  return undefined;
}

/** A description whose version line is missing or misspelt: what only one of the two versions has tells them apart. */
function versionless(root: Record<string, unknown>): SourceFormat | undefined {
  if (looksLikeSwagger(root)) return "swagger";
  const hasOperation = Object.values(asObject(root.paths)).some((item) =>
    ["get", "put", "post", "delete", "patch", "head", "options"].some((method) => isObject(asObject(item)[method])),
  );
  return hasOperation || isObject(root.info) ? "openapi" : undefined;
}

/** Says whether a document without a version has members that only Swagger 2.0 knows. */
export const looksLikeSwagger = (root: Record<string, unknown>): boolean =>
  !isObject(root.components) &&
  !Array.isArray(root.servers) &&
  ["definitions", "securityDefinitions", "host", "basePath", "consumes", "produces", "schemes"].some(
    (name) => root[name] !== undefined,
  );

const isPostman = (root: Record<string, unknown>): boolean => {
  const info = asObject(root.info);
  return (
    (typeof info.schema === "string" && info.schema.includes("getpostman.com")) ||
    typeof info._postman_id === "string" ||
    (isObject(root.collection) && isPostman(root.collection))
  );
};

const isElementTemplate = (value: unknown): boolean => {
  const root = asObject(value);
  return Array.isArray(root.appliesTo) && Array.isArray(root.properties);
};

/** Says whether a text is a cURL command line. */
export const isCurl = (text: string): boolean => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);
