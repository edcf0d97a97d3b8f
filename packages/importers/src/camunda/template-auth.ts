import { asFilledText, asList, asObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";

/** A property bound to the authentication of the REST connector. */
interface AuthProperty {
  readonly place: string;
  readonly value: Obj;
  readonly input: string;
}

const secret = (title: string): Obj => ({ type: "string", title, writeOnly: true });

/** The methods that the REST connector knows, in our words. */
const methods: Record<
  string,
  (property: (name: string) => unknown) => {
    readonly method: Obj;
    readonly parameters: Obj;
    readonly required: readonly string[];
  }
> = {
  basic: () => ({
    method: { type: "basic", username: "{{ connection.username }}", password: "{{ connection.password }}" },
    parameters: { username: { type: "string", title: "User name" }, password: secret("Password") },
    required: ["username", "password"],
  }),
  bearer: () => ({
    method: { type: "bearer", token: "{{ connection.token }}" },
    parameters: { token: secret("Token") },
    required: ["token"],
  }),
  apiKey: (property) => ({
    method: {
      type: "apiKey",
      in: String(property("apiKeyLocation") ?? "headers").startsWith("query") ? "query" : "header",
      name: asFilledText(property("name")) ?? "X-Api-Key",
      value: "{{ connection.apiKey }}",
    },
    parameters: { apiKey: secret("API key") },
    required: ["apiKey"],
  }),
  "oauth-client-credentials-flow": (property) => ({
    method: {
      type: "oauth2",
      grant: "clientCredentials",
      tokenUrl: asFilledText(property("oauthTokenEndpoint")) ?? "{{ connection.tokenUrl }}",
      clientId: "{{ connection.clientId }}",
      clientSecret: "{{ connection.clientSecret }}",
      ...(asFilledText(property("scopes")) === undefined ? {} : { scopes: String(property("scopes")).split(/\s+/) }),
      ...(property("clientAuthentication") === "basicAuthHeader"
        ? { clientAuthentication: "client_secret_basic" }
        : {}),
    },
    parameters: {
      clientId: { type: "string", title: "Client id" },
      clientSecret: secret("Client secret"),
      ...(asFilledText(property("oauthTokenEndpoint")) === undefined
        ? { tokenUrl: { type: "string", format: "uri", title: "Token URL" } }
        : {}),
    },
    required: ["clientId", "clientSecret"],
  }),
};

/** Reads the authentication properties; values that somebody typed into a template are credentials and stay out. */
export function readTemplateAuth(properties: readonly AuthProperty[], report: ImportReport): Obj | undefined {
  const parameters: Obj = {};
  const usesBase = properties.some(
    (property) =>
      property.input === "baseUrl" &&
      asFilledText(property.value.value) === undefined &&
      asList(property.value.choices).length === 0,
  );
  if (usesBase) parameters.baseUrl = { type: "string", format: "uri", title: "Base URL" };
  const type = properties.find((property) => property.input === "authentication.type");
  const offered = asList(type?.value.choices).map((choice) => String(asObject(choice).value));
  const wanted = offered.length > 0 ? offered : [String(type?.value.value ?? "noAuth")];
  const written = (name: string): unknown =>
    properties.find((property) => property.input === `authentication.${name}`)?.value.value;
  const auth: Obj[] = [];
  const required: string[] = usesBase ? ["baseUrl"] : [];
  const known = wanted.filter((name) => methods[name] !== undefined);
  for (const name of wanted)
    if (name !== "noAuth" && methods[name] === undefined)
      report.lose(
        type?.place ?? "",
        `template-auth-${name}`,
        `The authentication ${JSON.stringify(name)} is not carried over.`,
        "Choose an auth method of the definition by hand.",
      );
  for (const name of known) {
    const built = methods[name]?.(written);
    if (built === undefined) continue;
    if (known.length === 1) {
      for (const [key, schema] of Object.entries(built.parameters)) setMember(parameters, key, schema);
      required.push(...built.required);
      auth.push(built.method);
    } else
      auth.push({
        [built.method.type === "apiKey" ? "id" : "name"]: name.replaceAll("-", "_"),
        ...built.method,
        parameters: { type: "object", properties: built.parameters, required: built.required },
      });
  }
  if (Object.keys(parameters).length === 0 && auth.length === 0) return undefined;
  return {
    ...(Object.keys(parameters).length > 0
      ? { parameters: { type: "object", properties: parameters, ...(required.length > 0 ? { required } : {}) } }
      : {}),
    ...(auth.length > 0 ? { auth } : {}),
  };
}
