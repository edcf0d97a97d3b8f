import { asFilledText, asList, asObject, isObject, type Obj } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";

/** The auth of a request as a security scheme; without a name it wants none. */
export interface PostmanAuth {
  readonly name: string | undefined;
  readonly scheme: Obj;
}

/** Settings of an auth block: a list of key and value (2.1) or an object (2.0). */
function settings(auth: Obj, type: string): Obj {
  const block = auth[type];
  if (isObject(block)) return block;
  return Object.fromEntries(asList(block).map((entry) => [String(asObject(entry).key), asObject(entry).value]));
}

const address = (value: unknown): string | undefined => {
  const text = asFilledText(value);
  return text === undefined || text.includes("{{") ? undefined : text;
};

/** Reads the auth of a request or what it inherits; undefined where nothing is said. */
export function readPostmanAuth(value: unknown, place: string, report: ImportReport): PostmanAuth | undefined {
  if (!isObject(value)) return undefined;
  const type = String(value.type ?? "");
  const own = settings(value, type);
  switch (type) {
    case "noauth":
      return { name: undefined, scheme: {} };
    case "basic":
    case "digest":
    case "bearer":
      return { name: type, scheme: { type: "http", scheme: type } };
    case "jwt":
      report.note(
        place,
        "postman-jwt",
        "The signing settings are not carried over; a finished token is asked for.",
        "Use the auth method jwt.",
      );
      return { name: "jwt", scheme: { type: "http", scheme: "bearer" } };
    case "apikey":
      return {
        name: "apiKey",
        scheme: {
          type: "apiKey",
          in: own.in === "query" ? "query" : "header",
          name: asFilledText(own.key) ?? "X-Api-Key",
        },
      };
    case "oauth2":
      return { name: "oauth2", scheme: oauth(own) };
    case "awsv4":
      return {
        name: "awsSigV4",
        scheme: { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
      };
    default:
      report.lose(
        place,
        "postman-auth",
        `The auth type ${JSON.stringify(type)} is not carried over.`,
        "Choose an auth method of the definition by hand.",
      );
      return undefined;
  }
}

function oauth(own: Obj): Obj {
  const tokenUrl = address(own.accessTokenUrl);
  const authorizationUrl = address(own.authUrl);
  const scopes = Object.fromEntries(
    (asFilledText(own.scope) ?? "")
      .split(/\s+/)
      .filter((scope) => scope !== "" && !scope.includes("{{"))
      .map((scope) => [scope, ""]),
  );
  const grant = String(own.grant_type ?? "authorization_code");
  if (tokenUrl === undefined) return { type: "http", scheme: "bearer" };
  if (grant === "client_credentials") return { type: "oauth2", flows: { clientCredentials: { tokenUrl, scopes } } };
  if (grant.startsWith("password")) return { type: "oauth2", flows: { password: { tokenUrl, scopes } } };
  if (authorizationUrl === undefined) return { type: "http", scheme: "bearer" };
  return { type: "oauth2", flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes } } };
}
