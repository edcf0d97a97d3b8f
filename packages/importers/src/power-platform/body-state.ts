import { asList, asObject, type Obj, setMember } from "../json-value.ts";
import { propertiesOf, resolveSchema, typesOf } from "../openapi/resolve-schema.ts";
import { expression, memberOf, mergeAt, wrap } from "../openapi/template-text.ts";

type Path = readonly (string | number)[];

/**
 * A body that policies change step by step: first the body itself as one expression, later, once a policy goes through
 * a list, an object with one entry per property that the schema declares.
 */
export class BodyState {
  readonly #root: string;
  readonly #schema: unknown;
  readonly #definitions: Obj;
  #code: string;
  #members:
    | Map<
        string,
        { kind: "code"; code: string } | { kind: "each"; list: string; item: string; key?: string; tree?: unknown }
      >
    | undefined;
  /** Members that policies set before the body was split. */
  readonly #added = new Set<string>();
  changed = false;

  constructor(root: string, schema: unknown, definitions: Obj) {
    this.#root = root;
    this.#code = root;
    this.#schema = schema;
    this.#definitions = definitions;
  }

  /** The code of the value at a path, with what was done to it so far; undefined if it is no single expression. */
  read(path: Path): string | undefined {
    const [first, ...rest] = path;
    if (this.#members !== undefined && typeof first === "string") {
      const known = this.#members.get(first);
      if (known?.kind === "each")
        return rest.length === 0 && known.item === "item" && known.key === undefined && known.tree === undefined
          ? known.list
          : undefined;
      return access(known?.code ?? memberOf(this.#root, first), rest);
    }
    return this.#members === undefined ? access(this.#code, path) : undefined;
  }

  /** Sets the value at a path. */
  set(path: Path, value: string): boolean {
    const names = path.filter((step): step is string => typeof step === "string");
    if (names.length !== path.length || names.length === 0) return false;
    this.changed = true;
    const [first = "", ...rest] = names;
    if (this.#members === undefined) {
      this.#code = mergeAt(this.#code, names, value);
      this.#added.add(first);
      return true;
    }
    const known = this.#members.get(first);
    if (known?.kind === "each") return false;
    this.#members.set(first, {
      kind: "code",
      code: rest.length === 0 ? value : mergeAt(known?.code ?? memberOf(this.#root, first), rest, value),
    });
    return true;
  }

  /** Changes each element of the list at a path; `change` gets and gives the code of an element. */
  map(path: Path, change: (item: string) => string): boolean {
    const [first, ...rest] = path;
    if (typeof first !== "string" || rest.length > 0) return false;
    const members = this.#open();
    const known = members?.get(first);
    if (members === undefined || (known?.kind === "each" && (known.key !== undefined || known.tree !== undefined)))
      return false;
    const current =
      known?.kind === "each"
        ? known
        : { kind: "each" as const, list: known?.code ?? memberOf(this.#root, first), item: "item" };
    members.set(first, { ...current, item: change(current.item) });
    this.changed = true;
    return true;
  }

  /** Puts a repetition over the value at `from` to the place `to`. */
  repeat(from: Path, to: Path, tree: unknown, more: { readonly key?: string; readonly list?: string } = {}): boolean {
    const [name, ...deeper] = to;
    if (typeof name !== "string" || deeper.length > 0) return false;
    const [source] = from;
    const members = this.#open();
    const known = typeof source === "string" ? members?.get(source) : undefined;
    const list = more.list ?? (known?.kind === "each" ? known.list : from.length === 0 ? this.#root : this.read(from));
    if (members === undefined || list === undefined) return false;
    members.set(name, {
      kind: "each",
      list,
      item: known?.kind === "each" ? known.item : "item",
      tree,
      ...(more.key === undefined ? {} : { key: more.key }),
    });
    this.changed = true;
    return true;
  }

  /** Declared properties of the elements of the list at a path. */
  itemProperties(path: Path): Obj {
    let schema: unknown = this.#schema;
    for (const step of path)
      schema =
        typeof step === "string"
          ? propertiesOf(schema, this.#definitions)[step]
          : resolveSchema(schema, this.#definitions).items;
    return propertiesOf(resolveSchema(schema, this.#definitions).items, this.#definitions);
  }

  /** Whether the schema says that a list stands at a path. */
  isList(path: Path): boolean {
    let schema: unknown = this.#schema;
    for (const step of path)
      schema =
        typeof step === "string"
          ? propertiesOf(schema, this.#definitions)[step]
          : asList(resolveSchema(schema, this.#definitions).items)[0];
    return typesOf(schema, this.#definitions).has("array");
  }

  /** The tree to write. */
  tree(): unknown {
    if (this.#members === undefined) return expression(this.#code);
    const result: Obj = {};
    for (const [name, entry] of this.#members) {
      if (entry.kind === "code") setMember(result, name, expression(entry.code));
      else {
        setMember(result, name, {
          $each: expression(entry.list),
          ...(entry.key === undefined ? {} : { key: expression(entry.key.replaceAll("ITEM", entry.item)) }),
          value: entry.tree === undefined ? expression(entry.item) : fillItem(entry.tree, entry.item),
        });
      }
    }
    return result;
  }

  /** Splits the body into its declared properties; impossible if the schema declares none. */
  #open(): typeof this.members {
    if (this.#members !== undefined) return this.#members;
    const declared = Object.keys(propertiesOf(this.#schema, this.#definitions));
    if (declared.length === 0) return undefined;
    const names = [...new Set([...declared, ...this.#added])];
    this.#members = new Map(names.map((name) => [name, { kind: "code", code: memberOf(wrap(this.#code), name) }]));
    return this.#members;
  }

  get members():
    | Map<
        string,
        { kind: "code"; code: string } | { kind: "each"; list: string; item: string; key?: string; tree?: unknown }
      >
    | undefined {
    return this.#members;
  }
}

/** Puts the code of an element where a tree says ITEM. */
function fillItem(tree: unknown, item: string): unknown {
  if (typeof tree === "string") return tree.replaceAll("ITEM", item);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(asObject(tree)).map(([name, value]) => [name, fillItem(value, item)]));
}

const access = (code: string, path: Path): string =>
  path.reduce<string>(
    (base, step) => (typeof step === "number" ? `${base}[${step}]` : memberOf(wrap(base), step)),
    code,
  );
