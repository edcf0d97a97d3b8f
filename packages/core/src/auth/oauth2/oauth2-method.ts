import { importedMargins } from "../../credentials/refresh-margins.ts";
import { TokenError } from "../../credentials/token-error.ts";
import type { TokenSet } from "../../credentials/token-set.ts";
import type { AuthMethod, AuthMethodCompiler } from "../auth-method.ts";
import { createTokenMethod, type TokenMethod, type TokenPorts } from "../token-method.ts";
import { type CompiledOAuth2, compileOAuth2 } from "./compile-oauth2.ts";
import { refreshTokens, requestTokens } from "./obtain-tokens.ts";

/** An `oauth2` method with what the authorization flow needs of it. */
export interface OAuth2Method extends TokenMethod {
  readonly oauth2: CompiledOAuth2;
}

/** Tells whether a compiled method is an `oauth2` one. */
export function isOAuth2Method(method: AuthMethod): method is OAuth2Method {
  return method.type === "oauth2" && "oauth2" in method;
}

/** Makes the compiler of `oauth2` (definition 3.2). */
export function createOAuth2Compiler(ports: TokenPorts): AuthMethodCompiler {
  return {
    type: "oauth2",
    compile(definition, templates) {
      if (definition.type !== "oauth2") throw new TypeError("not an oauth2 definition");
      const oauth2 = compileOAuth2(definition, templates);
      return Object.freeze({ ...createTokenMethod(tokenKind(oauth2), ports), oauth2 });
    },
  };
}

function tokenKind(oauth2: CompiledOAuth2) {
  const needsPerson = oauth2.grant === "authorizationCode" || oauth2.grant === "deviceCode";
  return {
    type: "oauth2",
    name: oauth2.name,
    connector: oauth2.connector,
    uses: oauth2.uses,
    apply: oauth2.apply,
    hasValues: oauth2.hasValues,
    reacquires: !needsPerson,
    rotates: true,
    ...(oauth2.imported && { margins: importedMargins }),
    canRenew: (tokens: TokenSet | null) =>
      !needsPerson || (tokens !== null && (tokens.refreshToken !== null || oauth2.renewsByRequest)),
    async obtain(row, session, signal) {
      const { tokens } = row;
      const { grant } = oauth2;
      if (tokens !== null && needsPerson) return refreshTokens(oauth2, session, signal, tokens);
      if (tokens === null || grant !== "password" || tokens.refreshToken === null) {
        return requestTokens(oauth2, session, signal);
      }
      try {
        return await refreshTokens(oauth2, session, signal, tokens);
      } catch (error) {
        // The password still is what it was, so a refused refresh token only means to log in again.
        if (error instanceof TokenError && error.outcome === "needs-authorization") {
          return requestTokens(oauth2, session, signal);
        }
        throw error;
      }
    },
  } satisfies Parameters<typeof createTokenMethod>[0];
}
