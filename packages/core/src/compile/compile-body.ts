import type { RequestSpec } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { type CompiledValue, printed, toValue } from "../templates/compiled-value.ts";
import { escapeXml } from "../templates/encode-url.ts";
import { type Place, places } from "../templates/places.ts";
import type { Encode, TemplateCompiler } from "../templates/template-compiler.ts";
import type { BodyFormat, CompiledBody } from "./compiled-connector.ts";

/** Says how a body of this content type is written (definition 4, `contentType`). */
export function bodyFormat(contentType: string): BodyFormat {
  const type = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (type === "application/json" || type.endsWith("+json")) return "json";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("multipart/")) return "multipart";
  if (type === "application/xml" || type === "text/xml" || type.endsWith("+xml")) return "xml";
  return type.startsWith("text/") ? "text" : "binary";
}

/** Compiles `body` or `text` of a request; null if it has neither. */
export function compileBody(
  templates: TemplateCompiler,
  request: RequestSpec,
  pointer: string,
  place: Place = places.request,
): CompiledBody | null {
  const written = request.contentType ?? (request.text === undefined ? "application/json" : "text/plain");
  const contentType = templates.template(written, place, `${pointer}/contentType`);
  if (request.text !== undefined) {
    const value = compileText(templates, request.text, place, `${pointer}/text`);
    return Object.freeze({ format: "text", contentType, value, passedOn: false, pointer: `${pointer}/text` });
  }
  if (request.body === undefined) return null;
  const format = typeof contentType === "string" ? bodyFormat(contentType) : null;
  const at = `${pointer}/body`;
  if (format !== "xml" && format !== "text") {
    const value = templates.tree(request.body as Json, place, at);
    const passedOn = templates.names.imported === true && format === "json" && request.body === INPUT_ITSELF;
    return Object.freeze({ format, contentType, value, passedOn, pointer: at });
  }
  if (typeof request.body !== "string") {
    throw new ConnectorError(
      "DEFINITION_INVALID",
      `The body at ${at} must be text, because its content type is ${written}.`,
      {
        details: [{ pointer: at, message: "The body is not a text.", hint: "Write it as one template." }],
      },
    );
  }
  const value = compileText(templates, request.body, place, at, format === "xml" ? escapeXml : undefined);
  return Object.freeze({ format, contentType, value, passedOn: false, pointer: at });
}

/** What an import writes for a widget connector without a body template. */
const INPUT_ITSELF = "{{ input.body }}";

function compileText(
  templates: TemplateCompiler,
  source: string,
  place: Place,
  pointer: string,
  encode?: Encode,
): CompiledValue {
  const compiled = templates.template(source, place, pointer, encode);
  return toValue(templates.names.imported === true ? printed(compiled) : compiled);
}
