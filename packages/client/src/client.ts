import {
  checkKeys,
  checkPayload,
  type QueryValue,
  type WidgetMethod,
  writePathParams,
  writeQuery,
} from "./check-options.ts";
import { type CallOptions, type ClientConfig, createSender, type Result } from "./send.ts";

/** A call of a widget connector by its permalink. */
export interface WidgetCall extends CallOptions {
  readonly permalink: string;
  /** Must be the connector's own method. */
  readonly method: WidgetMethod;
  /** JSON body; POST, PUT and PATCH only. */
  readonly payload?: object;
  readonly queryParams?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
  readonly pathParams?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call of a composite connector by its permalink. */
export type CompositeCall = Omit<WidgetCall, "method" | "pathParams" | "headers">;

/** A call of an action by its name. */
export interface ActionCall<Input = unknown> extends CallOptions {
  readonly connector: string;
  readonly action: string;
  readonly input?: Input;
  /** Name or id of the connection. */
  readonly connection?: string;
  /** An exact version; default: the highest published one. */
  readonly version?: string;
  readonly page?: { readonly continuation?: string; readonly all?: boolean; readonly limit?: number };
}

/** What `execute` of an action resolves to, in `data`. */
export interface ActionOutput<Output> {
  readonly output: Output;
  readonly meta: {
    readonly requestId: string;
    readonly executionId: string;
    readonly continuation?: string;
    readonly [member: string]: unknown;
  };
}

/**
 * Input and output types of known actions: connector → action → types. `junctor types` writes such an interface from
 * the connectors' schemas; `createClient<Connectors>()` then checks names, inputs and outputs.
 */
export type ActionTypes = Record<string, Record<string, { input: unknown; output: unknown }>>;

export interface Client<Types extends object = ActionTypes> {
  readonly connectors: {
    execute<Data = unknown>(call: WidgetCall): Promise<Result<Data>>;
    readonly composite: { execute<Data = unknown>(call: CompositeCall): Promise<Result<Data>> };
  };
  readonly actions: {
    execute<Connector extends keyof Types & string, Action extends keyof Types[Connector] & string>(
      call: ActionCall<InputOf<Types[Connector][Action]>> & { readonly connector: Connector; readonly action: Action },
    ): Promise<Result<ActionOutput<OutputOf<Types[Connector][Action]>>>>;
  };
}

type InputOf<Entry> = Entry extends { input: infer Input } ? Input : unknown;
type OutputOf<Entry> = Entry extends { output: infer Output } ? Output : unknown;

const callKeys = ["timeout", "signal"];
const configKeys = ["baseUrl", "key", "userToken", "timeout", "headers", "fetch"];
const compositeKeys = ["permalink", "payload", "queryParams", ...callKeys];
const widgetKeys = [...compositeKeys, "method", "pathParams", "headers"];
const actionKeys = ["connector", "action", "input", "connection", "version", "page", ...callKeys];

/**
 * Creates a client. It keeps no state but the user token, so every widget of a page can have its own.
 * Calls reject with `ClientError`; options nobody declared are an error, not ignored.
 */
export function createClient<Types extends object = ActionTypes>(config: ClientConfig): Client<Types> {
  checkKeys(config, configKeys);
  const { send } = createSender(config);
  const segment = encodeURIComponent;
  return {
    connectors: {
      execute: async (call) => {
        checkKeys(call, widgetKeys);
        checkPayload(call.method, call.payload);
        const params = writePathParams(call.pathParams);
        return send({
          ...pickCallOptions(call),
          method: call.method,
          path: `/connectors/${segment(call.permalink)}/execute${writeQuery(call.queryParams)}`,
          headers: { ...call.headers, ...(params === undefined ? {} : { "x-path-params": params }) },
          body: call.payload,
        });
      },
      composite: {
        execute: async (call) => {
          checkKeys(call, compositeKeys);
          checkPayload("POST", call.payload);
          const path = `/connectors/composite/${segment(call.permalink)}/execute${writeQuery(call.queryParams)}`;
          return send({ ...pickCallOptions(call), method: "POST", path, body: call.payload ?? {} });
        },
      },
    },
    actions: {
      execute: async (call) => {
        checkKeys(call, actionKeys);
        const { connector, action, input = {}, connection, version, page } = call;
        const path = `/v1/connectors/${segment(connector)}/actions/${segment(action)}/execute`;
        const body = { input, connection, version, page };
        return send({ ...pickCallOptions(call), method: "POST", path, body });
      },
    },
  };
}

const pickCallOptions = ({ timeout, signal }: CallOptions): CallOptions => ({
  ...(timeout === undefined ? {} : { timeout }),
  ...(signal === undefined ? {} : { signal }),
});
