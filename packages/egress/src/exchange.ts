import type { Dispatcher } from "undici";
import { countError, type EgressCounters } from "./counters.ts";
import { describeTransportError } from "./describe-transport-error.ts";
import { EgressError } from "./errors.ts";
import type { OriginPool } from "./pools.ts";

/** Steers an exchange that is under way. */
export interface DispatchCall {
  /** Ends the exchange; the sink gets EGRESS_ABORTED unless it has ended already. */
  abort(): void;
  /** Goes on after `onData` answered false. */
  resume(): void;
}

/** Is told of each exchange that begins, so that it can end it. */
export interface RequestWatcher {
  begin(exchange: DispatchCall): void;
}

/**
 * Takes the answer of one exchange, with the head in the form that its reader gives. Nothing is unpacked.
 *
 *     (nothing) ─ onHead ─► head ─ onData* ─► body ─ onEnd ─► ended
 *          └──────── onError ───────┴─────────┴──────────────► failed
 */
export interface ExchangeSink<Head> {
  onHead(status: number, head: Head, call: DispatchCall): void;
  /** Called per piece; answers false to pause until `call.resume()`. */
  onData(chunk: Buffer): boolean | undefined;
  onEnd(): void;
  /** Called at most once and never after `onEnd`; it may follow `onHead`. */
  onError(error: EgressError): void;
}

/**
 * Takes the answer of a pass-through request. Headers are `[name, value, …]` with lower-case names and without those of the
 * hop; the array belongs to the sink. Nothing is unpacked and redirects are passed on as they are.
 */
export type DispatchSink = ExchangeSink<string[]>;

/** Bounds one exchange and says how its head is read. */
export interface ExchangeBounds<Head> {
  readonly method: string;
  readonly readHead: (rawHeaders: readonly Buffer[]) => Head;
  readonly totalMs: number;
  readonly maxResponseBytes: number;
  /** Counts the error that the sink gets, if any. */
  readonly counters?: EgressCounters;
}

/** More informational responses than a well-behaved server sends; each one renews undici's wait for the head. */
const MAX_INFORMATIONAL = 16;

/**
 * Carries one request over one connection: undici's handler and the caller's handle in one object, so that a pass-through call
 * allocates nothing else. undici calls the object directly if it has the older method names, which saves a wrapper and the
 * header record per call (measured: bench/gateway). `onConnect` comes right before the first byte is written, which makes it
 * the moment from which a failure counts as sent.
 */
export class Exchange<Head> implements Dispatcher.DispatchHandler, DispatchCall {
  readonly #pool: OriginPool;
  readonly #sink: ExchangeSink<Head>;
  readonly #bounds: ExchangeBounds<Head>;
  readonly #timer: NodeJS.Timeout;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #received = 0;
  #informational = 0;
  #status = 0;
  #ended = false;
  sent = false;

  constructor(pool: OriginPool, sink: ExchangeSink<Head>, bounds: ExchangeBounds<Head>) {
    this.#pool = pool;
    this.#sink = sink;
    this.#bounds = bounds;
    this.#timer = setTimeout(failLate, roundTime(bounds.totalMs), this);
    pool.inFlight++;
  }

  abort(): void {
    this.fail(new EgressError("EGRESS_ABORTED", "The request was aborted by the caller.", { sent: this.sent }));
  }

  resume(): void {
    this.#resume?.();
  }

  /** Ends the exchange with an error, wherever it is. */
  fail(error: EgressError): void {
    if (this.#ended) return;
    this.#end();
    // Before onConnect the request waits in undici's queue; onConnect will drop it.
    this.#abort?.(error);
    this.#report(error);
  }

  /** Ends the exchange because the caller's own body couldn't be read. */
  failBody(cause: unknown): void {
    const hint = "See the cause; nothing is wrong with the peer.";
    this.fail(
      new EgressError("EGRESS_REQUEST_INVALID", "The request body failed while it was sent.", {
        sent: this.sent,
        hint,
        cause,
      }),
    );
  }

  /** Ends the exchange because its whole time is over. */
  failLate(): void {
    const { totalMs } = this.#bounds;
    const hint = "Give the call more time, or ask the upstream for less at once.";
    const details = { phase: "total", sent: this.sent, hint } as const;
    this.fail(new EgressError("EGRESS_TIMEOUT", `No complete answer within ${totalMs} ms.`, details));
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#ended) {
      abort();
      return;
    }
    this.#abort = abort;
    this.sent = true;
  }

  onHeaders(status: number, headers: readonly Buffer[], resume: () => void): boolean {
    if (this.#ended) return true;
    if (status < 200) {
      if (++this.#informational > MAX_INFORMATIONAL) this.fail(this.#tooManyInformational());
      return true;
    }
    this.#resume = resume;
    this.#status = status;
    const hasBody = this.#bounds.method !== "HEAD" && status !== 304;
    if (hasBody && declaredLength(headers) > this.#bounds.maxResponseBytes) {
      this.fail(this.#tooLarge());
      return true;
    }
    this.#sink.onHead(status, this.#bounds.readHead(headers), this);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#ended) return true;
    this.#received += chunk.length;
    if (this.#received > this.#bounds.maxResponseBytes) {
      this.fail(this.#tooLarge());
      return true;
    }
    return this.#sink.onData(chunk) !== false;
  }

  onComplete(): void {
    if (this.#ended) return;
    this.#end();
    this.#sink.onEnd();
  }

  onError(error: Error): void {
    if (this.#ended) return;
    if (this.#isWhole(error)) {
      this.onComplete();
      return;
    }
    this.#end();
    this.#report(describeTransportError(error, { sent: this.sent, secure: this.#pool.origin.startsWith("https:") }));
  }

  /** A 304 has no body, and its Content-Length is that of the answer it stands for (RFC 9110 section 8.6); undici misses the body. */
  #isWhole(error: Error): boolean {
    const isShort = "code" in error && error.code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";
    return isShort && this.#status === 304 && this.#received === 0;
  }

  #report(error: EgressError): void {
    if (this.#bounds.counters !== undefined) countError(this.#bounds.counters, error);
    this.#sink.onError(error);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#pool.inFlight--;
    this.#pool.lastUsed = performance.now();
  }

  #tooLarge(): EgressError {
    const { maxResponseBytes } = this.#bounds;
    return new EgressError("EGRESS_BODY_TOO_LARGE", `The response body is larger than ${maxResponseBytes} bytes.`, {
      sent: true,
      hint: "Ask for less (a page, a filter, fewer fields), or raise the response limit.",
    });
  }

  #tooManyInformational(): EgressError {
    const message = `The peer sent more than ${MAX_INFORMATIONAL} informational responses.`;
    return new EgressError("EGRESS_RESPONSE_INVALID", message, { sent: true, hint: "Tell the owner of the API." });
  }
}

/**
 * Rounds a long time up by at most 50 ms. Node keeps one list per distinct duration, and callers give what is left of a deadline,
 * so that nearly every request would open and close a list of its own.
 */
function roundTime(milliseconds: number): number {
  return milliseconds < 1_000 ? milliseconds : Math.ceil(milliseconds / 50) * 50;
}

function failLate(exchange: Exchange<unknown>): void {
  exchange.failLate();
}

const CONTENT_LENGTH = "content-length";

function declaredLength(headers: readonly Buffer[]): number {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i];
    if (name === undefined || name.length !== CONTENT_LENGTH.length) continue;
    if (name.toString("latin1").toLowerCase() === CONTENT_LENGTH) return Number(headers[i + 1]?.toString("latin1"));
  }
  return 0;
}
