import { asList, asObject, isObject, type Obj } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";
import { identifier, titleOf } from "./names.ts";
import { literal } from "./template-text.ts";

/** One way to write a security scheme: settings, what it asks, and what it adds where another scheme is the method. */
export interface SchemeForm {
  readonly method: Obj;
  readonly parameters: Obj;
  readonly required: readonly string[];
  /** The credential as headers and query parameters, to combine it with another scheme. */
  readonly apply?: { readonly headers?: Obj; readonly query?: Obj };
  readonly tls?: Obj;
}

/** A security scheme on its way to a method. */
export interface SchemeSource {
  readonly name: string;
  readonly scheme: Obj;
  readonly scopes: ReadonlySet<string>;
  readonly report: ImportReport;
  readonly place: string;
  /** Whether the document defines no other scheme. */
  readonly isAlone: boolean;
  readonly root: Obj;
}

const secret = (title: string, description?: unknown): Obj => ({
  type: "string",
  title,
  writeOnly: true,
  ...(typeof description === "string" && description.trim() !== "" ? { description: description.trim() } : {}),
});

/** Writes a security scheme as one method, or as several where it offers several OAuth flows. */
export function writeScheme(source: SchemeSource): readonly SchemeForm[] {
  const { scheme } = source;
  switch (String(scheme.type).toLowerCase()) {
    case "apikey":
      return [isAwsSignature(scheme) ? awsForm(source) : apiKeyForm(source)];
    case "http":
      return [httpForm(source)];
    case "oauth2":
      return oauthForms(source);
    case "openidconnect":
      source.report.note(
        source.place,
        "openid-as-bearer",
        "OpenID Connect discovery is not followed at import; a token is asked for.",
        "Turn it into oauth2 with the URLs of the discovery document.",
      );
      return [bearerForm(source, "Access token")];
    case "mutualtls":
      return [tlsForm()];
    default:
      return [otherForm(source)];
  }
}

/** The name that a scheme's key gets as a parameter. */
const keyName = (source: SchemeSource): string => {
  const name = identifier(source.name);
  return source.isAlone || name === "" || !/^[A-Za-z]/.test(name) ? "apiKey" : name;
};

const isAwsSignature = (scheme: Obj): boolean =>
  /^awssigv4$/i.test(String(scheme["x-amazon-apigateway-authtype"] ?? "")) &&
  String(scheme.name).toLowerCase() === "authorization";

function apiKeyForm(source: SchemeSource): SchemeForm {
  const { scheme } = source;
  const parameter = keyName(source);
  const name = typeof scheme.name === "string" && scheme.name.trim() !== "" ? scheme.name.trim() : "Authorization";
  const location = ["header", "query", "cookie"].includes(String(scheme.in)) ? String(scheme.in) : "header";
  const value = `{{ connection.${parameter} }}`;
  const prefix = name.toLowerCase() === "authorization" ? prefixOf(scheme.description) : undefined;
  if (prefix !== undefined) {
    source.report.note(
      source.place,
      "authorization-prefix",
      `The text says that the key begins with "${prefix}"; whoever connects types it.`,
      `Write "value": "${prefix} {{ connection.${parameter} }}" to have it added.`,
    );
  }
  const apply =
    location === "query"
      ? { query: { [name]: value } }
      : { headers: location === "cookie" ? { Cookie: `${name}=${value}` } : { [name]: value } };
  return {
    method: { type: "apiKey", in: location, name, value },
    parameters: { [parameter]: secret(titleOf(source.isAlone ? "API key" : source.name), scheme.description) },
    required: [parameter],
    apply,
  };
}

/** The word that a description tells people to type in front of the key. */
export function prefixOf(description: unknown): string | undefined {
  if (typeof description !== "string") return undefined;
  const found =
    /["'`“]?\b(Bearer|Token|Basic|Key|ApiKey|JWT|Api-Key|GenieKey|SSWS|Zoho-oauthtoken)\b\s*[<{[(]?\s*(?:your|api|access|token|key|\[|<|\{)/i.exec(
      description,
    );
  return found?.[1];
}

