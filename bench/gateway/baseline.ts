/**
 * The same steps as the bench connector's actions, written by hand with Fastify and undici, in this one file:
 *
 *   POST /pass              ─► key ─► upstream with two headers added ─► the upstream's bytes
 *   POST …/createOrder/…    ─► key ─► JSON ─► validate ─► body, path and headers ─► upstream ─► JSON ─► reshape ─► answer
 *   POST …/cached/…         ─► key ─► JSON ─► validate ─► what is kept and fresh ─► answer
 *   POST …/cachedAndShaped/… ─► the same ─► reshape ─► leave out what is not declared ─► answer
 *                                                                     each └─► record, in batches
 *
 * It does what someone would write who knows both libraries well and needs exactly this: no engine, no templates, no policy.
 */
import { hash, randomUUID, timingSafeEqual } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fastify } from "fastify";
import pg from "pg";
import { Pool } from "undici";
import { BENCH_KEY } from "./bench-connector.ts";
import { UPSTREAM_CLIENT, UPSTREAM_TOKEN } from "./payload.ts";

const { PORT, UPSTREAM_PORT, DATABASE_URL } = process.env;

interface OrderInput {
  readonly isbn: string;
  readonly quantity: number;
  readonly note?: string;
}

interface UpstreamOrder {
  readonly order: {
    readonly id: number;
    readonly status: string;
    readonly total: { readonly amount: number; readonly currency: string };
    readonly lines: ReadonlyArray<{
      readonly isbn: string;
      readonly title: string;
      readonly quantity: number;
      readonly price: number;
    }>;
    readonly buyer: { readonly email: string; readonly name: string };
    readonly note: string;
  };
}

const validate = new Ajv2020({ useDefaults: true }).compile<{ input: OrderInput; connection: string }>({
  type: "object",
  required: ["input"],
  additionalProperties: false,
  properties: {
    connection: { type: "string", minLength: 1 },
    input: {
      type: "object",
      required: ["isbn"],
      additionalProperties: false,
      properties: {
        isbn: { type: "string" },
        quantity: { type: "integer", minimum: 1, default: 1 },
        note: { type: "string" },
      },
    },
  },
});

const validateKeptCall = new Ajv2020().compile<{ connection: string }>({
  type: "object",
  additionalProperties: false,
  properties: { connection: { type: "string", minLength: 1 } },
});

function reshape({ order }: UpstreamOrder) {
  return {
    id: order.id,
    status: order.status,
    total: `${order.total.amount} ${order.total.currency}`,
    buyer: order.buyer.name,
    lines: order.lines.map((line) => ({ isbn: line.isbn, title: line.title, quantity: line.quantity })),
    note: order.note,
  };
}

// ---------------------------------------------------------------- who calls
const keyHash = Buffer.from(hash("sha256", BENCH_KEY, "hex"));

function isKnown(authorization: string | undefined): boolean {
  if (authorization === undefined || !authorization.startsWith("Bearer ")) return false;
  const given = Buffer.from(hash("sha256", authorization.slice(7), "hex"));
  return given.length === keyHash.length && timingSafeEqual(given, keyHash);
}

// ---------------------------------------------------------------- the upstream
const upstream = new Pool(`http://127.0.0.1:${UPSTREAM_PORT}`, {
  connections: 256,
  headersTimeout: 15_000,
  bodyTimeout: 15_000,
});
const authorization = `Bearer ${UPSTREAM_TOKEN}`;
const passHeaders = ["authorization", authorization, "x-client", UPSTREAM_CLIENT];

// ---------------------------------------------------------------- records
type Row = readonly [string, string, string, number, number, string];

function record(action: string, executionId: string, requestId: string, durationMs: number, status: number): void {
  if (database !== undefined) rows.push([executionId, requestId, new Date().toISOString(), durationMs, status, action]);
}

const database = DATABASE_URL === undefined ? undefined : new pg.Pool({ connectionString: DATABASE_URL, max: 4 });
let rows: Row[] = [];

async function prepareRecords(): Promise<void> {
  await database?.query(`create table if not exists bench_executions (
    workspace_id text collate "C" not null, id text collate "C" not null, request_id text not null, connector text not null,
    connector_version text not null, action text not null, connection_id text, surface text not null, caller_kind text not null,
    caller_id text, started_at timestamptz(3) not null, duration_ms double precision not null, outcome text not null,
    error_code text, error_stage text, upstream_status integer, attempts integer not null, cache text, primary key (workspace_id, id))`);
  setInterval(() => void writeRecords(), 250).unref();
}

async function writeRecords(): Promise<void> {
  if (database === undefined || rows.length === 0) return;
  const batch = rows;
  rows = [];
  await database.query(
    `insert into bench_executions
     select 'default', id, request_id, 'bench', '1.0.0', action, 'connection', 'rest', 'service', 'key', started_at::timestamptz,
            duration_ms, 'succeeded', null, null, upstream_status, 1, null
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::int[], $6::text[])
       as r (id, request_id, started_at, duration_ms, upstream_status, action)`,
    [
      batch.map((r) => r[0]),
      batch.map((r) => r[1]),
      batch.map((r) => r[2]),
      batch.map((r) => r[3]),
      batch.map((r) => r[4]),
      batch.map((r) => r[5]),
    ],
  );
}

