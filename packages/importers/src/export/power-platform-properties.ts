import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";

/** Writes `apiProperties.json`: what the import kept, or what the connection and the base URL ask for. */
export function propertiesFor(definition: Obj, report: ImportReport): Obj {
  const kept = definition["x-power-platform"];
  if (isObject(kept)) return { properties: kept };
  const connection = asObject(definition.connection);
  const methods = asList(connection.auth).map(asObject);
  const shared = parametersOf(asObject(connection.parameters));
  const properties: Obj = {
    iconBrandColor: definition.color ?? "#2563eb",
    capabilities: [],
    publisher: String(definition.title ?? ""),
  };
  if (methods.length > 1) {
    properties.connectionParameterSets = {
      uiDefinition: { displayName: "Authentication", description: "How to sign in" },
      values: methods.map((method, index) => ({
        name: String(method.id ?? method.name ?? `set${index + 1}`),
        uiDefinition: {
          displayName: String(method.title ?? method.type),
          description: String(method.description ?? ""),
        },
        parameters: { ...shared, ...parametersOf(asObject(method.parameters)), ...oauthOf(method) },
      })),
    };
  } else properties.connectionParameters = { ...shared, ...oauthOf(methods[0] ?? {}) };
  const policies = policiesFor(definition, methods[0] ?? {}, report);
  if (policies.length > 0) properties.policyTemplateInstances = policies;
  return { properties };
}

const types: Record<string, string> = { integer: "int", number: "int", boolean: "bool" };

function parametersOf(schema: Obj): Obj {
  const required = asList(schema.required);
  const result: Obj = {};
  for (const [name, value] of Object.entries(asObject(schema.properties))) {
    const property = asObject(value);
    const choices = asList(property.oneOf)
      .map(asObject)
      .filter((choice) => choice.const !== undefined);
    setMember(result, name, {
      type: property.writeOnly === true ? "securestring" : (types[String(property.type)] ?? "string"),
      ...(property.default === undefined ? {} : { defaultValue: String(property.default) }),
      ...(choices.length > 0 ? { allowedValues: choices.map((choice) => ({ value: String(choice.const) })) } : {}),
      uiDefinition: {
        displayName: String(property.title ?? name),
        description: String(property.description ?? property.title ?? name),
        constraints: {
          required: required.includes(name) ? "true" : "false",
          ...(property.importance === "hidden" ? { hidden: "true" } : {}),
        },
      },
    });
  }
  return result;
}

function oauthOf(method: Obj): Obj {
  if (method.type !== "oauth2") return {};
  const custom: Obj = {};
  for (const [name, member] of [
    ["authorizationUrl", "authorizationUrl"],
    ["tokenUrl", "tokenUrl"],
    ["refreshUrl", "refreshUrl"],
  ] as const) {
    const value = method[member] ?? (name === "refreshUrl" ? method.tokenUrl : undefined);
    if (typeof value === "string") custom[name] = { value };
  }
  return {
    token: {
      type: "oauthSetting",
      oAuthSettings: {
        identityProvider: "oauth2",
        clientId: "",
        scopes: asList(method.scopes),
        redirectMode: "Global",
        customParameters: custom,
      },
    },
  };
}

/** Policies for what a Swagger document cannot say of host and credential. */
function policiesFor(definition: Obj, method: Obj, report: ImportReport): readonly Obj[] {
  const policies: Obj[] = [];
  const add = (templateId: string, title: string, parameters: Obj): void => {
    policies.push({
      templateId,
      title,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name.startsWith("x-ms-") ? name : `x-ms-apimTemplateParameter.${name}`,
          value,
        ]),
      ),
    });
  };
  const base = definition.baseUrl;
  if (typeof base === "string" && base.includes("{{")) {
    const url = toExpression(base);
    if (url === undefined)
      report.lose(
        "/baseUrl",
        "export-base-url",
        "The base URL is computed in a way that a policy cannot say.",
        "Use connection parameters only.",
      );
    else add("dynamichosturl", "Host", { urlTemplate: url });
  }
  const headers = { ...asObject(asObject(asObject(definition.defaults).request).headers) };
  if (method.type === "apiKey" && typeof method.value === "string" && !/^\{\{[^{}]*\}\}$/.test(method.value))
    headers[String(method.name)] = method.value;
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === "string" ? toExpression(value) : undefined;
    if (text === undefined)
      report.lose(
        `/defaults/request/headers/${name}`,
        "export-header",
        "The header is computed in a way that a policy cannot say.",
        "Write a script there.",
      );
    else
      add("setheader", name, {
        name,
        value: text,
        existsAction: "override",
        "x-ms-apimTemplate-policySection": "Request",
      });
  }
  return policies;
}

/** Writes a template as a policy expression; undefined if it reads anything but connection parameters. */
function toExpression(template: string): string | undefined {
  const text = template.replaceAll(/\{\{\s*connection\.(\w+)\s*\}\}/g, "@connectionParameters('$1')");
  return /\{\{|\{%/.test(text) ? undefined : text;
}
