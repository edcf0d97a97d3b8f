import type { ConnectorDefinition, Environment } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { escapePointer } from "../templates/compile-tree.ts";
import { NO_USES } from "../templates/compiled-value.ts";
import { encodeUrlPart } from "../templates/encode-url.ts";
import { places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type { BaseAddress, CompiledBaseUrl } from "./compiled-connector.ts";

/** Name of the environment of a definition that has one plain `baseUrl`. */
export const DEFAULT_ENVIRONMENT = "default";

/** Compiles `baseUrl`: one, or one per environment; null where the definition has none. */
export function compileBaseUrls(
  templates: TemplateCompiler,
  baseUrl: ConnectorDefinition["baseUrl"],
): ReadonlyMap<string, CompiledBaseUrl> | null {
  if (baseUrl === undefined) return null;
  const environments: readonly [string, Environment][] =
    typeof baseUrl === "string" ? [[DEFAULT_ENVIRONMENT, { baseUrl }]] : Object.entries(baseUrl);
  return new Map(
    environments.map(([environment, settings]) => {
      const pointer = typeof baseUrl === "string" ? "/baseUrl" : `/baseUrl/${escapePointer(environment)}/baseUrl`;
      const compiled = templates.template(settings.baseUrl, places.baseUrl, pointer, encodeUrlPart);
      const fixed = typeof compiled === "string" ? parseBaseAddress(compiled, pointer) : null;
      return [
        environment,
        Object.freeze({
          environment,
          fixed,
          template: typeof compiled === "string" ? null : compiled,
          uses: typeof compiled === "string" ? NO_USES : compiled.uses,
          values: Object.freeze({ ...settings.values }) as Readonly<Record<string, Json>>,
        }),
      ];
    }),
  );
}

/** A scheme, a plain host and perhaps a port: nothing that a parser could read in another way than a person. */
const AUTHORITY = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?=[/?#]|$)/i;

/** Takes a base URL apart; refuses what is not absolute, names a user, or has a query. */
export function parseBaseAddress(text: string, pointer: string): BaseAddress {
  const url = AUTHORITY.test(text) ? URL.parse(text) : null;
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new ConnectorError("VALUE_REFUSED", `The base URL at ${pointer} is not a plain absolute URL.`, {
      hint: "It has a scheme, a host and perhaps a path: https://api.example.com/v1.",
    });
  }
  return Object.freeze({
    origin: url.origin,
    hostname: url.hostname,
    host: url.host,
    prefix: url.pathname.replace(/\/+$/, ""),
  });
}
