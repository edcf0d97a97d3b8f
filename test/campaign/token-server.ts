import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the token server saw; the campaign's verdict is read from it. */
export interface TokenServerCounts {
  /** Most successful refreshes of one refresh token; more than 1 means that two holders used it. */
  readonly mostRefreshesPerToken: number;
  readonly refreshes: number;
  /** Refreshes that presented a token that was used before. */
  readonly reuses: number;
  /** Grants ended because of a reuse. */
  readonly revokedFamilies: number;
  readonly resourceCalls: number;
  /** Tokens that were sent although they had ended by this server's clock at that moment. */
  readonly expiredAtSend: number;
  /** Calls whose token was good when sent and had ended when the request was read: the machine was that busy. */
  readonly expiredOnArrival: number;
  /** Sends that were told of, so that none means none. */
  readonly sends: number;
  readonly unknownCalls: number;
}

/** A refresh as the server sees it before it acts; resolves when the server may go on. */
export type RefreshWatch = (refresh: {
  readonly family: string;
  readonly peerPort: number;
}) => "act" | "ignore" | "silent";

/** A token server with rotation and family revocation, and the API that its tokens open. */
export interface TokenServer {
  readonly url: string;
  readonly port: number;
  /** Starts a grant and returns its first tokens. */
  grant(family: string): { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: number };
  /**
   * Watches refreshes: `act` is the ordinary way, `ignore` takes the request without acting or answering, `silent` rotates the
   * tokens and never answers.
   */
  watch(watch: RefreshWatch): void;
  /** Takes the note of a client that it sent a token. */
  noteSend(token: string, at: number): void;
  counts(): TokenServerCounts;
  close(): Promise<void>;
}

interface Refresh {
  readonly family: string;
  uses: number;
  usedAt: number;
}

/** Starts one. Tokens live `lifetimeMs`; within `leewayMs` after its first use a refresh token works once more. */
export async function startTokenServer(options: {
  readonly lifetimeMs: number;
  readonly leewayMs: number;
}): Promise<TokenServer> {
  const state = {
    refreshTokens: new Map<string, Refresh>(),
    accessTokens: new Map<string, { readonly family: string; readonly expiresAt: number }>(),
    revoked: new Set<string>(),
    counts: {
      refreshes: 0,
      reuses: 0,
      resourceCalls: 0,
      expiredAtSend: 0,
      expiredOnArrival: 0,
      sends: 0,
      unknownCalls: 0,
    },
    watch: (() => "act") as RefreshWatch,
    ...options,
  };
  const server = createServer((request, response) => {
    if (request.url === "/token") void readForm(request).then((form) => refresh(state, form, request, response));
    else answerResource(state, request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    grant: (family) => issue(state, family),
    watch(watch) {
      state.watch = watch;
    },
    noteSend(token, at) {
      state.counts.sends += 1;
      if ((state.accessTokens.get(token)?.expiresAt ?? 0) < at) state.counts.expiredAtSend += 1;
    },
    counts: () => ({
      ...state.counts,
      mostRefreshesPerToken: Math.max(0, ...[...state.refreshTokens.values()].map(({ uses }) => uses)),
      revokedFamilies: state.revoked.size,
    }),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type State = {
  readonly refreshTokens: Map<string, Refresh>;
  readonly accessTokens: Map<string, { readonly family: string; readonly expiresAt: number }>;
  readonly revoked: Set<string>;
  readonly counts: {
    refreshes: number;
    reuses: number;
    resourceCalls: number;
    expiredAtSend: number;
    expiredOnArrival: number;
    sends: number;
    unknownCalls: number;
  };
  readonly lifetimeMs: number;
  readonly leewayMs: number;
  watch: RefreshWatch;
};

function issue(state: State, family: string) {
  const accessToken = `access-${randomBytes(16).toString("hex")}`;
  const refreshToken = `refresh-${randomBytes(16).toString("hex")}`;
  const expiresAt = Date.now() + state.lifetimeMs;
  state.accessTokens.set(accessToken, { family, expiresAt });
  state.refreshTokens.set(refreshToken, { family, uses: 0, usedAt: 0 });
  return { accessToken, refreshToken, expiresAt };
}

function refresh(state: State, form: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
  const known = state.refreshTokens.get(form.get("refresh_token") ?? "");
  const refuse = () =>
    answer(response, 400, { error: "invalid_grant", error_description: "The refresh token is not good." });
  if (known === undefined || state.revoked.has(known.family)) {
    refuse();
    return;
  }
  const decision = state.watch({ family: known.family, peerPort: request.socket.remotePort ?? 0 });
  if (decision === "ignore") return;
  if (known.uses > 0) {
    state.counts.reuses += 1;
    if (Date.now() - known.usedAt > state.leewayMs) {
      state.revoked.add(known.family);
      refuse();
      return;
    }
  } else {
    known.uses = 1;
    known.usedAt = Date.now();
  }
  state.counts.refreshes += 1;
  const issued = issue(state, known.family);
  if (decision === "silent") return;
  answer(response, 200, {
    access_token: issued.accessToken,
    refresh_token: issued.refreshToken,
    token_type: "Bearer",
    expires_in: state.lifetimeMs / 1_000,
  });
}

function answerResource(state: State, request: IncomingMessage, response: ServerResponse): void {
  state.counts.resourceCalls += 1;
  const token = state.accessTokens.get(request.headers.authorization?.replace("Bearer ", "") ?? "");
  if (token === undefined) state.counts.unknownCalls += 1;
  else if (token.expiresAt < Date.now()) state.counts.expiredOnArrival += 1;
  const good = token !== undefined && token.expiresAt >= Date.now() && !state.revoked.has(token.family);
  answer(response, good ? 200 : 401, good ? { family: token.family } : { error: "invalid_token" });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}
