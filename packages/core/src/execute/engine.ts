/**
 * The engine's outside: what a surface calls, and what it must be given. `createEngine` is in `create-engine.ts`.
 */
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import type { HttpCache } from "../cache/http-cache.ts";
import type { CompiledConnector } from "../compile/compiled-connector.ts";
import type { ConnectorError } from "../errors/connector-error.ts";
import type { ContinuationSealer } from "../pipeline/continuation-sealer.ts";
import type { HttpPort } from "../ports/http.ts";
import type {
  AuditSink,
  Clock,
  ConnectionSource,
  ExecutionSink,
  SecretSource,
  VariableSource,
  VersionSource,
} from "../ports/sources.ts";
import type { Change, RateLimitStore } from "../ports/stores.ts";
import type { Call, CallResult } from "./call.ts";
import type { PlannedRequest, UnresolvedName } from "./call-trace.ts";

/** Everything the engine needs of its surroundings. `createStoreSources` makes the four sources from `Stores`. */
export interface EnginePorts {
  readonly http: HttpPort;
  readonly connectors: VersionSource;
  readonly connections: ConnectionSource;
  readonly secrets: SecretSource;
  readonly variables: VariableSource;
  readonly executions: ExecutionSink;
  readonly audit?: AuditSink;
  readonly rateLimits: RateLimitStore;
  /** Default: a key of this process, which replicas do not share. */
  readonly continuations?: ContinuationSealer;
  /** Keeps answers of actions with `cache`. Default: nothing is kept. */
  readonly cache?: HttpCache;
  /** Default: the process's own clock. */
  readonly clock?: Clock;
  /** Auth methods beyond `none`, `apiKey`, `basic` and `bearer`. */
  readonly authMethods?: readonly AuthMethodCompiler[];
}

/** Bounds of the engine; all have defaults. */
export interface EngineLimits {
  /** Compiled actions kept; the longest unused one makes room. Default 2,000. */
  readonly compiledActions: number;
  /** Compiled connectors kept. Default 500. */
  readonly compiledConnectors: number;
  /** Calls one connection may have in flight; further ones wait within their timeout. Default 100. */
  readonly concurrencyPerConnection: number;
  /** Calls one workspace may have in flight. Default 1,000. */
  readonly concurrencyPerWorkspace: number;
  /** Bytes of a buffered upstream answer, unpacked. Default 16 MiB. */
  readonly responseBytes: number;
  /** Bytes of a streamed upstream answer. Default 1 GiB. */
  readonly streamedBytes: number;
  /** Items that one call with `page.all` may collect. Default 10,000. */
  readonly items: number;
  /** Longest timeout an action may ask for, in milliseconds. Default 300,000. */
  readonly timeoutMs: number;
}

/**
 * Takes an upstream answer as it arrives, for actions whose answer is passed on unchanged. A surface that offers one to
 * `execute` gets the raw answer through it whenever the action allows, and `output.kind` is then `passed`.
 */
export interface PassThroughSink {
  /** Called once. `headers` is flat, lower case, without hop-by-hop headers and cookies; it belongs to the sink. */
  head(status: number, headers: string[], flow: PassThroughFlow): void;
  /** Returns `false` to pause until `flow.resume()`. */
  data(chunk: Buffer): boolean | undefined;
  end(): void;
  /** Called instead of `end`, when the answer broke off after `head`. `execute` rejects with the same error. */
  fail(error: ConnectorError): void;
}

/** Steers an answer that is being passed through. */
export interface PassThroughFlow {
  resume(): void;
}

/** What a call would send, with secrets masked. Nothing was sent and no token was fetched. */
export interface DryRun {
  readonly connector: string;
  readonly version: string;
  readonly action: string;
  readonly connection: string | null;
  readonly request: PlannedRequest;
  /** Names in the request's templates that have no value in this call. */
  readonly unresolved: readonly UnresolvedName[];
  /** Auth method that would sign the request; null when it carries no credential. */
  readonly auth: string | null;
  readonly timeoutMs: number;
  readonly attempts: number;
  /** Steps of a composite in order; the request shown is the first one's. */
  readonly steps?: readonly string[];
  /** Whether the outbound policy would let it go. */
  readonly egress: { readonly allowed: boolean; readonly reason?: string };
}

/** Executes calls. Safe for any number of calls at once. */
export interface Engine {
  /** Executes one call; rejects with a `ConnectorError`, never with anything else. */
  execute(call: Call, sink?: PassThroughSink): Promise<CallResult>;
  /** Does everything of a call that happens before something is sent. */
  dryRun(call: Call): Promise<DryRun>;
  /** Finds and compiles a connector, for surfaces that describe one (schemas, discovery). */
  connector(workspaceId: string, name: string, version?: string): Promise<CompiledConnector>;
  /** Drops what is warm and concerns the change. */
  invalidate(change: Change): void;
  /** Takes no more calls, waits for the running ones. */
  close(): Promise<void>;
}
