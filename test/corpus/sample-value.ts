import { follow, isTree, list, type Tree, tree } from "./read-source.ts";

/** Numbers that look random and are the same on every run (mulberry32). */
export function createSeed(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What a sample may reach. */
export interface SampleContext {
  /** The document in which references lead. */
  readonly document: unknown;
  readonly random: () => number;
  /** Whether optional members are given too. */
  readonly full: boolean;
  /** Whether members that only answers have are left out. */
  readonly forRequest: boolean;
}

const formats: Record<string, unknown> = {
  date: "2026-03-04",
  "date-time": "2026-03-04T05:06:07Z",
  time: "05:06:07Z",
  email: "jane@example.com",
  uri: "https://example.com/x",
  url: "https://example.com/x",
  "uri-reference": "/x",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  guid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  hostname: "host.example.com",
  byte: "aGVsbG8=",
  binary: "aGVsbG8=",
  duration: "PT1H",
  regex: "a+",
  "json-pointer": "/a",
};

/** Makes a value that a schema accepts, as far as a schema can be satisfied by looking at it. */
export function sampleOf(schema: unknown, context: SampleContext, depth = 0): unknown {
  const resolved = merged(schema, context, depth);
  if (resolved.const !== undefined) return resolved.const;
  const values = list(resolved.enum).filter((value) => value !== null || list(resolved.enum).length === 1);
  if (values.length > 0) return values[Math.floor(context.random() * values.length)];
  if (resolved.default !== undefined && resolved.default !== null) return resolved.default;
  const type = typeOf(resolved);
  if (type === "object") return objectOf(resolved, context, depth);
  if (type === "array") return listOf(resolved, context, depth);
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return numberOf(resolved, type === "integer");
  if (type === "null") return null;
  if (type === "string" || depth > 0) return textOf(resolved, context);
  return textOf(resolved, context);
}

/** A schema with its references, `allOf` and the first of its alternatives folded into it. */
function merged(schema: unknown, context: SampleContext, depth: number): Tree {
  const resolved = { ...tree(follow(context.document, schema)) };
  if (depth > 12) return resolved;
  for (const part of list(resolved.allOf)) fold(resolved, merged(part, context, depth + 1));
  for (const keyword of ["oneOf", "anyOf"]) {
    const options = list(resolved[keyword]);
    const chosen = options.find((option) => typeOf(tree(follow(context.document, option))) !== "null") ?? options[0];
    if (chosen !== undefined) fold(resolved, merged(chosen, context, depth + 1));
  }
  return resolved;
}

function fold(target: Tree, part: Tree): void {
  for (const [name, value] of Object.entries(part)) {
    if (name === "properties") target.properties = { ...tree(value), ...tree(target.properties) };
    else if (name === "required") target.required = [...new Set([...list(target.required), ...list(value)])];
    else if (target[name] === undefined) target[name] = value;
    else if (name === "minLength" || name === "minimum" || name === "minItems")
      target[name] = Math.max(Number(target[name]), Number(value));
    else if (name === "maxLength" || name === "maximum" || name === "maxItems")
      target[name] = Math.min(Number(target[name]), Number(value));
  }
}

function typeOf(schema: Tree): string | undefined {
  const type = Array.isArray(schema.type) ? (schema.type.find((name) => name !== "null") ?? "null") : schema.type;
  if (typeof type === "string") return type === "file" ? "string" : type;
  if (isTree(schema.properties) || isTree(schema.additionalProperties)) return "object";
  return schema.items === undefined ? undefined : "array";
}

function objectOf(schema: Tree, context: SampleContext, depth: number): Tree {
  const result: Tree = {};
  const required = new Set(list(schema.required).map(String));
  const properties = tree(schema.properties);
  for (const [name, property] of Object.entries(properties)) {
    const resolved = tree(follow(context.document, property));
    if (context.forRequest && resolved.readOnly === true && !required.has(name)) continue;
    if (!required.has(name) && (depth > 3 || !(context.full || depth === 0))) continue;
    if (depth > 8) continue;
    result[name] = sampleOf(property, context, depth + 1);
  }
  for (const name of required)
    if (!Object.hasOwn(result, name))
      result[name] =
        depth > 8
          ? "x"
          : sampleOf(
              properties[name] ?? (isTree(schema.additionalProperties) ? schema.additionalProperties : {}),
              context,
              depth + 1,
            );
  const least = Number(schema.minProperties ?? 0);
  for (let count = 1; Object.keys(result).length < least && count <= least; count++)
    result[`key${count}`] = sampleOf(schema.additionalProperties, context, depth + 1);
  return result;
}

function listOf(schema: Tree, context: SampleContext, depth: number): unknown[] {
  const least = Number(schema.minItems ?? (depth > 6 ? 0 : 1));
  const size = Math.min(Math.max(least, depth > 6 ? least : 1), Number(schema.maxItems ?? 1000), 50);
  const items: unknown[] = [];
  for (let count = 0; count < size; count++) {
    const item = sampleOf(
      Array.isArray(schema.items) ? schema.items[count] : (list(schema.prefixItems)[count] ?? schema.items),
      context,
      depth + 1,
    );
    items.push(
      schema.uniqueItems === true &&
        count > 0 &&
        typeof item === "string" &&
        list(tree(follow(context.document, schema.items)).enum).length === 0
        ? `${item}${count}`
        : item,
    );
  }
  return items;
}

function numberOf(schema: Tree, isInteger: boolean): number {
  const exclusiveLow =
    schema.exclusiveMinimum === true
      ? Number(schema.minimum)
      : typeof schema.exclusiveMinimum === "number"
        ? schema.exclusiveMinimum
        : undefined;
  const low = exclusiveLow === undefined ? Number(schema.minimum ?? 1) : exclusiveLow + (isInteger ? 1 : 0.5);
  const high = typeof schema.maximum === "number" ? schema.maximum : undefined;
  let value = Number.isFinite(low) ? low : 1;
  if (high !== undefined && value > high) value = high;
  if (schema.exclusiveMaximum === true && value === high) value -= isInteger ? 1 : 0.5;
  if (typeof schema.multipleOf === "number" && schema.multipleOf > 0)
    value = Math.ceil(value / schema.multipleOf) * schema.multipleOf;
  return isInteger ? Math.ceil(value) : value;
}

function textOf(schema: Tree, context: SampleContext): string {
  if (typeof schema.pattern === "string") {
    const made = fromPattern(schema.pattern, schema, context.random);
    if (made !== undefined) return made;
  }
  const known = typeof schema.format === "string" ? formats[schema.format] : undefined;
  if (typeof known === "string" && fitsLength(known, schema)) return known;
  let text = `v${Math.floor(context.random() * 9000 + 1000)}`;
  const least = Number(schema.minLength ?? 1);
  const most = Number(schema.maxLength ?? 1000);
  while (text.length < least) text += "abcdefghij".slice(0, Math.min(10, least - text.length));
  return text.slice(0, Math.max(most, 1));
}

const fitsLength = (text: string, schema: Tree): boolean =>
  text.length >= Number(schema.minLength ?? 0) && text.length <= Number(schema.maxLength ?? Number.MAX_SAFE_INTEGER);

/** Tries texts until one matches: the shapes that patterns of APIs usually ask for, then one generated from the pattern. */
function fromPattern(source: string, schema: Tree, random: () => number): string | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, "u");
  } catch {
    try {
      pattern = new RegExp(source);
    } catch {
      return undefined;
    }
  }
  const least = Math.max(Number(schema.minLength ?? 1), 1);
  const candidates = [
    "abc123",
    "abc",
    "ABC",
    "123",
    "1",
    "a",
    "A1",
    "abcdefgh",
    "12345678",
    "2026-03-04",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "https://example.com/x",
    "arn:aws:iam::123456789012:role/x",
    "123456789012",
    "us-east-1",
    "a-b",
    "/x",
    "0.1",
  ];
  for (const text of candidates) {
    const padded = text.length < least ? text.padEnd(least, text.at(-1)) : text;
    if (pattern.test(padded) && fitsLength(padded, schema)) return padded;
  }
  for (let attempt = 0; attempt < 12; attempt++) {
    const made = generate(source, random, least, attempt);
    if (made !== undefined && pattern.test(made) && fitsLength(made, schema)) return made;
  }
  return undefined;
}

