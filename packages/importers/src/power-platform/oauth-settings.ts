import { asFilledText, asObject, asTexts, isObject, type Obj, setMember } from "../json-value.ts";
import { absoluteUrl } from "../openapi/auth-schemes.ts";
import { literal, memberOf } from "../openapi/template-text.ts";
import type { ImportReport } from "../report/import-report.ts";
import { parameterName } from "./connection-parameters.ts";

/** What is known where OAuth settings are read. */
export interface OAuthContext {
  readonly place: string;
  readonly report: ImportReport;
  /** The flow of the matching security definition, where there is one. */
  readonly flow: Obj;
  /** Name in the source → name in the definition, of the parameters that the connection has. */
  readonly names: ReadonlyMap<string, string>;
  readonly root: Obj;
}

interface Endpoints {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

/** Endpoints of the providers that a connector may only name. */
const providers: Readonly<Record<string, Endpoints>> = {
  facebook: {
    authorizationUrl: "https://www.facebook.com/dialog/oauth",
    tokenUrl: "https://graph.facebook.com/oauth/access_token",
  },
  docusign: {
    authorizationUrl: "https://account.docusign.com/oauth/auth",
    tokenUrl: "https://account.docusign.com/oauth/token",
  },
  google: {
    authorizationUrl: "https://accounts.google.com/o/oauth2/v2/auth",
    tokenUrl: "https://oauth2.googleapis.com/token",
  },
  github: {
    authorizationUrl: "https://github.com/login/oauth/authorize",
    tokenUrl: "https://github.com/login/oauth/access_token",
  },
  salesforce: {
    authorizationUrl: "https://login.salesforce.com/services/oauth2/authorize",
    tokenUrl: "https://login.salesforce.com/services/oauth2/token",
  },
  slack: {
    authorizationUrl: "https://slack.com/oauth/v2/authorize",
    tokenUrl: "https://slack.com/api/oauth.v2.access",
  },
  dropbox: {
    authorizationUrl: "https://www.dropbox.com/oauth2/authorize",
    tokenUrl: "https://api.dropboxapi.com/oauth2/token",
  },
  box: {
    authorizationUrl: "https://account.box.com/api/oauth2/authorize",
    tokenUrl: "https://api.box.com/oauth2/token",
  },
  linkedin: {
    authorizationUrl: "https://www.linkedin.com/oauth/v2/authorization",
    tokenUrl: "https://www.linkedin.com/oauth/v2/accessToken",
  },
  microsoftaccount: {
    authorizationUrl: "https://login.live.com/oauth20_authorize.srf",
    tokenUrl: "https://login.live.com/oauth20_token.srf",
  },
  hubspot: {
    authorizationUrl: "https://app.hubspot.com/oauth/authorize",
    tokenUrl: "https://api.hubapi.com/oauth/v1/token",
  },
  asana: {
    authorizationUrl: "https://app.asana.com/-/oauth_authorize",
    tokenUrl: "https://app.asana.com/-/oauth_token",
  },
  mailchimp: {
    authorizationUrl: "https://login.mailchimp.com/oauth2/authorize",
    tokenUrl: "https://login.mailchimp.com/oauth2/token",
  },
};

/** The endpoints of a provider by its name, or by the name of the service that it begins with (`googleContacts`). */
function endpointsOf(provider: string): Endpoints | undefined {
  const plain = provider.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const name = Object.keys(providers).find((known) => plain === known || plain.startsWith(known));
  return name === undefined ? undefined : providers[name];
}

/** Turns `oAuthSettings` into an `oauth2` method; undefined (and a loss) if its URLs cannot be told. */
export function readOAuth(settings: Obj, context: OAuthContext): Obj | undefined {
  const custom = lowerValues(settings.customParameters);
  const provider = String(settings.identityProvider ?? "oauth2")
    .trim()
    .toLowerCase();
  reportUnused(settings, custom, provider, context);
  const scopes = asTexts(settings.scopes)
    .flatMap((scope) => scope.split(/\s+/))
    .filter((scope) => scope !== "" && !/^[{[<]/.test(scope));
  const base: Obj = { type: "oauth2", grant: "authorizationCode" };
  const method = provider.startsWith("aad")
    ? azure(base, custom, context)
    : provider === "oauth2generic" || custom.has("authorizationurltemplate")
      ? generic(base, custom, context, scopes)
      : plain(base, custom, provider, context);
  if (method === undefined) {
    context.report.lose(
      context.place,
      "oauth-provider",
      `The URLs of the identity provider ${JSON.stringify(provider)} are not in the source.`,
      "Write authorizationUrl and tokenUrl into the auth method.",
    );
    return undefined;
  }
  const flowScopes = Object.keys(asObject(context.flow.scopes)).filter((scope) => scope !== "");
  const wanted = scopes.length > 0 ? scopes : flowScopes;
  if (wanted.length > 0) method.scopes = [...new Set(wanted)];
  const delimiter = custom.get("scopelistdelimiter");
  if (delimiter !== undefined && delimiter !== " ") method.scopeSeparator = delimiter;
  return method;
}

/** What settings say and no method can: how a client proves itself by certificate, who logs in for whom, further fields. */
function reportUnused(
  settings: Obj,
  custom: ReadonlyMap<string, string>,
  provider: string,
  { report, place }: OAuthContext,
): void {
  if (provider === "aadcertificate")
    report.lose(
      place,
      "oauth-certificate",
      "The client proves itself with a certificate there; here it is asked for a client secret.",
      "Use clientAuthentication private_key_jwt, with the assertion that the provider wants.",
    );
  if (custom.get("enableonbehalfoflogin")?.toLowerCase() === "true")
    report.note(
      place,
      "oauth-on-behalf-of",
      "Signing in on behalf of the caller is left out; whoever connects signs in.",
      "Use the grant tokenExchange if the token of the caller is to be exchanged.",
    );
  if (Object.keys(asObject(settings.additionalParameters)).length > 0)
    report.lose(
      place,
      "oauth-additional-parameters",
      `The conditional fields ${Object.keys(asObject(settings.additionalParameters)).join(", ")} are not asked for.`,
      "Declare them as connection parameters.",
    );
}

/** Custom parameters by lower-case name: the case of these keys varies. */
function lowerValues(source: unknown): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, entry] of Object.entries(asObject(source))) {
    const value = isObject(entry) ? entry.value : entry;
    if (typeof value === "string") values.set(name.toLowerCase(), value);
  }
  return values;
}

