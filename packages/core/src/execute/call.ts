import type { HttpHeaders, HttpWatcher } from "../ports/http.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { CallTrace } from "./call-trace.ts";

export type CallerKind = "service" | "user" | "anonymous" | "engine" | "agent";

/** Who makes a call, as a surface established it. */
export interface Caller {
  readonly kind: CallerKind;
  /** Id of the key, user or engine; null for anonymous callers. A user's tells them from the users of other issuers. */
  readonly id: string | null;
  /** What templates see as `user`; present for callers of kind `user` only. */
  readonly user?: {
    readonly id: string;
    readonly email?: string;
    readonly name?: string;
    readonly roles: readonly string[];
    readonly groups: readonly string[];
    readonly claims: JsonObject;
  };
  readonly scopes: readonly string[];
}

/** One call of one action, as every surface hands it to `execute`. */
export interface Call {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly caller: Caller;
  readonly requestId: string;
  /** Which way in: `rest`, `widget`, `cli`, … */
  readonly surface: string;
  readonly connector: string;
  /** An exact version; default: the highest published one. */
  readonly version?: string;
  readonly action: string;
  readonly input: Json;
  /** The request body as it came, for templates of imported widget connectors (`body_text`). */
  readonly bodyText?: string;
  /** `Cache-Control` and `Pragma` of the caller's request: what it accepts from the cache (RFC 9111 section 5.2.1). */
  readonly freshness?: { readonly cacheControl?: string; readonly pragma?: string };
  /** Whether the answer tells what was sent and how long each stage took; for callers who may see it. */
  readonly trace?: boolean;
  /** Name or id of the connection. */
  readonly connection?: string;
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadline?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Ends what is under way when the caller goes away, in a cheaper way than `signal`: an AbortSignal with a listener outlives its call
   * until the next full collection. A surface that has one makes `signal` only when it is read.
   */
  readonly watcher?: HttpWatcher | undefined;
  /** Opaque continuation of an earlier page, or how many items are wanted over all pages. */
  readonly page?: { readonly continuation?: string; readonly all?: boolean; readonly limit?: number };
}

/** What a call yields when it did not fail. */
export interface CallResult {
  /** JSON by the action's output schema, text by `response.text`, or a stream for `binary`. */
  readonly output:
    | {
        readonly kind: "json";
        readonly value: Json | undefined;
        /** The JSON of the value, where that is the upstream's own: it need not be written again. */
        readonly text?: string;
      }
    | { readonly kind: "text"; readonly text: string; readonly contentType: string }
    | {
        readonly kind: "binary";
        /** The whole content, where it is at hand (an answer that was kept). */
        readonly bytes?: Uint8Array;
        readonly stream: AsyncIterable<Uint8Array>;
        readonly contentType: string;
        readonly size?: number;
      }
    /** The answer went through the sink that the surface offered. */
    | { readonly kind: "passed" };
  readonly meta: CallMeta;
}

export interface CallMeta {
  readonly requestId: string;
  readonly executionId: string;
  readonly connector: string;
  readonly version: string;
  readonly action: string;
  readonly connection: string | null;
  readonly durationMs: number;
  readonly attempts: number;
  readonly upstreamStatus: number | null;
  readonly cache: "hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass" | null;
  /** Milliseconds spent: waiting for the upstream, looking into the cache, rendering the answer. */
  readonly timing: { readonly externalMs: number; readonly cacheMs: number; readonly transformMs: number };
  /** Times of the steps that ran, in the order of their start; for composites alone. */
  readonly steps?: readonly StepTiming[];
  /** Header fields of the upstream's answer, where it is handed on as it came (`binary`). */
  readonly headers?: HttpHeaders;
  /** Status of the answer: 200, or the upstream's own where the connector passes errors on (`onError: "pass"`). */
  readonly status: number;
  /** What was sent, secrets masked, and the time of each stage; where the call asked for it. */
  readonly trace?: CallTrace;
  /** Continuation to pass as `page.continuation`; absent on the last page. */
  readonly continuation?: string;
}

/** What a step of a composite took, all its runs together, in milliseconds. */
export interface StepTiming {
  /** Id of the step. */
  readonly name: string;
  readonly ms: number;
  /** Waiting for the upstream. */
  readonly externalMs: number;
}
