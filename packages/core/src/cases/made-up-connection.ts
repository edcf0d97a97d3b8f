import type { CaseConnection, ConnectorDefinition, Schema } from "@junctor/sdk";
import { listSecretNames } from "../definition/declared-names.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { TestWorkspace } from "../testkit/test-engine.ts";

type SchemaObject = Exclude<Schema, boolean>;

/**
 * Makes the connection of a case. Parameters that the case does not give are made up from their schema: default, first
 * example, first choice, else a text that says the parameter's name.
 */
export const madeUpConnection = (
  definition: ConnectorDefinition,
  given: CaseConnection | undefined,
): NonNullable<TestWorkspace["connection"]> | undefined => {
  const { connection, baseUrl } = definition;
  const methods = connection?.auth ?? [];
  const method = methods.find(({ id }) => id === given?.authMethod) ?? methods[0];
  const environment = given?.environment ?? Object.keys(typeof baseUrl === "object" ? baseUrl : {})[0];
  if (connection === undefined && given === undefined && (environment === undefined || environment === "default")) {
    return undefined;
  }
  const schemas = [connection?.parameters, method?.parameters];
  const secret = new Set(schemas.flatMap((schema) => [...listSecretNames(schema, definition.$defs)]));
  const values: Record<string, Json> = {};
  for (const schema of schemas) Object.assign(values, madeUpValues(schema));
  Object.assign(values, given?.parameters);
  const pick = (wanted: boolean): JsonObject =>
    Object.fromEntries(Object.entries(values).filter(([name]) => secret.has(name) === wanted));
  return {
    parameters: pick(false),
    secretParameters: pick(true),
    ...(method?.id === undefined ? {} : { authMethod: method.id }),
    ...(environment === undefined ? {} : { environment }),
  };
};

const madeUpValues = (schema: Schema | undefined): Record<string, Json> => {
  if (typeof schema !== "object") return {};
  const required = (schema.required as readonly string[] | undefined) ?? [];
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, property]): [string, Json][] => {
      if (typeof property === "boolean") return [];
      const value = knownValue(property);
      if (value !== undefined) return [[name, value]];
      return required.includes(name) ? [[name, madeUpValue(name, property)]] : [];
    }),
  );
};

const knownValue = ({ default: fallback, examples }: SchemaObject): Json | undefined =>
  (fallback ?? (examples as readonly Json[] | undefined)?.[0]) as Json | undefined;

const madeUpValue = (name: string, property: SchemaObject): Json => {
  const choices = property.enum as readonly Json[] | undefined;
  if (choices?.[0] !== undefined) return choices[0];
  if (property.type === "integer" || property.type === "number") return 1;
  if (property.type === "boolean") return true;
  return `test-${name}`;
};
