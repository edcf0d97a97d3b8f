import { beforeEach, describe, expect, test } from "vitest";
import type { ConnectionRecord } from "../ports/records.ts";
import type { Clock } from "../ports/sources.ts";
import { createMemoryCredentialStores, type MemoryCredentialStores } from "../testkit/memory-credential-stores.ts";
import { connectionPlace, credentialPurpose } from "./connection-place.ts";
import type { CredentialEvent } from "./credential-events.ts";
import { TokenError } from "./token-error.ts";
import { createTokenKeeper, type TokenKeeper } from "./token-keeper.ts";
import type { TokenJob, TokenPlace, TokenRow } from "./token-place.ts";
import { makeTokenSet, readTokenSet, type TokenSet, writeTokenSet } from "./token-set.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const hour = 3_600_000;

/** A clock that moves when told to, and whose sleeps move it. */
function makeClock(): Clock & { at: number } {
  let id = 0;
  const clock = {
    at: start,
    now: () => clock.at,
    sleep: async (ms: number) => {
      clock.at += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0.5,
    newId: () => `id-${++id}`,
  };
  return clock;
}

/** A token server with rotation: each refresh token works once, and reuse ends the family. */
function makeServer(clock: Clock) {
  const server = {
    current: "refresh-1",
    revoked: false,
    calls: 0,
    next: undefined as undefined | (() => Promise<void>),
    lifetimeMs: hour,
    async refresh(refreshToken: string | null): Promise<TokenSet> {
      server.calls += 1;
      await server.next?.();
      if (server.revoked || refreshToken !== server.current) {
        server.revoked = true;
        throw new TokenError("The token endpoint refused the refresh token.", {
          outcome: "needs-authorization",
          serverCode: "invalid_grant",
        });
      }
      server.current = `refresh-${server.calls + 1}`;
      return tokenSet(`access-${server.calls + 1}`, server.current, clock.now(), server.lifetimeMs);
    },
  };
  return server;
}

function tokenSet(accessToken: string, refreshToken: string | null, obtainedAt: number, lifetime: number): TokenSet {
  return makeTokenSet({ accessToken, refreshToken, obtainedAt, expiresAt: obtainedAt + lifetime });
}

let clock: ReturnType<typeof makeClock>;
let stores: MemoryCredentialStores;
let server: ReturnType<typeof makeServer>;
let place: TokenPlace;
let job: TokenJob;
let events: CredentialEvent[];

function makeKeeper(): TokenKeeper {
  return createTokenKeeper({
    leases: stores.leases,
    ephemeral: stores.ephemeral,
    clock,
    onEvent: (event) => events.push(event),
  });
}
async function load(): Promise<TokenRow> {
  const row = await place.load();
  if (row === undefined) throw new Error("no row");
  return row;
}
const request = async () => ({ place, job, row: await load(), inputs: null, signal: undefined });
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(async () => {
  clock = makeClock();
  stores = createMemoryCredentialStores(clock);
  server = makeServer(clock);
  events = [];
  const tokens = tokenSet("access-1", "refresh-1", start, hour);
  stores.rows.set("c1", {
    id: "c1",
    workspaceId: "w1",
    connector: "books",
    name: "main",
    owner: { kind: "workspace" },
    authMethod: "oauth2",
    environment: null,
    parameters: {},
    sealedParameters: null,
    sealedCredential: await stores.sealer.seal("w1", credentialPurpose("c1"), writeTokenSet(tokens)),
    version: 1,
    status: "active",
    statusReason: null,
    label: null,
    expiresAt: null,
    createdAt: "",
    updatedAt: "",
  } satisfies ConnectionRecord);
  place = connectionPlace("w1", "c1", stores);
  job = {
    rotates: true,
    canRenew: (known) => known?.refreshToken != null,
    obtain: (row) => server.refresh(row.tokens?.refreshToken ?? null),
  };
});

describe("keeper: while the token is good", () => {
  test("a fresh token is given at once, without a statement", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    const before = stores.statements.count;
    expect(keeper.tokens(asked)).toMatchObject({ accessToken: "access-1" });
    expect(keeper.tokens({ ...asked, row: null })).toMatchObject({ accessToken: "access-1" });
    expect(stores.statements.count).toBe(before);
  });
  test("a stale token is still given, and renewed in the background (R7)", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    clock.at = start + hour - 240_000;
    expect(keeper.tokens(asked)).toMatchObject({ accessToken: "access-1" });
    await settle();
    expect(keeper.tokens(asked)).toMatchObject({ accessToken: "access-2" });
    expect(server.calls).toBe(1);
  });
  test("a failing background renewal is not noticed by calls, backs off and tells (R9)", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    server.next = async () => {
      throw new TokenError("unreachable", { outcome: "temporary" });
    };
    clock.at = start + hour - 240_000;
    for (let call = 0; call < 5; call++) {
      expect(keeper.tokens(asked)).toMatchObject({ accessToken: "access-1" });
      await settle();
    }
    expect(server.calls).toBe(1);
    expect(events).toMatchObject([{ type: "renewal-failed", outcome: "temporary", reason: "unreachable" }]);
    expect(stores.rows.get("c1")).toMatchObject({ status: "expiring", statusReason: "unreachable" });
  });
});

