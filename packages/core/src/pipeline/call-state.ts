import type { AuthMethod, AuthSession } from "../auth/auth-method.ts";
import type { OutgoingRequest } from "../auth/outgoing-request.ts";
import type { BaseAddress, CompiledConnector, DeclarativeAction } from "../compile/compiled-connector.ts";
import type { Call, CallResult } from "../execute/call.ts";
import type { EngineLimits, PassThroughSink } from "../execute/engine.ts";
import type { Plan } from "../plan/plan.ts";
import type { HttpPort, HttpTlsIdentity } from "../ports/http.ts";
import type { Json } from "../ports/records.ts";
import type { Clock, OpenConnection } from "../ports/sources.ts";
import type { RenderScope } from "../templates/template-host.ts";
import type { Redaction } from "./redaction.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** What all calls of an engine share and the stages use. */
export interface PipelineContext {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly limits: EngineLimits;
}

/**
 * Everything one call knows. It is made once with every member present, so that all calls have one shape, and each
 * member says which stage writes it.
 */
export interface CallState {
  readonly context: PipelineContext;
  readonly call: Call;
  readonly sink: PassThroughSink | undefined;
  readonly executionId: string;
  readonly startedAt: number;
  readonly connector: CompiledConnector;
  readonly action: DeclarativeAction;
  readonly connection: OpenConnection | null;
  /** Epoch milliseconds at which the call gives up. */
  readonly deadline: number;
  /** Aborts when the caller goes away; undefined if it cannot. */
  readonly signal: AbortSignal | undefined;

  /** admit: input with defaults. */
  input: Json;
  /** admit: the chosen auth method; null sends no credential. */
  auth: AuthMethod | null;
  session: AuthSession | null;
  tls: HttpTlsIdentity | undefined;
  base: BaseAddress | null;
  /** admit: shows no secret. */
  closedScope: RenderScope;
  /** sign: shows all; made when the first deferred value or auth method needs it. */
  openScope: RenderScope | null;
  redaction: Redaction;

  /** render */
  plan: Plan | null;
  page: PageState | null;
  /** cache */
  cache: CallResult["meta"]["cache"];
  /** sign */
  request: OutgoingRequest | null;
  /** send */
  response: UpstreamResponse | null;
  attempts: number;
  upstreamStatus: number | null;
  /** transform, filter */
  output: CallResult["output"] | null;
}

/** Where the call is in a paged list (definition 8). */
export interface PageState {
  readonly number: number;
  readonly offset: number;
  readonly size: number | null;
  readonly next: Json | undefined;
}
