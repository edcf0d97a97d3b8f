import { type AuthMethod, authMethodId } from "@junctor/sdk";
import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";

/** Writes what a definition says about itself, its servers and its auth methods as members of an OpenAPI document. */
export function plainRoot(definition: Obj): Obj {
  const info: Obj = { title: definition.title, version: definition.version };
  if (definition.description !== undefined) info.description = definition.description;
  const root: Obj = { info };
  const servers = plainServers(definition.baseUrl, asObject(definition.connection));
  if (servers.length > 0) root.servers = servers;
  const { schemes, security } = plainSecurity(asObject(definition.connection));
  if (Object.keys(schemes).length > 0) root.components = { securitySchemes: schemes };
  if (security.length > 0) root.security = security;
  const documentation = asObject(definition.links).documentation;
  if (documentation !== undefined) root.externalDocs = { url: documentation };
  return root;
}

function plainServers(baseUrl: unknown, connection: Obj): readonly Obj[] {
  if (typeof baseUrl === "string") return [serverOf(baseUrl, undefined, connection)];
  return Object.values(asObject(baseUrl)).map((environment) =>
    serverOf(String(asObject(environment).baseUrl ?? "/"), asObject(environment).title, connection),
  );
}

/** A template becomes a server with variables, where it only reads connection parameters. */
function serverOf(template: string, title: unknown, connection: Obj): Obj {
  const properties = asObject(asObject(connection.parameters).properties);
  const variables: Obj = {};
  const url = template.replaceAll(
    /\{%\s*raw\s*%\}(.*?)\{%\s*endraw\s*%\}|\{\{\s*(.*?)\s*\}\}/gs,
    (_, raw: string | undefined, code: string | undefined) => {
      if (raw !== undefined) return raw;
      const name = /^connection\.(\w+)$/.exec(code ?? "")?.[1] ?? `value${Object.keys(variables).length + 1}`;
      const schema = asObject(properties[name]);
      setMember(variables, name, {
        default: schema.default ?? "",
        ...(Array.isArray(schema.enum) ? { enum: schema.enum } : {}),
        ...(schema.description === undefined ? {} : { description: schema.description }),
      });
      return `{${name}}`;
    },
  );
  return {
    url,
    ...(title === undefined ? {} : { description: title }),
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
  };
}

function plainSecurity(connection: Obj): { readonly schemes: Obj; readonly security: readonly Obj[] } {
  const schemes: Obj = {};
  const security: Obj[] = [];
  asList(connection.auth).forEach((method, index) => {
    if (!isObject(method)) return;
    const id = authMethodId(method as unknown as AuthMethod);
    const name = Object.hasOwn(schemes, id) ? `${id}${index + 1}` : id;
    const scheme = schemeOf(method);
    if (scheme === undefined) return;
    setMember(schemes, name, scheme);
    security.push({ [name]: method.type === "oauth2" ? asList(method.scopes) : [] });
  });
  return { schemes, security };
}

const flowOf: Record<string, string> = {
  authorizationCode: "authorizationCode",
  clientCredentials: "clientCredentials",
  password: "password",
};

function schemeOf(method: Obj): Obj | undefined {
  switch (method.type) {
    case "none":
      return undefined;
    case "basic":
    case "digest":
    case "bearer":
      return { type: "http", scheme: method.type };
    case "apiKey":
      return { type: "apiKey", in: method.in, name: method.name };
    case "oauth2": {
      const flow: Obj = { scopes: Object.fromEntries(asList(method.scopes).map((scope) => [String(scope), ""])) };
      for (const member of ["authorizationUrl", "tokenUrl", "refreshUrl"])
        if (method[member] !== undefined) flow[member] = method[member];
      const name = flowOf[String(method.grant)];
      return name === undefined ? { type: "http", scheme: "bearer" } : { type: "oauth2", flows: { [name]: flow } };
    }
    case "awsSigV4":
      return { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" };
    default:
      return { type: "http", scheme: "bearer" };
  }
}
