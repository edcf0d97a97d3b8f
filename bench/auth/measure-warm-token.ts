import {
  compileConnector,
  createAuthCompilers,
  createEngine,
  createTokenKeeper,
  digestDefinition,
  type Engine,
  type HttpPort,
  type JsonObject,
  makeTokenSet,
  type OpenConnection,
  processClock,
  type Sealer,
  type Stores,
  type TokenSet,
  writeTokenSet,
} from "@junctor/core";

/** What a warm credential of one kind adds to a call. */
export interface WarmTokenRow {
  readonly method: string;
  /** CPU time of the whole call in this process, in microseconds: the network is replaced by a function. */
  readonly callMicros: number;
  /** What it adds over the same call without a credential: median of the rounds' differences. */
  readonly addedMicros: number;
  /** Statements that the warm calls made, all of them together. */
  readonly statements: number;
}

const methods: Readonly<Record<string, JsonObject | null>> = {
  none: null,
  bearer: { type: "bearer", token: "{{ connection.token }}" },
  "oauth2, authorization code": {
    type: "oauth2",
    grant: "authorizationCode",
    authorizationUrl: "https://idp.example/authorize",
    tokenUrl: "https://idp.example/token",
    clientId: "client",
    clientAuthentication: "none",
  },
  "oauth2, client credentials": {
    type: "oauth2",
    grant: "clientCredentials",
    tokenUrl: "https://idp.example/token",
    clientId: "client",
    clientSecret: "{{ connection.token }}",
  },
};

/**
 * Measures warm calls of one engine with each method, alternating, in this process: no socket, no database. Each statement
 * that any store is asked for is counted.
 */
export async function measureWarmToken(options: {
  readonly rounds: number;
  readonly callsPerRound: number;
}): Promise<readonly WarmTokenRow[]> {
  const subjects = await Promise.all(Object.entries(methods).map(([name, method]) => prepare(name, method)));
  for (const subject of subjects) await run(subject, options.callsPerRound);
  for (const subject of subjects) subject.statements.count = 0;
  const rounds: number[][] = subjects.map(() => []);
  for (let round = 0; round < options.rounds; round++) {
    for (const [index, subject] of subjects.entries()) rounds[index]?.push(await run(subject, options.callsPerRound));
  }
  const base = rounds[0] ?? [];
  return subjects.map((subject, index) => {
    const own = rounds[index] ?? [];
    return {
      method: subject.name,
      callMicros: median(own),
      addedMicros: median(own.map((value, round) => value - (base[round] ?? Number.NaN))),
      statements: subject.statements.count,
    };
  });
}

interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly hasConnection: boolean;
  readonly statements: { count: number };
}

async function run({ engine, hasConnection }: Subject, calls: number): Promise<number> {
  const call = {
    workspace: { id: "w", name: "w" },
    caller: { kind: "service" as const, id: "k", scopes: ["execute"] },
    requestId: "r",
    surface: "bench",
    connector: "bench",
    action: "read",
    input: {},
    ...(hasConnection && { connection: "main" }),
  };
  const before = process.cpuUsage();
  for (let index = 0; index < calls; index++) await engine.execute(call);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / calls;
}

