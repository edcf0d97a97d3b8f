import { formatJson, type HostCallable, markSafe, parseJson, TemplateError } from "@junctor/jinja";
import { describe, isObject, readArgument } from "./arguments.ts";

/** Largest JSON text that a template parses, in bytes. */
const LARGEST_JSON = 4 << 20;

/** Parses JSON text; whole floats and long integers stay what they are. Throws ValueError for text that is no JSON. */
const fromJson: HostCallable = {
  budget: { steps: 30, inputBytes: LARGEST_JSON, growth: 6 },
  call: ([value]) => {
    const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
    if (typeof text !== "string")
      throw new TemplateError("TypeError", `from_json needs a text, not ${describe(value)}`);
    try {
      return parseJson(text);
    } catch (error) {
      throw new TemplateError("ValueError", error instanceof Error ? error.message : "invalid JSON", { cause: error });
    }
  },
};

/** Writes JSON in the order of the keys; safe where autoescape is on, so that its quotes stay quotes. */
const jsonEncode: HostCallable = {
  values: "template",
  budget: { steps: 20, inputBytes: LARGEST_JSON, growth: 3 },
  call: ([value, ...args], named, { autoescape }) => {
    const indent = readArgument({ args, named }, 0, "indent");
    const text = formatJson(value, typeof indent === "number" ? { indent: Math.min(indent, 20) } : {});
    return autoescape ? markSafe(text) : text;
  },
};

/** Joins objects; what stands further right wins. Members of members are not joined. */
const merge: HostCallable = {
  budget: { steps: 20, growth: 2 },
  call: (args) => {
    const result: Record<string, unknown> = {};
    for (const [index, value] of args.entries()) {
      if (value === null || value === undefined) continue;
      if (!isObject(value))
        throw new TemplateError("TypeError", `merge needs objects; value ${index + 1} is ${describe(value)}`);
      for (const [key, member] of Object.entries(value)) {
        Object.defineProperty(result, key, { value: member, enumerable: true, configurable: true, writable: true });
      }
    }
    return result;
  },
};

/** Filters that read, write and join JSON. */
export const JSON_FILTERS: Readonly<Record<string, HostCallable>> = {
  from_json: fromJson,
  json_encode: jsonEncode,
  merge,
};