describe("keeper: when the token has ended", () => {
  beforeEach(() => {
    clock.at = start + hour;
  });
  test("calls wait for one renewal, however many they are (R1)", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    const given = await Promise.all(Array.from({ length: 50 }, () => keeper.tokens(asked)));
    expect(new Set(given.map((tokens) => tokens.accessToken))).toEqual(new Set(["access-2"]));
    expect(server.calls).toBe(1);
  });
  test("several replicas renew once (R2, R3)", async () => {
    const replicas = Array.from({ length: 8 }, makeKeeper);
    const asked = await request();
    const given = await Promise.all(replicas.map((keeper) => keeper.tokens(asked)));
    expect(new Set(given.map((tokens) => tokens.accessToken))).toEqual(new Set(["access-2"]));
    expect(server.calls).toBe(1);
    expect(await load()).toMatchObject({ version: 2, tokens: { refreshToken: "refresh-2" }, status: "active" });
  });
  test("the rotated refresh token is stored before the access token is given (R8)", async () => {
    const tokens = await makeKeeper().tokens(await request());
    expect((await load()).tokens).toMatchObject({ accessToken: tokens.accessToken, refreshToken: "refresh-2" });
    expect([...stores.entries.keys()]).toEqual([]);
  });
  test("a temporary failure leaves the credential as it is and fails fast until the pause is over", async () => {
    const keeper = makeKeeper();
    server.next = async () => {
      throw new TokenError("unreachable", { outcome: "temporary" });
    };
    const asked = await request();
    await expect(keeper.tokens(asked)).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", retryable: true });
    const again = await request();
    await expect(keeper.tokens(again)).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", retryAfter: 1 });
    expect(server.calls).toBe(1);
    expect((await load()).tokens).toMatchObject({ accessToken: "access-1", refreshToken: "refresh-1" });
    server.next = undefined;
    clock.at += 2_000;
    expect(await keeper.tokens(again)).toMatchObject({ accessToken: "access-3" });
  });
  test("invalid_grant marks the connection and keeps its tokens (R5, R6)", async () => {
    server.revoked = true;
    await expect(makeKeeper().tokens(await request())).rejects.toMatchObject({ code: "CONNECTION_UNUSABLE" });
    const row = await load();
    expect(row).toMatchObject({ status: "needs-authorization", tokens: { refreshToken: "refresh-1" } });
    expect(events).toMatchObject([{ type: "needs-authorization" }]);
  });
  test("a connection that needs a person is not tried again", async () => {
    server.revoked = true;
    await expect(makeKeeper().tokens(await request())).rejects.toThrow();
    await expect(makeKeeper().tokens(await request())).rejects.toMatchObject({ code: "CONNECTION_UNUSABLE" });
    expect(server.calls).toBe(1);
  });
  test("invalid_grant after a lost race adopts the winner's tokens (R5)", async () => {
    const winner = tokenSet("access-9", "refresh-9", clock.at, hour);
    server.next = async () => {
      server.current = "refresh-9";
      await place.commit((await load()).version, winner);
    };
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "access-9" });
    expect(await load()).toMatchObject({ status: "active", tokens: { refreshToken: "refresh-9" } });
  });
  test("a rename during the request does not lose the answer: compare-and-set is repeated (R4)", async () => {
    server.next = async () => {
      await stores.connections.update("w1", "c1", 1, { name: "renamed" });
    };
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "access-2" });
    expect(stores.rows.get("c1")).toMatchObject({ name: "renamed", version: 3 });
    expect((await load()).tokens?.refreshToken).toBe("refresh-2");
  });
  test("a late loser never overwrites a newer grant (R4)", async () => {
    const person = tokenSet("by-hand", "by-hand-refresh", clock.at, hour);
    server.next = async () => {
      await place.commit(1, person);
    };
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "by-hand" });
    expect((await load()).tokens?.refreshToken).toBe("by-hand-refresh");
  });
  test("without a refresh token the connection needs a person, and the reason says so", async () => {
    await place.commit(1, tokenSet("access-1", null, start, hour));
    await expect(makeKeeper().tokens(await request())).rejects.toThrow(/no refresh token/);
    expect((await load()).status).toBe("needs-authorization");
  });
  test("a deleted connection is unknown, and nothing is asked", async () => {
    const asked = await request();
    stores.rows.delete("c1");
    await expect(makeKeeper().tokens(asked)).rejects.toMatchObject({ code: "CONNECTION_UNKNOWN" });
    expect(server.calls).toBe(0);
  });
  test("a caller that goes away does not stop the renewal", async () => {
    const keeper = makeKeeper();
    const gone = new AbortController();
    const waiting = keeper.tokens({ ...(await request()), signal: gone.signal });
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    await keeper.close();
    expect((await load()).tokens?.accessToken).toBe("access-2");
  });
});

