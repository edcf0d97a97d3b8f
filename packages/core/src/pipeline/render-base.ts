import { parseBaseAddress } from "../compile/compile-base-url.ts";
import type { BaseAddress, CompiledBaseUrl, CompiledConnector } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { OpenConnection } from "../ports/sources.ts";
import { renderText } from "../templates/render-value.ts";
import type { RenderScope } from "../templates/template-host.ts";

const addresses = new Map<string, BaseAddress>();
const MAX_ADDRESSES = 5_000;

/** Gives the base URL of an environment: parsed when it was compiled, or rendered now and parsed once per text. */
export function renderBase(base: CompiledBaseUrl, scope: RenderScope): BaseAddress {
  if (base.fixed !== null) return base.fixed;
  if (base.template === null) throw new ConnectorError("INTERNAL", "A base URL is neither fixed nor a template.");
  const text = renderText(base.template, scope);
  const present = addresses.get(text);
  if (present !== undefined) return present;
  const address = parseBaseAddress(text, base.template.pointer);
  if (addresses.size >= MAX_ADDRESSES) addresses.clear();
  addresses.set(text, address);
  return address;
}

/** Chooses the environment of a connection; the first one where it names none. Fails with CONNECTION_UNUSABLE. */
export function chooseBase(connector: CompiledConnector, connection: OpenConnection | null): CompiledBaseUrl | null {
  const { baseUrls } = connector;
  if (baseUrls === null) return null;
  const environment = connection?.record.environment;
  if (environment === null || environment === undefined) return baseUrls.values().next().value ?? null;
  const chosen = baseUrls.get(environment);
  if (chosen !== undefined) return chosen;
  // A plain base URL has one environment, whatever older versions called theirs.
  if (baseUrls.size === 1 && baseUrls.has("default")) return baseUrls.get("default") ?? null;
  throw new ConnectorError("CONNECTION_UNUSABLE", `The connector has no environment "${environment}".`, {
    hint: `Choose another on the connection: ${[...baseUrls.keys()].join(", ")}.`,
  });
}
