import { ConnectorError } from "../errors/connector-error.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { CompiledTemplate, CompiledValue, TemplateUses, ValueNode } from "./compiled-value.ts";
import { NO_USES } from "./compiled-value.ts";
import { extendPlace, type Place } from "./places.ts";
import type { TemplateCompiler } from "./template-compiler.ts";
import { joinUses } from "./template-uses.ts";

/** Keys of a repetition (definition 2); any other key beside `$each` is an error. */
const EACH_KEYS: ReadonlySet<string> = new Set(["$each", "value", "key", "when", "as"]);

/**
 * Compiles a JSON tree whose strings are templates. Subtrees without templates are folded into one literal, so that
 * rendering visits only what changes from call to call.
 */
export function compileTree(compiler: TemplateCompiler, json: Json, place: Place, pointer: string): CompiledValue {
  const uses: TemplateUses[] = [];
  const found = { secret: false };
  const node = compileNode({ compiler, uses, found }, json, place, pointer);
  return Object.freeze({ node, secret: found.secret, uses: uses.length === 0 ? NO_USES : joinUses(uses) });
}

interface Walk {
  readonly compiler: TemplateCompiler;
  readonly uses: TemplateUses[];
  readonly found: { secret: boolean };
}

function compileNode(walk: Walk, json: Json, place: Place, pointer: string): ValueNode {
  if (typeof json === "string") return compileText(walk, json, place, pointer);
  if (json === null || typeof json !== "object") return literal(json);
  if (Array.isArray(json)) {
    const items = json.map((item, index) => compileNode(walk, item as Json, place, `${pointer}/${index}`));
    return items.every(isLiteral) ? literal(json) : Object.freeze({ kind: "list", items: Object.freeze(items) });
  }
  const object = json as JsonObject;
  if (Object.hasOwn(object, "$each")) return compileEach(walk, object, place, pointer);
  const keys = Object.keys(object);
  const values = keys.map((key) => compileNode(walk, object[key] as Json, place, `${pointer}/${escapePointer(key)}`));
  if (values.every(isLiteral)) return literal(json);
  return Object.freeze({ kind: "object", keys: Object.freeze(keys), values: Object.freeze(values) });
}

function compileText(walk: Walk, source: string, place: Place, pointer: string): ValueNode {
  const compiled = walk.compiler.template(source, place, pointer);
  if (typeof compiled === "string") return literal(compiled);
  note(walk, compiled);
  return compiled;
}

function compileEach(walk: Walk, json: JsonObject, place: Place, pointer: string): ValueNode {
  const unknown = Object.keys(json).find((key) => !EACH_KEYS.has(key));
  if (unknown !== undefined || json.value === undefined) {
    throw new ConnectorError(
      "DEFINITION_INVALID",
      unknown === undefined
        ? `The repetition at ${pointer} has no "value".`
        : `The repetition at ${pointer} does not know the key "${unknown}".`,
      { details: [{ pointer, message: "A repetition has the keys $each, value, key, when and as." }] },
    );
  }
  const name = typeof json.as === "string" ? json.as : "item";
  const inner = extendPlace(place, [name, "index"]);
  const before = walk.found.secret;
  walk.found.secret = false;
  const part = (key: string, where: Place): ValueNode | null =>
    json[key] === undefined ? null : compileNode(walk, json[key] as Json, where, `${pointer}/${key}`);
  const node = {
    kind: "each" as const,
    list: compileNode(walk, json.$each as Json, place, `${pointer}/$each`),
    value: compileNode(walk, json.value, inner, `${pointer}/value`),
    key: part("key", inner),
    when: part("when", inner),
    as: name,
    secret: walk.found.secret,
    pointer,
  };
  walk.found.secret ||= before;
  return Object.freeze(node);
}

function note(walk: Walk, template: CompiledTemplate): void {
  walk.uses.push(template.uses);
  if (template.secret) walk.found.secret = true;
}

const literal = (value: Json): ValueNode => Object.freeze({ kind: "literal", value });
const isLiteral = (node: ValueNode): boolean => node.kind === "literal";

/** Escapes a key for a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