describe("keeper: a process that was held up", () => {
  test("does not present the grant when its lease may be over: it starts again and finds what another stored", async () => {
    clock.at = start + hour;
    const other = tokenSet("access-other", "refresh-other", clock.at, hour);
    let loads = 0;
    const slow: TokenPlace = {
      ...place,
      async load() {
        const row = await place.load();
        if (++loads > 1) return row;
        // Held up for a minute after it read the row; meanwhile its lease ended and another replica renewed.
        clock.at += 60_000;
        await place.commit(1, { ...other, expiresAt: clock.at + hour, obtainedAt: clock.at });
        return row;
      },
    };
    const tokens = await makeKeeper().tokens({ place: slow, job, row: await load(), inputs: null, signal: undefined });
    expect(tokens.accessToken).toBe("access-other");
    expect(server.calls).toBe(0);
    expect([...stores.entries.keys()]).toEqual([]);
  });
});

describe("keeper: crashes (R8)", () => {
  const crash = new Error("killed");
  beforeEach(() => {
    clock.at = start + hour;
  });
  /** A replica that dies at a point: what it had written stays, its lease runs out. */
  async function killAt(point: "before request" | "after answer" | "after commit"): Promise<void> {
    const dying: TokenPlace = {
      ...place,
      commit: async (version, tokens) => {
        if (point === "after answer") throw crash;
        await place.commit(version, tokens);
        throw crash;
      },
    };
    const dyingJob: TokenJob = {
      ...job,
      obtain: async (row, signal) => {
        if (point === "before request") throw crash;
        return job.obtain(row, signal);
      },
    };
    const asked = { place: dying, job: dyingJob, row: await load(), inputs: null, signal: undefined };
    await expect(makeKeeper().tokens(asked)).rejects.toBe(crash);
    clock.at += 60_000;
  }
  test("before the request: the grant is used by the next renewal", async () => {
    await killAt("before request");
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "access-2" });
    expect(await load()).toMatchObject({ status: "active", tokens: { refreshToken: "refresh-2" } });
  });
  test("after the commit: the stored tokens are used, nothing is asked", async () => {
    await killAt("after commit");
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "access-2" });
    expect(server.calls).toBe(1);
  });
  test("between answer and commit, server with leeway: nothing is lost", async () => {
    await killAt("after answer");
    server.current = "refresh-1";
    expect(await makeKeeper().tokens(await request())).toMatchObject({ accessToken: "access-3" });
  });
  test("between answer and commit, no leeway: the first call says what happened, and no other connection changes", async () => {
    await killAt("after answer");
    await expect(makeKeeper().tokens(await request())).rejects.toThrow(
      /cut off between the server's answer and its storing/,
    );
    expect(await load()).toMatchObject({ status: "needs-authorization", tokens: { refreshToken: "refresh-1" } });
    expect((await load()).statusReason).toMatch(/begun at 2026-01-01T01:00:00/);
  });
  test("an answer that never arrived leaves the journal open, so a later refusal explains itself", async () => {
    const lost: TokenJob = {
      ...job,
      obtain: async (row, signal) => {
        await job.obtain(row, signal);
        throw new TokenError("connection lost", { outcome: "temporary", inDoubt: true });
      },
    };
    await expect(makeKeeper().tokens({ ...(await request()), job: lost })).rejects.toThrow("connection lost");
    await expect(makeKeeper().tokens(await request())).rejects.toThrow(/cut off/);
  });
});