function awsForm(source: SchemeSource): SchemeForm {
  const info = asObject(source.root.info);
  const url = String(asObject(asList(source.root.servers)[0]).url ?? "");
  const host = /^[a-z]+:\/\/([^/]+)/i.exec(url)?.[1] ?? "";
  const service = String(info["x-serviceName"] ?? info["x-aws-signingName"] ?? host.split(".")[0] ?? "execute-api");
  const region = /\{region\}/.test(url)
    ? "{{ connection.region }}"
    : (/\.([a-z]{2}-[a-z]+-\d)\./.exec(host)?.[1] ?? "us-east-1");
  return {
    method: {
      type: "awsSigV4",
      accessKeyId: "{{ connection.accessKeyId }}",
      secretAccessKey: "{{ connection.secretAccessKey }}",
      sessionToken: "{{ connection.sessionToken }}",
      region,
      service: literal(service.replaceAll(/[{}]/g, "")),
    },
    parameters: {
      accessKeyId: { type: "string", title: "Access key id" },
      secretAccessKey: secret("Secret access key"),
      sessionToken: secret("Session token"),
    },
    required: ["accessKeyId", "secretAccessKey"],
  };
}

function httpForm(source: SchemeSource): SchemeForm {
  const kind = String(source.scheme.scheme ?? "").toLowerCase();
  if (kind === "basic") return basicForm();
  if (kind === "bearer") return bearerForm(source, "Token");
  if (kind === "digest") {
    return {
      method: { type: "digest", username: "{{ connection.username }}", password: "{{ connection.password }}" },
      parameters: { username: { type: "string", title: "User name" }, password: secret("Password") },
      required: ["username", "password"],
    };
  }
  return otherForm(source);
}

/** HTTP Basic with user name and password from the connection. An empty password is legal: many APIs take a key as the name. */
export const basicForm = (): SchemeForm => ({
  method: { type: "basic", username: "{{ connection.username }}", password: "{{ connection.password | default('') }}" },
  parameters: { username: { type: "string", title: "User name" }, password: secret("Password") },
  required: ["username"],
  apply: {
    headers: {
      Authorization: "Basic {{ (connection.username ~ ':' ~ (connection.password | default(''))) | base64_encode }}",
    },
  },
});

function bearerForm(source: SchemeSource, title: string): SchemeForm {
  return {
    method: { type: "bearer", token: "{{ connection.token }}" },
    parameters: { token: secret(title, source.scheme.description) },
    required: ["token"],
    apply: { headers: { Authorization: "Bearer {{ connection.token }}" } },
  };
}

const tlsForm = (): SchemeForm => ({
  method: { type: "none" },
  parameters: {
    certificate: { type: "string", title: "Client certificate (PEM)" },
    privateKey: secret("Private key (PEM)"),
    passphrase: secret("Passphrase"),
  },
  required: ["certificate", "privateKey"],
  tls: {
    certificate: "{{ connection.certificate }}",
    key: "{{ connection.privateKey }}",
    passphrase: "{{ connection.passphrase }}",
  },
});

/** A scheme that nobody knows: the whole value of the header is asked for, and the loss is said. */
function otherForm(source: SchemeSource): SchemeForm {
  const kind = `${String(source.scheme.type)}${source.scheme.scheme === undefined ? "" : ` ${String(source.scheme.scheme)}`}`;
  source.report.lose(
    source.place,
    "security-unsupported",
    `The scheme ${JSON.stringify(kind)} is not one that can be carried out; the Authorization header is asked for as it is.`,
    "Write an auth method by hand: hmac, session or code.",
  );
  const value = "{{ connection.authorization }}";
  return {
    method: { type: "apiKey", in: "header", name: "Authorization", value },
    parameters: { authorization: secret("Authorization header", source.scheme.description) },
    required: ["authorization"],
    apply: { headers: { Authorization: value } },
  };
}

