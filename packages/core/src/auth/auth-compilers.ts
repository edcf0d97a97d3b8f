import { apiKey } from "./api-key.ts";
import type { AuthMethodCompiler } from "./auth-method.ts";
import { awsSigV4Compiler } from "./aws-sig-v4-method.ts";
import { basic } from "./basic.ts";
import { bearer } from "./bearer.ts";
import { digestCompiler } from "./digest-method.ts";
import { hmacCompiler } from "./hmac-method.ts";
import { jwtCompiler } from "./jwt-method.ts";
import { none } from "./none.ts";
import { oauth1Compiler } from "./oauth1-method.ts";
import { createOAuth2Compiler } from "./oauth2/oauth2-method.ts";
import { createSessionCompiler } from "./session-method.ts";
import type { TokenPorts } from "./token-method.ts";

/** Lists every auth method of definition 3.1 but `code`, for `EnginePorts.authMethods` and for sessions outside of calls. */
export function createAuthCompilers(ports: TokenPorts): readonly AuthMethodCompiler[] {
  return [
    none,
    apiKey,
    basic,
    bearer,
    jwtCompiler,
    hmacCompiler,
    awsSigV4Compiler,
    digestCompiler,
    oauth1Compiler,
    createOAuth2Compiler(ports),
    createSessionCompiler(ports),
  ];
}
