import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { drawCover } from "./cover.ts";
import { openShop, type Shop } from "./shop.ts";

/** How to run the bookshop's API. */
export interface BookshopOptions {
  /** Default 4010; 0 lets the operating system choose. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The bearer token that every request must carry. */
  readonly token: string;
}

/** A running bookshop. */
export interface Bookshop {
  /** Base URL of the API, such as `http://127.0.0.1:4010/v1`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** One answered request: a status, headers and a body. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What a route gets: the parts of its path in brackets of the pattern, the query, and the request's JSON body. */
interface Request {
  readonly shop: Shop;
  readonly base: string;
  readonly part: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

const fail = (status: number, error: string): Answer => ({ status, body: { error } });

const routes: readonly [method: string, pattern: RegExp, answer: (request: Request) => Answer][] = [
  ["GET", /^\/v1\/me$/, () => ({ status: 200, body: { account: "Corner Bookshop", plan: "demo" } })],
  ["GET", /^\/v1\/books$/, listBooks],
  ["GET", /^\/v1\/books\/([^/]+)$/, getBook],
  ["GET", /^\/v1\/books\/([^/]+)\/cover$/, getCover],
  ["POST", /^\/v1\/orders$/, createOrder],
  ["GET", /^\/v1\/orders$/, listOrders],
  ["GET", /^\/v1\/orders\/([^/]+)$/, getOrder],
  ["DELETE", /^\/v1\/orders\/([^/]+)$/, cancelOrder],
];

/** Starts the bookshop's API; rejects when the port is taken. */
export async function startBookshop(options: BookshopOptions): Promise<Bookshop> {
  const host = options.host ?? "127.0.0.1";
  const shop = openShop();
  const server = createServer((request, response) => {
    handle(shop, options.token, request, response).catch(() => send(response, fail(500, "The shop failed.")));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(options.port ?? 4010, host, listening);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}/v1`, port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}

async function handle(shop: Shop, token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://bookshop");
  const text = await readText(request);
  if (!carriesToken(request, token)) {
    const refusal = fail(401, "Send the shop's token as a bearer token.");
    return send(response, { ...refusal, headers: { "www-authenticate": "Bearer" } });
  }
  const body = parseBody(text);
  if (body === undefined) return send(response, fail(400, "The body is not a JSON object."));
  const matching = routes.filter(([, pattern]) => pattern.test(url.pathname));
  const route = matching.find(([method]) => method === request.method);
  if (route === undefined) {
    return send(
      response,
      matching.length > 0 ? fail(405, "Not with this method.") : fail(404, "There is no such path."),
    );
  }
  const [, pattern, answer] = route;
  const part = decodeURIComponent(pattern.exec(url.pathname)?.[1] ?? "");
  const base = `http://${request.headers.host ?? "bookshop"}`;
  send(response, answer({ shop, base, part, query: url.searchParams, headers: request.headers, body }));
}

function carriesToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

function parseBody(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  if (Buffer.isBuffer(body)) return void response.writeHead(status, headers).end(body);
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(text),
      ...headers,
    })
    .end(text);
}

/** Pages by number; RFC 8288 `Link` headers name the next and the previous page. */
function listBooks({ shop, base, query }: Request): Answer {
  const found = shop.findBooks(query.get("query") ?? "");
  const limit = readNumber(query.get("limit"), 5, 50);
  const page = readNumber(query.get("page"), 1, 10_000);
  const link = (number: number, relation: string) => {
    const next = new URLSearchParams(query);
    next.set("page", String(number));
    next.set("limit", String(limit));
    return `<${base}/v1/books?${next}>; rel="${relation}"`;
  };
  const links = [
    ...(page * limit < found.length ? [link(page + 1, "next")] : []),
    ...(page > 1 ? [link(page - 1, "prev")] : []),
  ];
  return {
    status: 200,
    headers: links.length === 0 ? {} : { link: links.join(", ") },
    body: { total: found.length, books: found.slice((page - 1) * limit, page * limit) },
  };
}

function getBook({ shop, part }: Request): Answer {
  const book = shop.getBook(part);
  return book === undefined ? fail(404, `There is no book ${part}.`) : { status: 200, body: book };
}

function getCover({ shop, part }: Request): Answer {
  if (shop.getBook(part) === undefined) return fail(404, `There is no book ${part}.`);
  const image = drawCover(part);
  return {
    status: 200,
    headers: { "content-type": "image/png", "content-length": String(image.length) },
    body: image,
  };
}

function createOrder({ shop, headers, body }: Request): Answer {
  const { book, isbn = book, quantity = 1, note = null, buyer = null } = body;
  if (typeof isbn !== "string") return fail(422, "Name the book.");
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1) {
    return fail(422, "The quantity is a whole number from 1.");
  }
  const key = headers["idempotency-key"];
  const order = shop.placeOrder({
    isbn,
    quantity,
    note: typeof note === "string" ? note : null,
    buyer: typeof buyer === "string" ? buyer : null,
    idempotencyKey: typeof key === "string" ? key : undefined,
  });
  if (order === "unknown") return fail(404, `There is no book ${isbn}.`);
  if (order === "outOfStock") return fail(409, `There are not ${quantity} copies of ${isbn} left.`);
  return { status: 201, headers: { location: `/v1/orders/${order.id}` }, body: { order } };
}

/** Pages by cursor: `next` is the id to pass as `after`, null at the end. */
function listOrders({ shop, query }: Request): Answer {
  const limit = readNumber(query.get("limit"), 5, 50);
  const orders = shop.listOrders(readNumber(query.get("after"), 0, Number.MAX_SAFE_INTEGER), limit + 1);
  const shown = orders.slice(0, limit);
  return {
    status: 200,
    body: { orders: shown, next: orders.length > limit ? String(shown.at(-1)?.id) : null },
  };
}

function getOrder({ shop, part }: Request): Answer {
  const order = shop.getOrder(Number(part));
  return order === undefined ? fail(404, `There is no order ${part}.`) : { status: 200, body: { order } };
}

function cancelOrder({ shop, part }: Request): Answer {
  return shop.cancelOrder(Number(part)) ? { status: 204 } : fail(404, `There is no order ${part}.`);
}

function readNumber(value: string | null, otherwise: number, most: number): number {
  const number = Number(value ?? "");
  return value !== null && Number.isInteger(number) && number >= 0 ? Math.min(number, most) : otherwise;
}