async function prepare(name: string, method: JsonObject | null): Promise<Subject> {
  const statements = { count: 0 };
  const stores = countingStores(statements);
  const definition = {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "bench",
    title: "Bench",
    version: "1.0.0",
    baseUrl: "https://api.example",
    connection: {
      parameters: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
      auth: method === null ? [] : [method],
    },
    actions: { read: { request: { path: "/things" } } },
  };
  const version = { definition, digest: digestDefinition(definition) };
  compileConnector(version);
  const record = {
    ...version,
    workspaceId: "w",
    name: "bench",
    version: "1.0.0",
    state: "published" as const,
    source: { kind: "api" as const, locked: false },
    createdAt: "",
    publishedAt: "",
  };
  const connection = openConnection(String(method?.type ?? "none"));
  const keeper = createTokenKeeper({ leases: stores.leases, ephemeral: stores.ephemeral, clock: processClock });
  const engine = createEngine({
    http: tokenAndApi(),
    connectors: { peek: () => record, load: async () => record, invalidate: () => undefined },
    connections: { peek: () => connection, load: async () => connection, invalidate: () => undefined },
    secrets: { peek: () => null, load: async () => null, invalidate: () => undefined },
    variables: { peek: () => null, load: async () => null, invalidate: () => undefined },
    executions: { record: () => undefined },
    rateLimits: stores.rateLimits,
    authMethods: createAuthCompilers({
      keeper,
      connections: stores.connections,
      ephemeral: stores.ephemeral,
      sealer: openSealer,
    }),
  });
  return { name, engine, hasConnection: method !== null, statements };
}

function openConnection(authMethod: string): OpenConnection {
  const tokens: TokenSet = makeTokenSet({
    accessToken: "a-warm-access-token",
    refreshToken: "a-refresh-token",
    obtainedAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
  });
  return {
    record: {
      id: "c",
      workspaceId: "w",
      connector: "bench",
      name: "main",
      owner: { kind: "workspace" },
      authMethod,
      environment: null,
      parameters: {},
      sealedParameters: "",
      sealedCredential: "",
      version: 1,
      status: "active",
      statusReason: null,
      label: null,
      expiresAt: null,
      createdAt: "",
      updatedAt: "",
    },
    parameters: {},
    secretParameters: { token: "a-bearer-token" },
    credential: writeTokenSet(tokens),
  };
}

/** The first token of client credentials is asked for and stored, as in production; measured is what comes after. */
function tokenAndApi(): HttpPort {
  const token = JSON.stringify({ access_token: "a-warm-access-token", expires_in: 3_600 });
  return {
    async request({ url }) {
      const text = url.endsWith("/token") ? token : '{"ok":true}';
      const bytes = Buffer.from(text);
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        url,
        redirect: undefined,
        body: {
          bytes: async () => bytes,
          text: async () => text,
          stream: () => one(bytes),
          discard: () => undefined,
        },
      };
    },
    target: (url) => ({ origin: url }),
    dispatch() {
      throw new Error("The bench passes nothing through.");
    },
    checkRedirect() {
      throw new Error("The bench is never redirected.");
    },
    checkUrl: () => ({ kind: "allowed" }),
  };
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Stores in memory in which every statement counts. */
function countingStores(statements: {
  count: number;
}): Pick<Stores, "connections" | "ephemeral" | "leases" | "rateLimits"> {
  const counted = async <Value>(value: Value): Promise<Value> => {
    statements.count += 1;
    return value;
  };
  let record = { ...openConnection("oauth2").record, sealedCredential: null as string | null };
  return {
    connections: {
      create: () => counted(undefined),
      get: () => counted(record),
      find: () => counted(record),
      list: () => counted([]),
      update: (_workspace, _id, version, change) => {
        record = { ...record, ...change, version: version + 1 };
        return counted(record);
      },
      delete: () => counted(true),
    },
    ephemeral: {
      put: () => counted(undefined),
      get: () => counted(undefined),
      take: () => counted(undefined),
      list: () => counted([]),
      delete: () => counted(undefined),
      deleteExpired: () => counted(0),
    },
    leases: { acquire: () => counted(1), release: () => counted(undefined) },
    rateLimits: {
      lease: (_key, _limit, windowMs, count) => counted({ granted: count, resetAt: Date.now() + windowMs }),
      observe: () => counted(undefined),
    },
  };
}

/** Sealing is measured elsewhere; a warm call neither seals nor opens. */
const openSealer: Sealer = {
  seal: async (_workspace, _purpose, value) => JSON.stringify(value),
  open: async (_workspace, _purpose, sealed) => JSON.parse(sealed),
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