describe("keeper: a token that the upstream refused (R11)", () => {
  test("is renewed once for all calls that saw the refusal", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    const given = await Promise.all(Array.from({ length: 10 }, () => keeper.force(asked, "access-1")));
    expect(given.map((tokens) => tokens?.accessToken)).toEqual(Array(10).fill("access-2"));
    expect(server.calls).toBe(1);
  });
  test("is not renewed when another call replaced it already", async () => {
    const keeper = makeKeeper();
    await keeper.force(await request(), "access-1");
    expect(await keeper.force(await request(), "access-1")).toMatchObject({ accessToken: "access-2" });
    expect(server.calls).toBe(1);
  });
  test("is never renewed in a loop: the new one refused as well gets no second try", async () => {
    const keeper = makeKeeper();
    await keeper.force(await request(), "access-1");
    expect(await keeper.force(await request(), "access-2")).toBeNull();
    expect(server.calls).toBe(1);
  });
  test("adopts what another replica stored", async () => {
    const keeper = makeKeeper();
    const asked = await request();
    await makeKeeper().force(asked, "access-1");
    expect(await keeper.force(asked, "access-1")).toMatchObject({ accessToken: "access-2" });
    expect(server.calls).toBe(1);
  });
});

describe("keeper: idle grants and changed connections", () => {
  test("keep-alive renews a good token (R10)", async () => {
    expect(await makeKeeper().keepAlive(await request())).toMatchObject({ accessToken: "access-2" });
    expect(events.map((event) => event.type)).toEqual(["renewed", "keep-alive"]);
  });
  test("a connection that somebody authorized again replaces what is in memory", async () => {
    const keeper = makeKeeper();
    void keeper.tokens(await request());
    await place.commit(1, tokenSet("authorized-again", "r", start, hour));
    expect(keeper.tokens(await request())).toMatchObject({ accessToken: "authorized-again" });
  });
  test("the stored credential is sealed and reads back", async () => {
    const sealed = stores.rows.get("c1")?.sealedCredential ?? "";
    expect(sealed).not.toContain("refresh-1");
    expect(readTokenSet(await stores.sealer.open("w1", credentialPurpose("c1"), sealed))).toMatchObject({
      refreshToken: "refresh-1",
    });
    await expect(stores.sealer.open("w1", credentialPurpose("c2"), sealed)).rejects.toThrow();
  });
});
