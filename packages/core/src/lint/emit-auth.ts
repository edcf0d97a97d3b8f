import type { AuthMethod, TokenReading, TokenRequest } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, type Place, places } from "../templates/places.ts";
import { emitSteps } from "./emit-exchange.ts";
import { type Emit, own, type Scope } from "./emit-template.ts";

/** Settings of auth methods that are templates, beside `apply` and those of token requests. */
const AUTH_SETTINGS = [
  "username",
  "password",
  "token",
  "tokenSecret",
  "consumerKey",
  "consumerSecret",
  "realm",
  "value",
  "key",
  "claims",
  "header",
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
  "region",
  "service",
  "clientId",
  "clientSecret",
];

const AUTH_URLS = ["authorizationUrl", "tokenUrl", "refreshUrl", "revocationUrl", "requestTokenUrl", "accessTokenUrl"];

/** Takes all templates of an auth method. */
export const emitAuthMethod = (method: AuthMethod, pointer: string, emit: Emit, scope: Scope): void => {
  const settings = method as unknown as Readonly<Record<string, unknown>>;
  const readsAnswer = method.type === "oauth2" || method.type === "session";
  for (const name of AUTH_SETTINGS) {
    if (name === "token" && readsAnswer) continue;
    emit(settings[name], extendPointer(pointer, name), "auth", places.auth, scope);
  }
  for (const name of AUTH_URLS) {
    emit(settings[name], extendPointer(pointer, name), "url", own("auth", places.auth.roots), scope);
  }
  const applied = extendPlace(places.auth, method.type === "hmac" ? ["request", "signature"] : ["token"]);
  emit(method.apply, `${pointer}/apply`, "auth", applied, scope);
  if (method.type === "hmac") {
    emit(method.payload, `${pointer}/payload`, "auth", extendPlace(places.auth, ["request"]), scope);
  }
  if (method.type === "session") {
    for (const list of ["login", "refresh"] as const) {
      emitSteps(method[list] ?? [], `${pointer}/${list}`, extendPlace(places.auth, ["oauth", "token"]), emit, scope);
    }
    emitToken(method.token, `${pointer}/token`, emit, scope);
  }
  if (method.type === "oauth2") {
    const request = extendPlace(places.auth, ["oauth"]);
    emit(method.authorizationParameters, `${pointer}/authorizationParameters`, "query", request, scope);
    emit(method.assertion, `${pointer}/assertion`, "auth", request, scope);
    emitTokenRequest(method.tokenRequest, `${pointer}/tokenRequest`, request, emit, scope);
    emitTokenRequest(method.refreshRequest, `${pointer}/refreshRequest`, request, emit, scope);
    emitToken(method.token, `${pointer}/token`, emit, scope);
    const after = extendPlace(places.auth, ["oauth", "token", "response"]);
    emitSteps(method.afterToken ?? [], `${pointer}/afterToken`, after, emit, scope);
  }
};

const emitTokenRequest = (
  request: TokenRequest | undefined,
  pointer: string,
  place: Place,
  emit: Emit,
  scope: Scope,
): void => {
  emit(request?.headers, `${pointer}/headers`, "headers", place, scope);
  emit(request?.query, `${pointer}/query`, "auth", place, scope);
  emit(request?.body, `${pointer}/body`, "body", place, scope);
};

const emitToken = (token: TokenReading | undefined, pointer: string, emit: Emit, scope: Scope): void => {
  const { values, ...reading } = token ?? {};
  const roots = ["oauth", "response", "steps"];
  emit(reading, pointer, "auth", extendPlace(places.auth, roots), scope);
  // They join `connection`, where every template sees them.
  emit(values, `${pointer}/values`, "auth", extendPlace(places.auth, roots, "refused"), scope);
};