const grants = ["authorizationCode", "clientCredentials", "password"] as const;

function oauthForms(source: SchemeSource): readonly SchemeForm[] {
  const flows = asObject(source.scheme.flows);
  const forms: SchemeForm[] = [];
  for (const grant of grants) {
    const flow = flows[grant];
    if (!isObject(flow)) continue;
    const tokenUrl = absoluteUrl(flow.tokenUrl, source.root);
    const authorizationUrl = absoluteUrl(flow.authorizationUrl, source.root);
    if (tokenUrl === undefined || (grant === "authorizationCode" && authorizationUrl === undefined)) {
      source.report.lose(
        pointer(source.place, "flows", grant),
        "oauth-url",
        "The flow lacks a usable URL.",
        "Correct authorizationUrl and tokenUrl.",
      );
    } else forms.push(oauthForm(source, grant, flow, tokenUrl, authorizationUrl));
  }
  if (forms.length > 0) return forms;
  if (isObject(flows.implicit)) {
    source.report.note(
      source.place,
      "oauth-implicit-as-bearer",
      "The implicit flow has no token URL and is out of use (RFC 9700); an access token is asked for.",
      "Use the authorization code flow if the API offers it.",
    );
  } else
    source.report.lose(
      source.place,
      "oauth-unusable",
      "No flow of the scheme can be carried out; an access token is asked for.",
      "Complete the flow in the source.",
    );
  return [bearerForm(source, "Access token")];
}

function oauthForm(
  source: SchemeSource,
  grant: (typeof grants)[number],
  flow: Obj,
  tokenUrl: string,
  authorizationUrl: string | undefined,
): SchemeForm {
  const scopes = [...source.scopes].filter((scope) => scope !== "");
  const method: Obj = { type: "oauth2", grant };
  if (grant === "authorizationCode") method.authorizationUrl = authorizationUrl;
  method.tokenUrl = tokenUrl;
  const refreshUrl = absoluteUrl(flow.refreshUrl, source.root);
  if (refreshUrl !== undefined && refreshUrl !== tokenUrl) method.refreshUrl = refreshUrl;
  const wanted = scopes.length > 0 ? scopes : Object.keys(asObject(flow.scopes)).filter((scope) => scope !== "");
  if (wanted.length > 0) method.scopes = wanted;
  if (grant === "authorizationCode") return { method, parameters: {}, required: [] };
  const parameters: Obj = { clientId: { type: "string", title: "Client id" }, clientSecret: secret("Client secret") };
  Object.assign(method, { clientId: "{{ connection.clientId }}", clientSecret: "{{ connection.clientSecret }}" });
  if (grant === "clientCredentials") return { method, parameters, required: ["clientId", "clientSecret"] };
  method.tokenRequest = { body: { username: "{{ connection.username }}", password: "{{ connection.password }}" } };
  return {
    method,
    parameters: { username: { type: "string", title: "User name" }, password: secret("Password"), ...parameters },
    required: ["username", "password"],
  };
}

/** Makes a URL of a flow absolute: a relative one belongs to the first server. */
export function absoluteUrl(value: unknown, root: Obj): string | undefined {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const text = value.trim();
  if (/^https?:\/\/[^/\s]+/i.test(text))
    return literal(
      text
        .replace(/^http:\/\/(?!localhost|127\.)/i, "https://")
        .replaceAll(/\s/g, "%20")
        .replaceAll(/\{(?!\{)([^{}]*)\}/g, "$1"),
    );
  if (/^[a-z]+:/i.test(text)) return undefined;
  const server = String(asObject(asList(root.servers)[0]).url ?? "");
  const origin = /^(https?:\/\/[^/{]+)/i.exec(server)?.[1];
  if (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(text)) return literal(`https://${text}`);
  return origin === undefined ? undefined : literal(`${origin}/${text.replace(/^\/+/, "")}`);
}
