import type { AuthMethod, ConnectorDefinition, Schema } from "@junctor/sdk";
import { listDeclaredNames, listSecretNames } from "../definition/declared-names.ts";
import type { ConnectorVersionRecord, Json } from "../ports/records.ts";
import { createTemplateCompiler } from "../templates/create-template-compiler.ts";
import { definitionEnvironment, gainsightEnvironment } from "../templates/environment.ts";
import { places } from "../templates/places.ts";
import { compileBaseUrls } from "./compile-base-url.ts";
import type { CompiledConnector } from "./compiled-connector.ts";
import { compileHostRules } from "./host-rules.ts";

/**
 * Compiles what all actions of a version share. Actions themselves are compiled on first use by `compileAction`, so that
 * a connector with thousands of them costs nothing until one is called. Fails with DEFINITION_INVALID.
 */
export function compileConnector(record: Pick<ConnectorVersionRecord, "definition" | "digest">): CompiledConnector {
  const definition = record.definition as unknown as ConnectorDefinition;
  const auth = definition.connection?.auth ?? [];
  const parameterSchemas = [definition.connection?.parameters, ...auth.map((method) => method.parameters)];
  const secretParameters = new Set(
    parameterSchemas.flatMap((schema) => [...listSecretNames(schema, definition.$defs)]),
  );
  const imported = definition.compat === "gainsight";
  const { environment, functions } = imported ? gainsightEnvironment() : definitionEnvironment();
  const templates = createTemplateCompiler(environment, {
    input: new Set(),
    connection: listConnectionNames(definition, parameterSchemas, auth),
    secretParameters,
    functions,
    ...(imported && { imported }),
  });
  const tls = definition.connection?.tls;
  return Object.freeze({
    name: definition.name,
    version: definition.version,
    digest: record.digest,
    title: definition.title,
    definition,
    baseUrls: compileBaseUrls(templates, definition.baseUrl),
    hosts: compileHostRules(definition.hosts ?? []),
    secretParameters,
    auth,
    tls: tls === undefined ? null : templates.tree(tls as unknown as Json, places.tls, "/connection/tls"),
    actionNames: Object.freeze(Object.keys(definition.actions ?? {})),
    templates,
  });
}

/** Names under `connection`: parameters, values of environments, and values of token answers. */
function listConnectionNames(
  definition: ConnectorDefinition,
  parameters: readonly (Schema | undefined)[],
  auth: readonly AuthMethod[],
): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const schema of parameters) {
    const declared = listDeclaredNames(schema, definition.$defs);
    if (declared === null) return null;
    for (const name of declared) names.add(name);
  }
  if (typeof definition.baseUrl === "object") {
    for (const environment of Object.values(definition.baseUrl)) {
      for (const name of Object.keys(environment.values ?? {})) names.add(name);
    }
  }
  for (const method of auth) {
    if (method.type !== "oauth2" && method.type !== "session") continue;
    for (const name of Object.keys(method.token?.values ?? {})) names.add(name);
  }
  return names;
}