/** Generates a text from the common part of regular expressions: literals, classes, groups, alternatives, quantifiers. */
function generate(source: string, random: () => number, least: number, attempt: number): string | undefined {
  let index = 0;
  const sequence = (): string => {
    const options: string[] = [];
    let current = "";
    while (index < source.length && source[index] !== ")") {
      if (source[index] === "|") {
        index++;
        options.push(current);
        current = "";
        continue;
      }
      const make = atom();
      const [from, to] = quantifier();
      const wanted = Math.min(Math.max(from, Math.min(least + attempt, to)), from + 64);
      const times = attempt % 3 === 0 ? wanted : attempt % 3 === 1 ? from : Math.min(to, from + 1);
      const start = index;
      for (let count = 0; count < times; count++) current += make();
      index = start;
    }
    options.push(current);
    return options[Math.floor(random() * options.length)] ?? "";
  };
  const atom = (): (() => string) => {
    const character = source[index++];
    if (character === "^" || character === "$") return () => "";
    if (character === ".") return () => "a";
    if (character === "(") {
      if (source[index] === "?") {
        const look = /^\?(?:[:]|<\w+>|[=!]|<[=!])/.exec(source.slice(index))?.[0] ?? "?";
        index += look.length;
        const inner = sequence();
        index++;
        return /[=!]$/.test(look) ? () => "" : () => inner;
      }
      const inner = sequence();
      index++;
      return () => inner;
    }
    if (character === "[") {
      const members = classMembers();
      return () => members[Math.floor(random() * members.length)] ?? "";
    }
    if (character === "\\") {
      const escaped = source[index++] ?? "";
      if (escaped === "p" || escaped === "P") {
        index = source.indexOf("}", index) + 1;
        return () => "a";
      }
      return () => ({ d: "7", w: "a", s: " ", D: "a", W: "-", S: "a", b: "", n: "\n", t: "\t" })[escaped] ?? escaped;
    }
    return () => character ?? "";
  };
  const quantifier = (): readonly [number, number] => {
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(index));
    if (found === null) return [1, 1];
    index += found[0].length;
    if (found[1] !== undefined) return found[1] === "*" ? [0, 99] : found[1] === "+" ? [1, 99] : [0, 1];
    const from = Number(found[2]);
    return [from, found[3] === undefined ? from : found[4] === "" ? from + 99 : Number(found[4])];
  };
  const classMembers = (): readonly string[] => {
    const end = (() => {
      for (let at = index + 1; at < source.length; at++) {
        if (source[at] === "\\") at++;
        else if (source[at] === "]") return at;
      }
      return source.length;
    })();
    const body = source.slice(index, end);
    index = end + 1;
    const matcher = (() => {
      try {
        return new RegExp(`[${body}]`, "u");
      } catch {
        return new RegExp(`[${body.replaceAll("-", "\\-")}]`);
      }
    })();
    const all =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/ @+=,!#$%&*~;?'\"()[]{}<>|^\\\u00e9\n\t";
    return [...all].filter((character) => matcher.test(character));
  };
  try {
    return sequence();
  } catch {
    return undefined;
  }
}
