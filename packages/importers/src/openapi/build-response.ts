import { asObject, isObject, type Obj } from "../json-value.ts";
import type { BuildContext } from "./build-request.ts";
import { bodyKind, chooseMediaType, essence } from "./media-types.ts";
import { resolveSchema } from "./resolve-schema.ts";
import type { SourceOperation } from "./source-model.ts";

/** What an operation's successful answer makes of an action. */
export interface BuiltResponse {
  readonly response?: Obj;
  readonly output?: unknown;
  /** The media type to ask for, where it is not plain JSON. */
  readonly accept?: string;
}

/** The code of the answer that stands for success: 200, 201, the lowest 2xx with content, any 2xx, `default`. */
export function successCode(responses: Obj): string | undefined {
  const codes = Object.keys(responses)
    .filter((code) => /^2(\d\d|XX)$/i.test(code))
    .sort();
  const withContent = codes.filter((code) => isObject(asObject(responses[code]).content));
  for (const candidate of [withContent.find((code) => code === "200"), withContent[0], codes[0]]) {
    if (candidate !== undefined) return candidate;
  }
  return Object.hasOwn(responses, "default") ? "default" : undefined;
}

/** Builds decoding and output schema from the answer that stands for success. */
export function buildResponse(context: BuildContext, source: SourceOperation): BuiltResponse {
  const responses = asObject(source.operation.responses);
  const code = successCode(responses);
  const content = code === undefined ? {} : asObject(asObject(responses[code]).content);
  const type = chooseMediaType(content);
  if (type === undefined) return {};
  const schema = asObject(content[type]).schema;
  const kind = bodyKind(type);
  const accept = essence(type) === "application/json" || type.includes("*") ? {} : { accept: type };
  const resolved = resolveSchema(schema, context.definitions);
  if (resolved.type === "string" && resolved.format === "binary") {
    return { response: { decode: "binary" }, output: schema, ...accept };
  }
  if (kind === "json") return { ...(schema === undefined ? {} : { output: schema }), ...accept };
  if (kind === "text") return { output: { type: "string" }, response: { decode: "text" }, ...accept };
  if (kind === "binary")
    return { output: { type: "string", format: "binary" }, response: { decode: "binary" }, ...accept };
  context.report.note(
    `${source.pointer}/responses/${code}`,
    "xml-output",
    "The answer is XML; it is read as an object by element names, and its schema is kept for exports.",
    "Declare an output if callers should see one.",
  );
  return { ...accept };
}