function plain(
  base: Obj,
  custom: ReadonlyMap<string, string>,
  provider: string,
  context: OAuthContext,
): Obj | undefined {
  const known = endpointsOf(provider);
  const authorizationUrl =
    absoluteUrl(custom.get("authorizationurl"), context.root) ??
    absoluteUrl(context.flow.authorizationUrl, context.root) ??
    known?.authorizationUrl;
  const tokenUrl =
    absoluteUrl(custom.get("tokenurl"), context.root) ??
    absoluteUrl(context.flow.tokenUrl, context.root) ??
    absoluteUrl(custom.get("refreshurl"), context.root) ??
    known?.tokenUrl;
  if (authorizationUrl === undefined || tokenUrl === undefined) return undefined;
  const refreshUrl = absoluteUrl(custom.get("refreshurl"), context.root);
  return {
    ...base,
    authorizationUrl,
    tokenUrl,
    ...(refreshUrl === undefined || refreshUrl === tokenUrl ? {} : { refreshUrl }),
    pkce: "none",
  };
}

function azure(base: Obj, custom: ReadonlyMap<string, string>, context: OAuthContext): Obj {
  const login = (asFilledText(custom.get("loginuri")) ?? "https://login.microsoftonline.com")
    .replace(/\/+$/, "")
    .replace("https://login.windows.net", "https://login.microsoftonline.com");
  const tenantParameter = [...context.names].find(([source]) => /^token:tenantid$/i.test(source))?.[1];
  const tenant =
    tenantParameter === undefined
      ? literal(asFilledText(custom.get("tenantid")) ?? "common")
      : `{{ ${memberOf("connection", tenantParameter)} | default(${`'${custom.get("tenantid") ?? "common"}'`}, true) }}`;
  const method: Obj = {
    ...base,
    authorizationUrl: `${login}/${tenant}/oauth2/authorize`,
    tokenUrl: `${login}/${tenant}/oauth2/token`,
    pkce: "none",
  };
  const resource = asFilledText(custom.get("resourceuri"));
  if (resource === undefined) return method;
  const value = fill(resource, context, new Map());
  return {
    ...method,
    authorizationParameters: { resource: value },
    tokenRequest: { body: { resource: value } },
    refreshRequest: { body: { resource: value } },
  };
}

/** What the placeholders of a templated request stand for. */
const standardValues: ReadonlyMap<string, string> = new Map([
  ["clientid", "{{ oauth.clientId }}"],
  ["clientsecret", "{{ oauth.clientSecret }}"],
  ["redirecturl", "{{ oauth.redirectUri }}"],
  ["state", "{{ oauth.state }}"],
  ["scopes", "{{ oauth.scope }}"],
  ["scope", "{{ oauth.scope }}"],
  ["code", "{{ oauth.code }}"],
  ["refreshtoken", "{{ oauth.refreshToken }}"],
  ["accesstoken", "{{ oauth.accessToken }}"],
]);

/** The parameters that a request has anyway, and how a template writes them. */
const standardQuery: Readonly<Record<string, string>> = {
  response_type: "code",
  client_id: "{{ oauth.clientId }}",
  redirect_uri: "{{ oauth.redirectUri }}",
  scope: "{{ oauth.scope }}",
  state: "{{ oauth.state }}",
};
const standardToken: Readonly<Record<string, string>> = {
  grant_type: "authorization_code",
  code: "{{ oauth.code }}",
  redirect_uri: "{{ oauth.redirectUri }}",
  client_id: "{{ oauth.clientId }}",
  client_secret: "{{ oauth.clientSecret }}",
};
const standardRefresh: Readonly<Record<string, string>> = {
  grant_type: "refresh_token",
  refresh_token: "{{ oauth.refreshToken }}",
  client_id: "{{ oauth.clientId }}",
  client_secret: "{{ oauth.clientSecret }}",
};

