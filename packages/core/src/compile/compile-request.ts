import type { DefaultRequest, RequestSpec } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledTemplate, TemplateUses } from "../templates/compiled-value.ts";
import { encodePathSegment, encodeUrlPart, tidyPath } from "../templates/encode-url.ts";
import { type Place, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { compileBody } from "./compile-body.ts";
import { compileHeaders } from "./compile-headers.ts";
import { compileQuery } from "./compile-query.ts";
import type { CompiledRequest } from "./compiled-connector.ts";

/** Sent unless the definition says otherwise; some APIs answer with HTML, or not at all, without them. */
const STANDARD_HEADERS = Object.freeze({ accept: "application/json, */*;q=0.8", "user-agent": "Junctor" });

/** A URL that begins with a written host, in full: what follows cannot change it. */
const WRITTEN_HOST = /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?[/?#]/;

/** Compiles one request with the defaults of its definition. */
export function compileRequest(
  templates: TemplateCompiler,
  request: RequestSpec,
  defaults: DefaultRequest | undefined,
  pointer: string,
  place: Place = places.request,
): CompiledRequest {
  const path = compilePath(templates, request.path, place, `${pointer}/path`);
  const url =
    request.url === undefined ? null : templates.template(request.url, place, `${pointer}/url`, encodeUrlPart);
  if (path === null && url === null) {
    throw new ConnectorError("DEFINITION_INVALID", `The request at ${pointer} has neither path nor url.`, {
      details: [{ pointer, message: "A request needs a path or a url." }],
    });
  }
  const hostComputed = typeof url === "object" && url !== null && isHostComputed(url);
  return Object.freeze({
    method: request.method ?? "GET",
    path,
    url,
    hostComputed,
    // The short form has no list of hosts: what its author wrote as the address of a step is where its secrets may go,
    // each of which is bound to hosts of its own.
    hostDeclared: templates.names.imported === true && url !== null && !hostComputed,
    headers: compileHeaders(
      templates,
      [
        { headers: STANDARD_HEADERS, pointer: "" },
        { headers: defaults?.headers, pointer: "/defaults/request/headers" },
        { headers: request.headers, pointer: `${pointer}/headers` },
      ],
      place,
    ),
    query: compileQuery(
      templates,
      [
        { query: defaults?.query, pointer: "/defaults/request/query" },
        { query: request.query, pointer: `${pointer}/query` },
      ],
      place,
    ),
    body: compileBody(templates, request, pointer, place),
    auth: request.auth ?? null,
    followRedirects: (request.redirect ?? defaults?.redirect ?? "follow") === "follow",
  });
}

function compilePath(
  templates: TemplateCompiler,
  path: string | undefined,
  place: Place,
  pointer: string,
): string | CompiledTemplate | null {
  if (path === undefined) return null;
  const compiled = templates.template(path, place, pointer, encodePathSegment);
  if (typeof compiled === "string" && !compiled.startsWith("/")) {
    throw new ConnectorError("DEFINITION_INVALID", `The path at ${pointer} does not begin with "/".`, {
      details: [{ pointer, message: 'A path begins with "/".' }],
    });
  }
  return typeof compiled === "string" ? tidyPath(compiled) : compiled;
}

/** A host is the author's or the connection's when the text begins with it, or when only those were read. */
function isHostComputed(url: CompiledTemplate): boolean {
  if (WRITTEN_HOST.test(url.source.split(/\{[{%#]/, 1)[0] ?? "")) return false;
  const trusted = new Set(["connection", "workspace", "var", "get_variable"]);
  return url.uses.roots.some((root) => !trusted.has(root));
}

/** Everything that the templates of a request read. */
export function requestUses(request: CompiledRequest): readonly TemplateUses[] {
  const { path, url, headers, query, body } = request;
  const uses: TemplateUses[] = [];
  for (const template of [path, url, body?.contentType]) {
    if (template !== null && typeof template === "object") uses.push(template.uses);
  }
  for (const entry of headers.entries) uses.push(entry.value.uses);
  for (const part of query.parts) if (typeof part !== "string") uses.push(part.value.uses);
  for (const value of [headers.whole, query.whole, body?.value]) if (value) uses.push(value.uses);
  return uses;
}
