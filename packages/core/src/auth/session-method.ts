import { authMethodId, type SessionAuth } from "@junctor/sdk";
import {
  type CompiledCredentialStep,
  compileCredentialSteps,
  runCredentialSteps,
} from "../credentials/credential-steps.ts";
import { judgeAnswer } from "../credentials/judge-answer.ts";
import { TokenError } from "../credentials/token-error.ts";
import { type CompiledTokenReading, compileTokenReading, readTokens } from "../credentials/token-reading.ts";
import { connectionWith } from "../credentials/token-request.ts";
import { makeTokenSet, type TokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import { type CompiledApply, compileApply } from "./apply-credential.ts";
import type { AuthMethodCompiler, AuthSession, AuthTemplates } from "./auth-method.ts";
import { recordUses } from "./record-uses.ts";
import { createTokenMethod, type TokenPorts } from "./token-method.ts";

/** A session is taken to last this long when the login does not say. */
const silentLifetimeMs = 3_300_000;
const maxSteps = 3;

interface CompiledSession {
  readonly name: string;
  readonly connector: string;
  readonly login: readonly CompiledCredentialStep[];
  readonly refresh: readonly CompiledCredentialStep[] | null;
  readonly token: CompiledTokenReading;
  readonly apply: CompiledApply | null;
  readonly hasValues: boolean;
  readonly uses: TemplateUses;
  readonly allowsHost: AuthTemplates["allowsHost"];
}

/** Makes the compiler of `session` (definition 3.1): a login of one to three calls whose answer holds the credential. */
export function createSessionCompiler(ports: TokenPorts): AuthMethodCompiler {
  return {
    type: "session",
    compile(definition, given) {
      if (definition.type !== "session") throw new TypeError("not a session definition");
      const session = compileSession(definition, given);
      return createTokenMethod(
        {
          type: "session",
          name: session.name,
          connector: session.connector,
          uses: session.uses,
          apply: session.apply,
          hasValues: session.hasValues,
          reacquires: true,
          rotates: session.refresh !== null,
          canRenew: () => true,
          obtain: (row, call, signal) => openSession(session, row.tokens, call, signal),
        },
        ports,
      );
    },
  };
}

function compileSession(definition: SessionAuth, given: AuthTemplates): CompiledSession {
  const templates = recordUses(given);
  for (const name of ["login", "refresh"] as const) {
    const count = definition[name]?.length ?? 1;
    if (count >= 1 && count <= maxSteps) continue;
    throw new ConnectorError("DEFINITION_INVALID", `A ${name} has one to ${maxSteps} steps, this one has ${count}.`, {
      details: [{ pointer: `/${name}`, message: `Between 1 and ${maxSteps} steps.` }],
    });
  }
  return Object.freeze({
    name: authMethodId(definition),
    connector: templates.connector,
    login: compileCredentialSteps(definition.login, templates, "/login", []),
    refresh:
      definition.refresh === undefined
        ? null
        : compileCredentialSteps(definition.refresh, templates, "/refresh", ["oauth"]),
    token: compileTokenReading(definition.token, templates, "/token"),
    apply: compileApply(definition.apply, templates, ["token"]),
    hasValues: definition.token.values !== undefined,
    uses: templates.uses(),
    allowsHost: given.allowsHost,
  });
}

/** Renews by the refresh steps where there are some and they work, else logs in. */
async function openSession(
  compiled: CompiledSession,
  known: TokenSet | null,
  session: AuthSession,
  signal: AbortSignal,
): Promise<TokenSet> {
  if (compiled.refresh === null || known === null) return runLogin(compiled, compiled.login, null, session, signal);
  try {
    return await runLogin(compiled, compiled.refresh, known, session, signal);
  } catch (error) {
    // An ended session cannot be renewed, but the login's own credentials still are what they were.
    if (!(error instanceof TokenError) || error.outcome === "temporary") throw error;
    return runLogin(compiled, compiled.login, null, session, signal);
  }
}

async function runLogin(
  compiled: CompiledSession,
  steps: readonly CompiledCredentialStep[],
  known: TokenSet | null,
  session: AuthSession,
  signal: AbortSignal,
): Promise<TokenSet> {
  const oauth = { accessToken: known?.accessToken, refreshToken: known?.refreshToken ?? undefined };
  const scope = bindRoots(session.scope, { connection: connectionWith(session, known?.values ?? {}), oauth });
  const what = known === null ? "login" : "session refresh";
  const ran = await runCredentialSteps(steps, scope, session, { what, signal, allowsHost: compiled.allowsHost });
  if (ran.last === undefined) {
    throw new TokenError(`Every step of the ${what} was skipped.`, { outcome: "misconfigured" });
  }
  for (const secret of ran.secrets) session.redact(secret);
  const read = readTokens(
    compiled.token,
    ran.last,
    bindRoots(scope, { response: ran.last, steps: ran.steps }),
    session,
  );
  const failure = judgeAnswer(ran.last, {
    what,
    presentsGrant: false,
    stated: read.error,
    hasToken: read.accessToken !== undefined || ran.last.status < 400,
    secrets: ran.secrets,
  });
  if (failure !== undefined && read.accessToken === undefined) throw failure;
  if (read.error !== undefined && failure !== undefined) throw failure;
  if (read.accessToken === undefined) {
    throw new TokenError(`${ran.last.host} answered the ${what} without the credential that "token" names.`, {
      outcome: "misconfigured",
      hint: 'Look at "token.accessToken" in the definition and at the answer of the login.',
    });
  }
  return makeTokenSet({
    accessToken: read.accessToken,
    refreshToken: read.refreshToken ?? known?.refreshToken ?? null,
    expiresAt: read.expiresAt ?? ran.last.sentAt + silentLifetimeMs,
    refreshExpiresAt: read.refreshExpiresAt ?? null,
    obtainedAt: ran.last.sentAt,
    values: { ...known?.values, ...read.values },
  });
}
