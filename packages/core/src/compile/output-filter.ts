import type { ConnectorDefinition, Schema } from "@junctor/sdk";
import type { Json } from "../ports/records.ts";

/** Removes what an output schema with `additionalProperties: false` does not declare (definition 1, *Schemas*). */
export interface OutputFilter {
  apply(value: Json): Json;
}

/** A part of the schema that closes something: members to keep, and filters for members and items. */
interface FilterNode {
  /** Null: every member stays. */
  readonly keep: ReadonlySet<string> | null;
  readonly members: ReadonlyMap<string, FilterNode>;
  readonly items: FilterNode | null;
}

/** Compiles the field filter of an output schema; null where the schema closes nothing. */
export function compileOutputFilter(
  schema: Schema | undefined,
  definitions: ConnectorDefinition["$defs"],
): OutputFilter | null {
  const node = schema === undefined ? null : compileNode(schema, definitions, new Map());
  if (node === null || !closesAnything(node, new Set())) return null;
  return Object.freeze({ apply: (value: Json) => filterValue(value, node) });
}

type Known = Map<Schema, MutableNode>;
interface MutableNode {
  keep: Set<string> | null;
  members: Map<string, FilterNode>;
  items: FilterNode | null;
}

/** Recursive schemas are one node that refers to itself. */
function compileNode(schema: Schema, definitions: ConnectorDefinition["$defs"], known: Known): FilterNode | null {
  if (typeof schema === "boolean") return null;
  const present = known.get(schema);
  if (present !== undefined) return present;
  const referred = typeof schema.$ref === "string" ? definitions?.[schema.$ref.replace(/^#\/\$defs\//, "")] : undefined;
  // A plain reference is its target itself, so that a schema may refer to what is still being compiled.
  if (referred !== undefined && isPlainReference(schema)) return compileNode(referred, definitions, known);
  const node: MutableNode = { keep: null, members: new Map(), items: null };
  known.set(schema, node);
  const properties = Object.entries(schema.properties ?? {});
  if (schema.additionalProperties === false) node.keep = new Set(properties.map(([name]) => name));
  for (const [name, part] of properties) {
    const member = compileNode(part, definitions, known);
    if (member !== null) node.members.set(name, member);
  }
  if (schema.items !== undefined) node.items = compileNode(schema.items, definitions, known);
  for (const part of [...(schema.allOf ?? []), ...(referred === undefined ? [] : [referred])]) {
    merge(node, compileNode(part, definitions, known));
  }
  return node;
}

const isPlainReference = (schema: Exclude<Schema, boolean>): boolean =>
  !["properties", "additionalProperties", "items", "allOf"].some((keyword) => Object.hasOwn(schema, keyword));

/** Parts that hold together: what one of them closes stays closed. */
function merge(node: MutableNode, part: FilterNode | null): void {
  if (part === null) return;
  if (part.keep !== null)
    node.keep =
      node.keep === null ? new Set(part.keep) : new Set([...node.keep].filter((name) => part.keep?.has(name)));
  for (const [name, member] of part.members) if (!node.members.has(name)) node.members.set(name, member);
  node.items ??= part.items;
}

function closesAnything(node: FilterNode, seen: Set<FilterNode>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.keep !== null) return true;
  if (node.items !== null && closesAnything(node.items, seen)) return true;
  return [...node.members.values()].some((member) => closesAnything(member, seen));
}

function filterValue(value: Json, node: FilterNode): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const { items } = node;
    return items === null ? value : value.map((item) => filterValue(item, items));
  }
  const object = value as Readonly<Record<string, Json>>;
  const filtered: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    if (node.keep !== null && !node.keep.has(key)) continue;
    const member = node.members.get(key);
    const kept = object[key] as Json;
    if (key !== "__proto__") filtered[key] = member === undefined ? kept : filterValue(kept, member);
  }
  return filtered;
}
