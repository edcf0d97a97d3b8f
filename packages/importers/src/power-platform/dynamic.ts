import { asFilledText, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { DefinitionDraft } from "../openapi/build-definition.ts";
import { identifier } from "../openapi/names.ts";
import { propertiesOf, resolveSchema } from "../openapi/resolve-schema.ts";
import type { SourceOperation } from "../openapi/source-model.ts";
import { literalTree, memberOf } from "../openapi/template-text.ts";
import { pointer } from "../source/json-pointer.ts";

/** An action or trigger whose input and output may be described dynamically. */
interface Holder {
  readonly source: SourceOperation;
  readonly input: Obj;
  readonly output: unknown;
}

/** Turns `x-ms-dynamic-*` into `dynamic` and into `optionsFrom` and `schemaFrom` on the properties. */
export function buildDynamic(draft: DefinitionDraft): void {
  const links = new DynamicLinks(draft);
  for (const { action, source } of draft.actions)
    links.annotate({ source, input: asObject(action.input), output: action.output });
  for (const { trigger, source, replaces } of draft.triggers)
    if (replaces) links.annotate({ source, input: asObject(trigger.input), output: trigger.output });
  const dynamic = links.result();
  if (Object.keys(dynamic).length > 0) draft.definition.dynamic = dynamic;
}

class DynamicLinks {
  readonly #draft: DefinitionDraft;
  readonly #options: Obj = {};
  readonly #schemas: Obj = {};
  readonly #names = new Map<string, string>();

  constructor(draft: DefinitionDraft) {
    this.#draft = draft;
  }

  result(): Obj {
    return {
      ...(Object.keys(this.#options).length > 0 ? { options: this.#options } : {}),
      ...(Object.keys(this.#schemas).length > 0 ? { schemas: this.#schemas } : {}),
    };
  }

  annotate(holder: Holder): void {
    const properties = asObject(holder.input.properties);
    for (const parameter of holder.source.parameters) {
      const name = [parameter.name, `${parameter.name}_${parameter.in}`].find((candidate) =>
        isObject(properties[candidate]),
      );
      if (name !== undefined)
        this.#link(
          { ...asObject(properties[name]), ...extensionsOf(parameter.object) },
          asObject(properties[name]),
          holder,
          parameter.pointer,
        );
    }
    const place = `${holder.source.pointer}/requestBody`;
    if (properties.body !== undefined) this.#walk(properties.body, holder, place, new Set());
    if (holder.output !== undefined) this.#walk(holder.output, holder, `${holder.source.pointer}/responses`, new Set());
  }

  #walk(schema: unknown, holder: Holder, place: string, seen: Set<unknown>): void {
    if (!isObject(schema) || seen.has(schema) || seen.size > 20_000) return;
    seen.add(schema);
    this.#link(schema, schema, holder, place);
    if (typeof schema.$ref === "string")
      this.#walk(this.#draft.context.definitions[schema.$ref.replace(/^#\/\$defs\//, "")], holder, place, seen);
    for (const [name, property] of Object.entries(asObject(schema.properties)))
      this.#walk(property, holder, pointer(place, name), seen);
    if (isObject(schema.items)) this.#walk(schema.items, holder, pointer(place, "items"), seen);
    if (isObject(schema.additionalProperties)) this.#walk(schema.additionalProperties, holder, place, seen);
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      if (Array.isArray(schema[keyword])) for (const part of schema[keyword]) this.#walk(part, holder, place, seen);
    }
  }

  #link(source: Obj, target: Obj, holder: Holder, place: string): void {
    const list = isObject(source["x-ms-dynamic-list"]) ? source["x-ms-dynamic-list"] : undefined;
    const values = isObject(source["x-ms-dynamic-values"]) ? source["x-ms-dynamic-values"] : undefined;
    const chosen = usable(list) ?? usable(values);
    this.#pickers(list ?? values, source["x-ms-dynamic-tree"], place);
    if (chosen !== undefined) {
      const name = this.#optionsOf(
        chosen,
        holder,
        pointer(place, list === chosen ? "x-ms-dynamic-list" : "x-ms-dynamic-values"),
      );
      if (name !== undefined) target.optionsFrom = name;
    }
    const schema = usable(source["x-ms-dynamic-properties"]) ?? usable(source["x-ms-dynamic-schema"]);
    if (schema !== undefined) {
      const name = this.#schemaOf(
        schema,
        holder,
        pointer(
          place,
          schema === source["x-ms-dynamic-properties"] ? "x-ms-dynamic-properties" : "x-ms-dynamic-schema",
        ),
      );
      if (name !== undefined) target.schemaFrom = name;
    }
  }

  /** File pickers and trees have no counterpart; the property stays a plain text. */
  #pickers(values: Obj | undefined, tree: unknown, place: string): void {
    if (values !== undefined && usable(values) === undefined)
      this.#draft.context.report.note(
        place,
        "dynamic-picker",
        `A picker of the kind ${JSON.stringify(values.capability ?? values.builtInOperation ?? "unknown")} is kept but not offered.`,
        "Offer a list with optionsFrom.",
      );
    if (tree !== undefined)
      this.#draft.context.report.note(
        place,
        "dynamic-tree",
        "A tree of choices is kept but not offered.",
        "Offer a list with optionsFrom.",
      );
  }

  #optionsOf(link: Obj, holder: Holder, place: string): string | undefined {
    const target = this.#target(link, place);
    if (target === undefined) return undefined;
    const input = this.#input(link, holder, target.source, place);
    const items = path(link.itemsPath ?? link["value-collection"]);
    const value = path(link.itemValuePath ?? link["value-path"]);
    const label = path(link.itemTitlePath ?? link["value-title"]);
    const entry: Obj = { action: target.name };
    if (Object.keys(input).length > 0) entry.input = input;
    if (items.length > 0) entry.items = `{{ ${access("output", items)} }}`;
    entry.value = `{{ ${access("item", value)} }}`;
    entry.label = `{{ ${access("item", label.length > 0 ? label : value)} }}`;
    this.#draft.context.report.dynamicLinks.resolved++;
    return this.#name(this.#options, String(link.operationId), entry);
  }

  #schemaOf(link: Obj, holder: Holder, place: string): string | undefined {
    const target = this.#target(link, place);
    if (target === undefined) return undefined;
    const input = this.#input(link, holder, target.source, place);
    const entry: Obj = { action: target.name };
    if (Object.keys(input).length > 0) entry.input = input;
    const schemaPath = path(link.itemValuePath ?? link["value-path"]);
    if (schemaPath.length > 0) entry.schema = `{{ ${access("output", schemaPath)} }}`;
    this.#draft.context.report.dynamicLinks.resolved++;
    return this.#name(this.#schemas, String(link.operationId), entry);
  }

  #name(section: Obj, operationId: string, entry: Obj): string {
    const key = `${section === this.#options ? "o" : "s"}${JSON.stringify(entry)}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const base = identifier(operationId) || "lookup";
    let name = /^[A-Za-z]/.test(base) ? base : `lookup${base}`;
    for (let count = 2; Object.hasOwn(section, name); count++) name = `${base}_${count}`;
    setMember(section, name, entry);
    this.#names.set(key, name);
    return name;
  }

  #target(link: Obj, place: string): { readonly name: string; readonly source: SourceOperation } | undefined {
    const { report } = this.#draft.context;
    report.dynamicLinks.found++;
    const wanted = String(link.operationId).trim().toLowerCase();
    const found = this.#draft.actions.find(
      ({ source }) => String(source.operation.operationId ?? "").toLowerCase() === wanted,
    );
    if (found === undefined)
      report.lose(
        place,
        "dynamic-target",
        `The operation ${JSON.stringify(link.operationId)} that gives the choices is not an action.`,
        "Correct operationId, or select the operation too.",
      );
    return found;
  }

  /** The input of the lookup: literals, and references to what the form holds so far. */
  #input(link: Obj, holder: Holder, target: SourceOperation, place: string): Obj {
    const input: Obj = {};
    for (const [name, value] of Object.entries(asObject(link.parameters))) {
      const written = this.#argument(value, holder, pointer(place, "parameters", name));
      if (written === undefined) continue;
      const parameter =
        target.parameters.find((item) => item.name === name) ??
        target.parameters.find((item) => item.name.toLowerCase() === name.toLowerCase());
      if (parameter !== undefined) setMember(input, parameter.name, written);
      else if (target.operation.requestBody !== undefined) setBody(input, bodyPath(target, name), written);
      else
        this.#draft.context.report.note(
          pointer(place, "parameters", name),
          "dynamic-parameter",
          `The operation has no parameter ${JSON.stringify(name)}; the value is not passed.`,
          "Correct the name.",
        );
    }
    return input;
  }

  #argument(value: unknown, holder: Holder, place: string): unknown {
    if (!isObject(value)) return literalTree(value);
    if (value.value !== undefined) return literalTree(value.value);
    const reference = asFilledText(value.parameterReference) ?? asFilledText(value.parameter);
    if (reference === undefined) return literalTree(value);
    const parts = reference.split("/").filter((part) => part !== "");
    const properties = asObject(holder.input.properties);
    const [first = "", ...rest] = parts;
    const body = asObject(holder.source.operation.requestBody)["x-body-name"];
    if (Object.hasOwn(properties, first) && (first !== body || first === "body"))
      return `{{ ${access("input", parts)} }}`;
    if (first === body) return `{{ ${access("input.body", rest)} }}`;
    const lower = Object.keys(properties).find((name) => name.toLowerCase() === first.toLowerCase());
    if (lower !== undefined) return `{{ ${access("input", [lower, ...rest])} }}`;
    const inBody = findIn(properties.body, first, this.#draft.context.definitions, 0);
    if (inBody !== undefined) return `{{ ${access("input.body", [...inBody, ...rest])} }}`;
    this.#draft.context.report.note(
      place,
      "dynamic-reference",
      `The form has no field ${JSON.stringify(reference)}; nothing is passed.`,
      "Correct the reference.",
    );
    return undefined;
  }
}

const extensionsOf = (object: Obj): Obj =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name.startsWith("x-ms-dynamic")));

/** A link that names an operation. */
const usable = (link: unknown): Obj | undefined =>
  isObject(link) && typeof link.operationId === "string" ? link : undefined;

/** A path is a JSON pointer, with or without the slash in front. */
const path = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? value
        .split("/")
        .filter((part) => part !== "")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    : [];

const access = (root: string, names: readonly string[]): string =>
  names.reduce((code, name) => (/^\d+$/.test(name) ? `${code}[${name}]` : memberOf(code, name)), root);

function setBody(input: Obj, names: readonly string[], value: unknown): void {
  let current = input;
  for (const name of ["body", ...names].slice(0, -1)) {
    if (!isObject(current[name])) current[name] = {};
    current = asObject(current[name]);
  }
  setMember(current, names.at(-1) ?? "body", value);
}

/** A parameter of the lookup that is its body, or a property of it (`body/field`). */
function bodyPath(target: SourceOperation, name: string): readonly string[] {
  const bodyName = asObject(target.operation.requestBody)["x-body-name"];
  const parts = name.split("/").filter((part) => part !== "");
  return parts[0] === bodyName ? parts.slice(1) : parts;
}

function findIn(schema: unknown, name: string, definitions: Obj, depth: number): readonly string[] | undefined {
  if (schema === undefined || depth > 5) return undefined;
  const properties = propertiesOf(resolveSchema(schema, definitions), definitions);
  if (Object.hasOwn(properties, name)) return [name];
  for (const [key, property] of Object.entries(properties)) {
    const inner = findIn(property, name, definitions, depth + 1);
    if (inner !== undefined) return [key, ...inner];
  }
  return undefined;
}
