import type { AuthMethod, AuthSession } from "../auth/auth-method.ts";
import type { OutgoingRequest } from "../auth/outgoing-request.ts";
import type { HttpCache } from "../cache/http-cache.ts";
import type {
  BaseAddress,
  CompiledBaseUrl,
  CompiledConnector,
  CompositeAction,
  DeclarativeAction,
} from "../compile/compiled-connector.ts";
import type { ConnectorError } from "../errors/connector-error.ts";
import type { Call, CallResult, StepTiming } from "../execute/call.ts";
import type { EngineLimits, PassThroughSink } from "../execute/engine.ts";
import type { Plan } from "../plan/plan.ts";
import type { HttpPort, HttpTlsIdentity } from "../ports/http.ts";
import type { Json } from "../ports/records.ts";
import type { Clock, OpenConnection, SecretSource, VariableSource } from "../ports/sources.ts";
import type { RenderScope } from "../templates/template-host.ts";
import type { ContinuationSealer } from "./continuation-sealer.ts";
import type { Budget } from "./create-budget.ts";
import type { Redaction } from "./redaction.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** What all calls of an engine share and the stages use. */
export interface PipelineContext {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly limits: EngineLimits;
  readonly secrets: SecretSource;
  readonly variables: VariableSource;
  readonly budget: Budget;
  readonly continuations: ContinuationSealer;
  /** Null: nothing is kept. */
  readonly cache: HttpCache | null;
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
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds at which the call gives up. */
  readonly deadline: number;
  readonly connector: CompiledConnector;
  readonly action: DeclarativeAction;
  /** Set where `action` is the frame of a composite. */
  readonly composite: CompositeAction | null;
  readonly connection: OpenConnection | null;
  /** With defaults. */
  readonly input: Json;
  /** The chosen auth method; null sends no credential. */
  readonly auth: AuthMethod | null;
  /** Workspace secrets that the method's templates name. */
  readonly authSecrets: readonly string[];
  /** Shows no secret. Replaced once where a token answer adds values to `connection`. */
  closedScope: RenderScope;
  /** Shows all secrets. */
  openScope: RenderScope;
  readonly redaction: Redaction;
  readonly tls: HttpTlsIdentity | undefined;
  readonly baseUrl: CompiledBaseUrl | null;
  /** The environment's base URL, rendered; null where there is none, and until token values are known that it reads. */
  base: BaseAddress | null;
  /** authenticate; null without an auth method. */
  session: AuthSession | null;

  /** pages */
  page: PageState | null;
  /** render */
  plan: Plan | null;
  /** cache */
  cache: CallResult["meta"]["cache"];
  /** sign */
  request: OutgoingRequest | null;
  /** send */
  response: UpstreamResponse | null;
  attempts: number;
  /** Milliseconds of waiting for the upstream, of looking into the cache, and of *transform*. */
  externalMs: number;
  cacheMs: number;
  transformMs: number;
  /** Of a composite: what its steps took so far; null until one runs. */
  steps: StepTiming[] | null;
  upstreamStatus: number | null;
  /** map errors: the rule that let an error pass as a success, or the answer was passed on as it is. */
  ignored: boolean;
  /** map errors: the transport failure that a rule let pass as a success; there is no answer then. */
  failure: ConnectorError | null;
  /** send: the answer went into the sink. */
  passed: boolean;
  /** decode: an answer held integers that a JavaScript number may not hold; they came as `bigint`. */
  longNumbers: boolean;
  /** transform */
  output: CallResult["output"] | null;
  continuation: string | undefined;
  /** record */
  error: ConnectorError | null;
}

/** Where the call is in a paged list (definition 8); what templates see as `page`. */
export interface PageState {
  readonly number: number;
  readonly offset: number;
  readonly size: number | undefined;
  readonly next: Json | undefined;
}
