import { type AuthMethod, authMethodId, type ConnectorDefinition, type ShortConnector } from "@junctor/sdk";
import { normalizeShortForm, type ShortFormOptions } from "./normalize-short-form.ts";

/** Address of the format's schema, which names its version. */
export const SCHEMA_ADDRESS = "https://junctor.dev/schema/connector/v1.json";

/** Name of the environment of a connector whose `baseUrl` is plain text. */
export const DEFAULT_ENVIRONMENT = "default";

/** Tells the short form from the canonical one: it has `url`, or the steps of a composite, and no actions. */
export const isShortForm = (document: unknown): boolean =>
  typeof document === "object" &&
  document !== null &&
  !Object.hasOwn(document, "actions") &&
  !Object.hasOwn(document, "triggers") &&
  (Object.hasOwn(document, "url") || Object.hasOwn(document, "steps"));

/**
 * Brings a valid document of either form into the canonical one: the short form becomes one action, `$schema` is written,
 * a plain `baseUrl` becomes the environment `default`, every auth method gets its `id`. Inheritance is
 * settled when an action is compiled, so that the document stays what its author wrote. Normalising twice changes nothing.
 */
export const normalizeDefinition = (
  document: ConnectorDefinition | ShortConnector,
  options: ShortFormOptions = {},
): ConnectorDefinition => {
  const definition = isShortForm(document)
    ? normalizeShortForm(document as ShortConnector, options)
    : (document as ConnectorDefinition);
  const { $schema: _version, baseUrl, connection, ...rest } = definition;
  return {
    $schema: SCHEMA_ADDRESS,
    ...rest,
    ...(baseUrl === undefined
      ? {}
      : { baseUrl: typeof baseUrl === "string" ? { [DEFAULT_ENVIRONMENT]: { baseUrl } } : baseUrl }),
    ...(connection === undefined
      ? {}
      : {
          connection:
            connection.auth === undefined ? connection : { ...connection, auth: connection.auth.map(identifyMethod) },
        }),
  };
};

const identifyMethod = (method: AuthMethod): AuthMethod =>
  method.id === undefined ? { ...method, id: authMethodId(method) } : method;
