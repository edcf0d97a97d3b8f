import type { Decode, ResponseSpec } from "@junctor/sdk";
import type { Json } from "../ports/records.ts";
import { printed, type TemplateUses } from "../templates/compiled-value.ts";
import { type Place, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { compileFilter, filterUses } from "./compile-filter.ts";
import type { CompiledErrorRule, CompiledResponse, DecodeSettings } from "./compiled-connector.ts";

/** Compiles how an answer becomes the output. `errors` are the rules that look at the answer first. */
export function compileResponse(
  templates: TemplateCompiler,
  response: ResponseSpec | undefined,
  defaults: { readonly decode?: Decode } | undefined,
  pointer: string,
  errors: readonly CompiledErrorRule[],
  place: Place = places.response,
): CompiledResponse {
  const imported = templates.names.imported === true;
  // Text could not promise the bytes of a file whose type alone is overridden. An answer whose body a rule reads
  // is text by then; an error whose body it quotes gets here only if errors are answers.
  const passErrors = response?.onError === "pass";
  const isRead = errors.some((rule) => rule.readsBody || (rule.describesBody && passErrors));
  const unchanged = imported && !isRead && response?.text === ANSWER_ITSELF && response.filter === undefined;
  const decode = compileDecode(unchanged ? "binary" : (response?.decode ?? defaults?.decode), imported);
  const template = (source: string | undefined, key: string) => {
    if (source === undefined) return null;
    const compiled = templates.template(source, place, `${pointer}/${key}`);
    return imported ? printed(compiled) : compiled;
  };
  return Object.freeze({
    decode,
    body: response?.body === undefined ? null : templates.tree(response.body as Json, place, `${pointer}/body`),
    text: unchanged ? null : template(response?.text, "text"),
    contentType: template(response?.contentType, "contentType"),
    passErrors,
    binary: decode?.type === "binary",
    filter: compileFilter(templates, response?.filter, place, `${pointer}/filter`),
  });
}

/** What an import writes for a widget connector that overrides the content type and has no template. */
const ANSWER_ITSELF = "{{ response.body }}";

function compileDecode(decode: Decode | undefined, imported: boolean): DecodeSettings | null {
  if (decode === undefined) return null;
  const settings = typeof decode === "string" ? { type: decode } : decode;
  return Object.freeze({
    type: settings.type,
    charset: settings.charset ?? null,
    gzip: settings.compression === "gzip",
    delimiter: settings.delimiter ?? ",",
    header: settings.header ?? true,
    lists: Object.freeze([...(settings.lists ?? [])]),
    utf8: imported && settings.type === "text",
  });
}

/** Everything that the templates of a response read. */
export function responseUses(response: CompiledResponse): readonly TemplateUses[] {
  const uses: TemplateUses[] = [...filterUses(response.filter)];
  if (response.body !== null) uses.push(response.body.uses);
  for (const part of [response.text, response.contentType]) {
    if (part !== null && typeof part === "object") uses.push(part.uses);
  }
  return uses;
}