function generic(
  base: Obj,
  custom: ReadonlyMap<string, string>,
  context: OAuthContext,
  scopes: readonly string[],
): Obj | undefined {
  const own = new Map(standardValues);
  // Settings of any name are values that the templates name.
  for (const [name, value] of custom) if (!own.has(name) && !/template$/.test(name)) own.set(name, literal(value));
  if (scopes.length === 0 && context.names.has("token:Scope")) own.delete("scope");
  const address = (name: string): string | undefined => {
    const template =
      asFilledText(custom.get(`${name}urltemplate`)) ??
      asFilledText(custom.get(`${name}url`)) ??
      asFilledText(context.flow[`${name}Url`]);
    const filled = template === undefined ? undefined : fill(template.trim(), context, own);
    return filled === undefined || !(filled.startsWith("https://") || filled.startsWith("{{"))
      ? absoluteUrl(template, context.root)
      : filled;
  };
  const authorizationUrl = address("authorization");
  const tokenUrl = address("token") ?? address("refresh");
  if (authorizationUrl === undefined || tokenUrl === undefined) return undefined;
  const method: Obj = { ...base, authorizationUrl, tokenUrl, pkce: "none" };
  const refreshUrl = address("refresh");
  if (refreshUrl !== undefined && refreshUrl !== tokenUrl) method.refreshUrl = refreshUrl;
  const query = overrides(custom.get("authorizationurlquerystringtemplate"), standardQuery, context, own);
  if (query !== undefined) method.authorizationParameters = query;
  const token = requestOf(custom, "token", standardToken, context, own);
  if (token !== undefined) method.tokenRequest = token;
  const refresh = requestOf(custom, "refresh", standardRefresh, context, own);
  if (refresh !== undefined) method.refreshRequest = refresh;
  return method;
}

function requestOf(
  custom: ReadonlyMap<string, string>,
  phase: string,
  standard: Readonly<Record<string, string>>,
  context: OAuthContext,
  own: ReadonlyMap<string, string>,
): Obj | undefined {
  const body = overrides(custom.get(`${phase}bodytemplate`), standard, context, own);
  const query = overrides(custom.get(`${phase}urlquerystringtemplate`), {}, context, own);
  const request: Obj = {};
  if (body !== undefined) request.body = body;
  if (query !== undefined) request.query = query;
  if (custom.get(`${phase}bodytemplate`)?.trimStart().startsWith("{") === true)
    request.contentType = "application/json";
  return Object.keys(request).length === 0 ? undefined : request;
}

/** The parameters of a template that differ from the standard ones; `null` removes a standard one that it does not have. */
function overrides(
  template: string | undefined,
  standard: Readonly<Record<string, string>>,
  context: OAuthContext,
  own: ReadonlyMap<string, string>,
): Obj | undefined {
  if (template === undefined || template.trim() === "") return undefined;
  const written: Obj = {};
  for (const [name, value] of pairsOf(template)) setMember(written, name, fill(value, context, own));
  const result: Obj = {};
  for (const [name, value] of Object.entries(written)) if (standard[name] !== value) setMember(result, name, value);
  for (const name of Object.keys(standard))
    if (!Object.hasOwn(written, name) && name !== "scope" && name !== "client_secret") result[name] = null;
  return Object.keys(result).length === 0 ? undefined : result;
}

function pairsOf(template: string): readonly (readonly [string, string])[] {
  const text = template.trim().replace(/^\?/, "");
  if (text.startsWith("{")) {
    try {
      return Object.entries(asObject(JSON.parse(text))).map(([name, value]) => [name, String(value)] as const);
    } catch {
      return [];
    }
  }
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const split = part.indexOf("=");
      return split < 0 ? ([part, ""] as const) : ([part.slice(0, split), part.slice(split + 1)] as const);
    });
}

/** Fills `{Name}`: a value of the flow, a connection parameter (with or without `token:` in front), or nothing known. */
function fill(template: string, context: OAuthContext, standard: ReadonlyMap<string, string>): string {
  return template.replaceAll(/\{\{?([^{}]+)\}\}?/g, (whole, name: string) => {
    const lower = name.trim().toLowerCase();
    const parameter = [...context.names].find(
      ([source]) => source.toLowerCase() === lower || source.toLowerCase() === `token:${lower}`,
    )?.[1];
    const value = standard.get(lower);
    if (value !== undefined && (parameter === undefined || lower !== "scope")) return value;
    if (parameter !== undefined) return `{{ ${memberOf("connection", parameter)} }}`;
    context.report.lose(
      context.place,
      `oauth-placeholder-${parameterName(name)}`,
      `The placeholder ${whole} names nothing that the connection has.`,
      "Add a connection parameter of that name.",
    );
    return literal(name);
  });
}