// ---------------------------------------------------------------- routes
const app = fastify({
  logger: false,
  bodyLimit: 1_048_576,
  genReqId: (request) => String(request.headers["x-request-id"] ?? randomUUID()),
});

app.post("/pass", (request, reply) => {
  const started = performance.now();
  let upstreamStatus = 0;
  if (!isKnown(request.headers.authorization)) return reply.code(401).send();
  reply.hijack();
  const { raw } = reply;
  const chunks: Buffer[] = [];
  upstream.dispatch(
    { method: "GET", path: "/orders/4711", headers: passHeaders },
    {
      onConnect() {},
      onHeaders(status, headers) {
        const kept: string[] = ["x-request-id", request.id];
        for (let i = 0; i < headers.length; i += 2) {
          const name = headers[i]?.toString("latin1").toLowerCase() ?? "";
          if (name !== "connection" && name !== "keep-alive" && name !== "transfer-encoding") {
            kept.push(name, headers[i + 1]?.toString("latin1") ?? "");
          }
        }
        upstreamStatus = status;
        raw.writeHead(status, kept);
        return true;
      },
      onData(chunk) {
        chunks.push(chunk);
        return true;
      },
      onComplete() {
        raw.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
        record("pass", randomUUID(), request.id, performance.now() - started, upstreamStatus);
      },
      onError() {
        raw.destroy();
      },
    },
  );
});

app.post("/v1/connectors/bench/actions/createOrder/execute", async (request, reply) => {
  const started = performance.now();
  reply.header("x-request-id", request.id);
  if (!isKnown(request.headers.authorization)) return reply.code(401).send();
  const call = request.body;
  if (!validate(call)) return reply.code(422).send(validate.errors);
  const { input } = call;

  const sentAt = performance.now();
  const { statusCode, body } = await upstream.request({
    method: "POST",
    path: `/orders/${encodeURIComponent(input.isbn)}`,
    headers: {
      "content-type": "application/json",
      authorization,
      "x-client": UPSTREAM_CLIENT,
      "x-quantity": String(input.quantity),
    },
    body: JSON.stringify({ book: input.isbn, quantity: input.quantity, note: input.note }),
  });
  const text = await body.text();
  if (statusCode !== 200) return reply.code(502).send();
  const answeredAt = performance.now();
  const output = reshape(JSON.parse(text) as UpstreamOrder);
  const shapedAt = performance.now();

  const durationMs = performance.now() - started;
  const executionId = randomUUID();
  record("createOrder", executionId, request.id, durationMs, statusCode);
  const answer = JSON.stringify({
    output,
    meta: {
      requestId: request.id,
      executionId,
      connector: "bench",
      version: "1.0.0",
      action: "createOrder",
      connection: "connection",
      durationMs,
      attempts: 1,
      upstreamStatus: statusCode,
      cache: null,
      timing: { externalMs: answeredAt - sentAt, cacheMs: 0, transformMs: shapedAt - answeredAt },
      status: 200,
    },
  });
  return reply.header("content-type", "application/json; charset=utf-8").send(answer);
});

// ---------------------------------------------------------------- answers that are kept
interface Kept {
  readonly text: string;
  readonly order: UpstreamOrder;
  readonly status: number;
  readonly freshUntil: number;
}

const kept = new Map<string, Kept>();

async function readKept(path: string): Promise<Kept> {
  const present = kept.get(path);
  if (present !== undefined && present.freshUntil > Date.now()) return present;
  const { statusCode, body } = await upstream.request({ method: "GET", path, headers: passHeaders });
  const text = await body.text();
  const fresh = {
    text,
    order: JSON.parse(text) as UpstreamOrder,
    status: statusCode,
    freshUntil: Date.now() + 3_600_000,
  };
  kept.set(path, fresh);
  return fresh;
}

/** The shaped answer with the members that the action declares, as JSON. */
function writeDeclared(order: UpstreamOrder): string {
  const { note: _undeclared, ...declared } = reshape(order);
  return JSON.stringify(declared);
}

for (const action of ["cached", "cachedAndShaped"]) {
  app.post(`/v1/connectors/bench/actions/${action}/execute`, async (request, reply) => {
    const started = performance.now();
    reply.header("x-request-id", request.id);
    if (!isKnown(request.headers.authorization)) return reply.code(401).send();
    if (!validateKeptCall(request.body)) return reply.code(422).send(validateKeptCall.errors);
    const found = await readKept("/orders/4711");
    const cachedAt = performance.now();
    const output = action === "cached" ? found.text : writeDeclared(found.order);
    const shapedAt = performance.now();

    const durationMs = performance.now() - started;
    const executionId = randomUUID();
    record(action, executionId, request.id, durationMs, found.status);
    const meta = JSON.stringify({
      requestId: request.id,
      executionId,
      connector: "bench",
      version: "1.0.0",
      action,
      connection: "connection",
      durationMs,
      attempts: 0,
      upstreamStatus: null,
      cache: "hit",
      timing: { externalMs: 0, cacheMs: cachedAt - started, transformMs: shapedAt - cachedAt },
      status: 200,
    });
    return reply.header("content-type", "application/json; charset=utf-8").send(`{"output":${output},"meta":${meta}}`);
  });
}

await prepareRecords();
await app.listen({ port: Number(PORT), host: "127.0.0.1", backlog: 1024 });
process.on("SIGTERM", () => process.exit(0));
