import { asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { withDifference } from "../residue/difference.ts";
import { listOperation } from "../residue/keyed-operation.ts";
import { plainOperation } from "./plain-operation.ts";
import { plainRoot } from "./plain-root.ts";

/**
 * Writes a definition as an OpenAPI 3.1 document. What an import kept beside the definition (`x-openapi`) is given back
 * in its place, so that an imported document comes out with every fact it went in with. Returns a new tree.
 */
export function openApiOf(definition: Obj): Obj {
  const kept = asObject(definition["x-openapi"]);
  const root = asObject(withDifference(plainRoot(definition), kept.root));
  const paths: Obj = {};
  for (const [name, action] of Object.entries(asObject(definition.actions))) {
    if (isObject(action) && asObject(action["x-openapi"]).generated !== true)
      placeOperation(paths, ...operationOf(name, action));
  }
  for (const trigger of Object.values(asObject(definition.triggers))) {
    const own = asObject(asObject(trigger)["x-openapi"]);
    if (typeof own.path === "string")
      placeOperation(paths, own.path, String(own.method ?? "post"), listOperation(asObject(own.operation)));
  }
  for (const [path, extras] of Object.entries(asObject(kept.pathItems))) {
    setMember(paths, path, { ...asObject(extras), ...asObject(paths[path]) });
  }
  const { components, info, servers, ...rest } = root;
  const schemas = asObject(definition.$defs);
  const document: Obj = { openapi: "3.1.0", info, ...(servers === undefined ? {} : { servers }), ...rest, paths };
  if (isObject(kept.webhooks)) document.webhooks = kept.webhooks;
  const parts: Obj = { ...asObject(components), ...asObject(kept.components) };
  if (Object.keys(schemas).length > 0) parts.schemas = schemas;
  if (Object.keys(parts).length > 0) document.components = legalComponents(parts, document);
  return asObject(toComponents(document));
}

function operationOf(name: string, action: Obj): readonly [string, string, Obj] {
  const own = asObject(action["x-openapi"]);
  const plain = plainOperation(name, action);
  const operation = listOperation(asObject(withDifference(plain.operation, own.operation)));
  return [
    typeof own.path === "string" ? own.path : plain.path,
    typeof own.method === "string" ? own.method : plain.method,
    operation,
  ];
}

/** Two operations of one method and path stand apart by a fragment, which no request carries. */
function placeOperation(paths: Obj, path: string, method: string, operation: Obj): void {
  let free = path;
  for (let count = 2; isObject(asObject(paths[free])[method]); count++)
    free = `${path}#${String(operation.operationId ?? count)}${count > 2 ? count : ""}`;
  setMember(paths, free, { ...asObject(paths[free]), [method]: operation });
}

/** OpenAPI allows fewer characters in the names of components than authors use; security requirements follow. */
function legalComponents(components: Obj, document: Obj): Obj {
  const renamed = new Map<string, string>();
  const schemes: Obj = {};
  for (const [name, scheme] of Object.entries(asObject(components.securitySchemes))) {
    const clean = name.replaceAll(/[^A-Za-z0-9._-]+/g, "_") || "auth";
    let legal = clean;
    for (let count = 2; Object.hasOwn(schemes, legal); count++) legal = `${clean}_${count}`;
    if (legal !== name) renamed.set(name, legal);
    setMember(schemes, legal, legal === name ? scheme : { ...asObject(scheme), "x-name": name });
  }
  if (renamed.size === 0) return components;
  const rename = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((requirement) =>
          isObject(requirement)
            ? Object.fromEntries(
                Object.entries(requirement).map(([name, scopes]) => [renamed.get(name) ?? name, scopes]),
              )
            : requirement,
        )
      : list;
  if (document.security !== undefined) document.security = rename(document.security);
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    const copy: Obj = { ...asObject(item) };
    for (const [method, operation] of Object.entries(copy)) {
      if (isObject(operation) && Array.isArray(operation.security))
        copy[method] = { ...operation, security: rename(operation.security) };
    }
    setMember(asObject(document.paths), path, copy);
  }
  return { ...components, securitySchemes: schemes };
}

/** Rewrites references and takes what schemas kept aside back to its place. */
function toComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toComponents);
  if (typeof value === "string")
    return value.startsWith("#/$defs/") ? `#/components/schemas/${value.slice("#/$defs/".length)}` : value;
  if (!isObject(value)) return value;
  const copy: Obj = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === "x-openapi" && isObject(item)) continue;
    setMember(copy, name, toComponents(item));
  }
  const kept = value["x-openapi"];
  return isObject(kept) ? giveBack(copy, kept) : copy;
}

/** Keywords whose original can stand in OpenAPI 3.1 without making the schema invalid. */
const harmless = new Set(["default", "title", "description", "examples", "enum", "pattern", "format"]);

const jsonTypes = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

function giveBack(schema: Obj, kept: Obj): Obj {
  const rest: Obj = {};
  for (const [name, value] of Object.entries(kept)) {
    if (typeof schema.$ref === "string" && name !== "$ref" && !(name === "type" && !jsonTypes.has(String(value))))
      schema[name] = value;
    else if (
      harmless.has(name) &&
      !(name === "pattern" && typeof value !== "string") &&
      !(name === "enum" && !Array.isArray(value))
    )
      schema[name] = value;
    else setMember(rest, name, value);
  }
  if (Object.keys(rest).length > 0) schema["x-openapi"] = rest;
  return schema;
}
