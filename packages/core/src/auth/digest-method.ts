import { randomBytes } from "node:crypto";
import { authMethodId } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import { renderValue } from "../templates/render-value.ts";
import type { AuthChallenge, AuthMethodCompiler, AuthSession } from "./auth-method.ts";
import { answerDigest, type DigestChallenge, parseDigestChallenge } from "./digest-response.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { type OutgoingRequest, setHeader } from "./outgoing-request.ts";
import { recordUses } from "./record-uses.ts";
import { bodyBytes } from "./request-body.ts";

/** A nonce in use, with how often it was used: it serves all calls of a credential until the server names another. */
interface NonceInUse {
  readonly challenge: DigestChallenge;
  count: number;
}

/** Most credentials whose nonce is remembered; the oldest makes room. */
const capacity = 10_000;

/** Compiles `digest` (RFC 7616): the first call is challenged, later ones answer the remembered nonce at once. */
export const digestCompiler: AuthMethodCompiler = {
  type: "digest",
  compile(definition, given) {
    if (definition.type !== "digest") throw new TypeError("not a digest definition");
    const templates = recordUses(given);
    const username = templates.value(definition.username, "/username");
    const password = templates.value(definition.password, "/password");
    const nonces = new Map<string, NonceInUse>();
    return createFixedMethod({
      type: definition.type,
      name: authMethodId(definition),
      uses: templates.uses(),
      apply(request: OutgoingRequest, session: AuthSession): undefined {
        const used = nonces.get(nonceKey(request.url, session));
        // Kept for `answerChallenge`, which is not told the request.
        session.state = {
          url: request.url,
          challenged: (session.state as DigestState | undefined)?.challenged ?? false,
        };
        if (used === undefined) return undefined;
        used.count += 1;
        const user = renderValue(username, session.scope);
        const secret = renderValue(password, session.scope);
        if (typeof user !== "string" || typeof secret !== "string") {
          throw new ConnectorError("SIGNING_FAILED", "The user name or the password is absent.", {
            hint: "Fill in the connection's parameters.",
          });
        }
        session.redact(secret);
        const { pathname, search } = new URL(request.url);
        const answer = answerDigest(used.challenge, {
          method: request.method,
          uri: `${pathname}${search}`,
          username: user,
          password: secret,
          nonceCount: used.count,
          cnonce: randomBytes(16).toString("base64url"),
          ...(used.challenge.qop === "auth-int" && { body: bodyBytes(request) }),
        });
        setHeader(request, "Authorization", answer);
      },
      answerChallenge(challenge: AuthChallenge, session: AuthSession) {
        const state = session.state as DigestState | undefined;
        const header = challenge.headers["www-authenticate"];
        const found = parseDigestChallenge(typeof header === "string" ? [header] : (header ?? []));
        if (state === undefined || found === undefined) return false;
        // A second challenge means that the password is wrong, unless it says that only the nonce was old.
        if (state.challenged && !found.stale) return false;
        if (nonces.size >= capacity) nonces.delete(nonces.keys().next().value ?? "");
        nonces.set(nonceKey(state.url, session), { challenge: found, count: 0 });
        session.state = { ...state, challenged: true };
        return true;
      },
    });
  },
};

interface DigestState {
  readonly url: string;
  readonly challenged: boolean;
}

function nonceKey(url: string, session: AuthSession): string {
  const { connection, workspace, userId } = session;
  const account = connection === null ? workspace.id : `${connection.record.id}@${connection.record.version}`;
  return `${account}/${userId ?? ""} ${new URL(url).origin}`;
}
