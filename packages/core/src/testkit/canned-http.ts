import type {
  HttpBody,
  HttpDispatch,
  HttpFailure,
  HttpHeaders,
  HttpPort,
  HttpRedirect,
  HttpRedirectQuestion,
  HttpRequest,
  HttpResponse,
  HttpSink,
} from "../ports/http.ts";

/** An answer that was written down: text goes out as it is, anything else as JSON. */
export interface CannedReply {
  readonly status?: number;
  readonly headers?: HttpHeaders;
  readonly body?: unknown;
  /** Fails instead of answering. `sent: false` says that certainly nothing reached the peer. */
  readonly failure?: { readonly code: string; readonly message?: string; readonly sent: boolean };
}

/** A request as it left the engine. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names; the last of several wins. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** An HTTP port without a network: answers come from a list, or from a function of the request. */
export interface CannedHttp extends HttpPort {
  /** Every request, in the order sent. */
  readonly sent: readonly SentRequest[];
}

/** Makes a port that gives the replies one after another (the last one again and again), or asks a function. */
export function createCannedHttp(
  replies: readonly CannedReply[] | ((request: SentRequest, index: number) => CannedReply),
): CannedHttp {
  const sent: SentRequest[] = [];
  const answer = async (method: string, url: string, headers: readonly string[], body: HttpBody | undefined) => {
    const request = { method, url, headers: readPairs(headers), body: await readBody(body) };
    sent.push(request);
    const index = sent.length - 1;
    const reply = typeof replies === "function" ? replies(request, index) : (replies[index] ?? replies.at(-1) ?? {});
    if (reply.failure !== undefined) throw createFailure(reply.failure);
    return reply;
  };
  return {
    sent,
    async request({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
      return createResponse(await answer(method, url, headers, body), url);
    },
    target: (url) => ({ origin: url }),
    dispatch(target, { method, path, headers, body }: HttpDispatch, sink: HttpSink) {
      const call = { abort: () => undefined, resume: () => undefined };
      answer(method, target.origin + path, headers, body).then(
        (reply) => {
          sink.onHead(reply.status ?? 200, Object.entries(headersOf(reply)).flat() as string[], call);
          sink.onData(Buffer.from(bytesOf(reply)));
          sink.onEnd();
        },
        (failure: HttpFailure) => sink.onError(failure),
      );
      return call;
    },
    checkRedirect,
    checkUrl: () => ({ kind: "allowed" }),
  };
}

function createResponse(reply: CannedReply, url: string): HttpResponse {
  const bytes = bytesOf(reply);
  return {
    status: reply.status ?? 200,
    headers: headersOf(reply),
    url,
    body: {
      bytes: async () => bytes,
      text: async () => new TextDecoder().decode(bytes),
      async *stream() {
        yield bytes;
      },
      discard: () => undefined,
    },
  };
}

function headersOf({ headers = {}, body }: CannedReply): HttpHeaders {
  const type = typeof body === "string" || body instanceof Uint8Array || body === undefined ? {} : JSON_TYPE;
  return { ...type, ...headers };
}

const JSON_TYPE = { "content-type": "application/json" };

function bytesOf({ body }: CannedReply): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function createFailure(failure: NonNullable<CannedReply["failure"]>): HttpFailure {
  return Object.assign(new Error(failure.message ?? "the canned reply is a failure"), failure);
}

/** Resolves the location; credentials of the standard headers do not go to another origin. */
function checkRedirect({
  method,
  url,
  headers,
  status,
  responseHeaders,
  sensitive,
}: HttpRedirectQuestion): HttpRedirect {
  const next = new URL(String(responseHeaders.location), url);
  const originChanged = next.origin !== new URL(url).origin;
  const toGet = status === 303 || (method === "POST" && (status === 301 || status === 302));
  const dropped = new Set(originChanged ? ["authorization", "cookie", ...(sensitive?.headers ?? [])] : []);
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    if (!dropped.has(name.toLowerCase()) && !(toGet && name.toLowerCase().startsWith("content-"))) {
      kept.push(name, headers[index + 1] as string);
    }
  }
  return {
    kind: "follow",
    url: next.href,
    method: toGet ? "GET" : method,
    headers: kept,
    keepBody: !toGet,
    originChanged,
  };
}

function readPairs(headers: readonly string[]): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    record[(headers[index] as string).toLowerCase()] = headers[index + 1] as string;
  }
  return record;
}

async function readBody(body: HttpBody | undefined): Promise<string | null> {
  if (body === null || body === undefined) return null;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}
