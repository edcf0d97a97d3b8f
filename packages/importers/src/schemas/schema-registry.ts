import { isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer, tokens } from "../source/json-pointer.ts";
import { type ImportLimits, limitError } from "../source/limits.ts";
import type { Located, SourceTree } from "../source/source-tree.ts";
import { keepAside, repairKeywords } from "./repair-keywords.ts";

const mapKeywords = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const schemaKeywords = new Set([
  "additionalProperties",
  "additionalItems",
  "items",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const listKeywords = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** Keywords that say nothing about validity and may stand beside a reference in every version. */
const annotations = new Set([
  "description",
  "title",
  "default",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "nullable",
  "externalDocs",
  "xml",
  "$comment",
]);

const fitsKnownType = (type: unknown): boolean =>
  typeof type === "string" && ["string", "number", "integer", "boolean", "object", "array", "null"].includes(type);

/**
 * Converts schemas to JSON Schema 2020-12 and gathers what they refer to under `$defs`. Only what something refers to
 * is taken over, so a selection of operations brings along no more than it needs; cycles end at a reference.
 */
export class SchemaRegistry {
  /** Name → schema; filled by {@link drain}. */
  readonly definitions: Obj = {};
  readonly #tree: SourceTree;
  readonly #report: ImportReport;
  readonly #limits: ImportLimits;
  /** Whether keywords beside `$ref` count (OpenAPI 3.1). */
  readonly #siblings: boolean;
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #queue: { readonly name: string; readonly place: Located }[] = [];
  /** Sanitised name → name in the source, where they differ. */
  readonly renamed: Obj = {};

  constructor(tree: SourceTree, report: ImportReport, limits: ImportLimits, siblings: boolean) {
    this.#tree = tree;
    this.#report = report;
    this.#limits = limits;
    this.#siblings = siblings;
  }

  /** Converts the schema at a place. */
  convert(place: Located): unknown {
    return this.#convert(place.value, place);
  }

  /** Names the definition for a place and queues it for conversion. */
  nameOf(place: Located): string {
    const key = `${place.file}#${place.pointer}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = this.#freeName(place);
    this.#names.set(key, name);
    this.#queue.push({ name, place });
    if (this.#names.size > this.#limits.schemas) {
      throw limitError(this.#tree.root, `it needs more than ${this.#limits.schemas} schemas; select fewer operations`);
    }
    return name;
  }

  /**
   * Converts what was referred to until nothing is left, the nearest first. With a budget (characters of JSON), what is left when
   * it is used up becomes a schema that accepts anything, and the loss is said: a selection of a large API stays small.
   */
  drain(budget = Number.POSITIVE_INFINITY): void {
    let size = 0;
    let left = 0;
    for (let index = 0; index < this.#queue.length; index++) {
      const next = this.#queue[index] as { readonly name: string; readonly place: Located };
      if (size > budget) {
        setMember(this.definitions, next.name, { $comment: "Left out: too far from the selected operations." });
        left++;
        continue;
      }
      const converted = this.#convert(next.place.value, next.place);
      if (Number.isFinite(budget)) size += JSON.stringify(converted).length + next.name.length;
      setMember(this.definitions, next.name, converted);
    }
    this.#queue.length = 0;
    if (left === 0) return;
    this.#report.lose(
      "/components/schemas",
      "schemas-left-out",
      `${left} schemas that are far from the selected operations accept anything.`,
      "Select fewer operations, or import them as a connector of their own.",
    );
  }

  #freeName(place: Located): string {
    const path = tokens(place.pointer);
    const last = path.at(-1) ?? (place.file.split("/").at(-1) ?? "schema").replace(/\.\w+$/, "");
    const isNamed = path.length === 2 || (path.length === 3 && path[0] === "components");
    const wanted =
      isNamed || path.length === 0
        ? last
        : path
            .filter(
              (part) => !/^(paths|components|schemas|definitions|properties|responses|content|schema)$/.test(part),
            )
            .slice(-3)
            .join("_");
    const clean = wanted.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replaceAll(/^_+|_+$/g, "") || "schema";
    let name = clean;
    for (let count = 2; this.#taken.has(name); count++) name = `${clean}_${count}`;
    this.#taken.add(name);
    if (name !== last && isNamed) this.renamed[name] = last;
    return name;
  }

  #convert(value: unknown, place: Located): unknown {
    if (typeof value === "boolean") return value;
    if (!isObject(value)) {
      if (value !== undefined && value !== null) {
        this.#report.lose(
          this.#tree.show(place),
          "schema-malformed",
          "The schema is neither an object nor true or false.",
          "Correct the schema in the source.",
        );
      }
      return {};
    }
    const converted: Obj = {};
    const show = this.#tree.show(place);
    if (typeof value.$ref === "string") this.#reference(value.$ref, value, converted, place);
    else if (typeof value.$dynamicRef === "string") {
      this.#report.note(
        show,
        "dynamic-reference",
        "A dynamic reference is not followed; any value is accepted here.",
        "Use a plain $ref.",
      );
      keepAside(converted, "$dynamicRef", value.$dynamicRef);
    }
    for (const [keyword, content] of Object.entries(value)) {
      if (keyword === "$ref" || keyword === "$dynamicRef") {
        if (typeof content !== "string") this.#malformedReference(keyword, content, converted, show);
        continue;
      }
      if (typeof value.$ref === "string" && !this.#siblings && !annotations.has(keyword) && !keyword.startsWith("x-")) {
        keepAside(converted, keyword, content);
        if (keyword === "type" && !fitsKnownType(content)) {
          this.#report.lose(
            show,
            "schema-type",
            `${JSON.stringify(content)} is no type of JSON Schema, and a type beside a reference does not count.`,
            "Remove it.",
          );
        }
      } else this.#keyword(keyword, content, converted, place);
    }
    repairKeywords(converted, show, this.#report);
    return converted;
  }

  #malformedReference(keyword: string, content: unknown, target: Obj, show: string): void {
    keepAside(target, keyword, content);
    this.#report.lose(
      pointer(show, keyword),
      "reference-malformed",
      "A reference is a text; this one is not, so any value is accepted here.",
      "Correct the reference.",
    );
  }

  #keyword(keyword: string, content: unknown, target: Obj, place: Located): void {
    if (mapKeywords.has(keyword) && isObject(content)) {
      const map: Obj = {};
      for (const [name, schema] of Object.entries(content)) {
        setMember(map, name, this.#convert(schema, this.#tree.at(place, keyword, name)));
      }
      target[keyword] = map;
    } else if (listKeywords.has(keyword) && Array.isArray(content)) {
      target[keyword] = content.map((schema, index) => this.#convert(schema, this.#tree.at(place, keyword, index)));
    } else if (keyword === "items" && Array.isArray(content)) {
      if (content.length === 0) return;
      target.prefixItems = content.map((schema, index) => this.#convert(schema, this.#tree.at(place, keyword, index)));
    } else if (schemaKeywords.has(keyword)) {
      target[keyword] = this.#convert(content, this.#tree.at(place, keyword));
    } else if (keyword === "discriminator") target.discriminator = this.#discriminator(content, place);
    else setMember(target, keyword, content);
  }

  #reference(reference: string, schema: Obj, target: Obj, place: Located): void {
    const found = this.#tree.resolve(reference, place);
    if (found !== undefined) {
      target.$ref = `#/$defs/${this.nameOf(found)}`;
      return;
    }
    keepAside(target, "$ref", reference);
    this.#report.lose(
      this.#tree.show(place),
      "reference-unresolved",
      `The reference ${JSON.stringify(reference)} leads nowhere; any value is accepted here.`,
      "Upload the file it names, or correct the reference.",
    );
    if (Object.keys(schema).length > 1) target.$comment ??= "The schema referred to was not in the source.";
  }

  /** A discriminator names schemas; the names follow the schemas, where those were taken over. */
  #discriminator(content: unknown, place: Located): unknown {
    if (typeof content === "string") return { propertyName: content };
    if (!isObject(content) || !isObject(content.mapping)) return content;
    const mapping: Obj = {};
    for (const [key, reference] of Object.entries(content.mapping)) {
      const found = typeof reference === "string" ? this.#tree.resolve(reference, place) : undefined;
      const known = found === undefined ? undefined : this.#names.get(`${found.file}#${found.pointer}`);
      setMember(mapping, key, known === undefined ? reference : `#/$defs/${known}`);
    }
    return { ...content, mapping };
  }

  /** The pointer of a schema place as losses show it. */
  show(place: Located, ...names: readonly string[]): string {
    return pointer(this.#tree.show(place), ...names);
  }
}
