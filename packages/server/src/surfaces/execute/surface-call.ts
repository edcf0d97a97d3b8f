import type { Call } from "@junctor/core";
import type { Departure } from "./departure.ts";

type Optional = "version" | "connection" | "page" | "trace" | "bodyText" | "freshness";

/** What a surface read out of a request. */
export type SurfaceCallParts = Pick<
  Call,
  "workspace" | "caller" | "requestId" | "surface" | "connector" | "action" | "input"
> & { readonly [Member in Optional]?: Call[Member] | undefined };

/**
 * A call as a surface makes it. A class, so that all calls have one shape, and what ends it is not among its own members: a copy
 * (a step, a refresh in the background) is ended by what its maker says and by nothing else.
 */
export class SurfaceCall implements Call {
  readonly workspace: Call["workspace"];
  readonly caller: Call["caller"];
  readonly requestId: string;
  readonly surface: string;
  readonly connector: string;
  readonly action: string;
  readonly input: Call["input"];
  declare readonly version?: string;
  declare readonly connection?: string;
  declare readonly page?: NonNullable<Call["page"]>;
  declare readonly trace?: boolean;
  declare readonly bodyText?: string;
  declare readonly freshness?: NonNullable<Call["freshness"]>;
  readonly #departure: Departure | undefined;

  constructor(parts: SurfaceCallParts, departure?: Departure) {
    this.workspace = parts.workspace;
    this.caller = parts.caller;
    this.requestId = parts.requestId;
    this.surface = parts.surface;
    this.connector = parts.connector;
    this.action = parts.action;
    this.input = parts.input;
    if (parts.version !== undefined) this.version = parts.version;
    if (parts.connection !== undefined) this.connection = parts.connection;
    if (parts.page !== undefined) this.page = parts.page;
    if (parts.trace === true) this.trace = true;
    if (parts.bodyText !== undefined) this.bodyText = parts.bodyText;
    if (parts.freshness !== undefined) this.freshness = parts.freshness;
    this.#departure = departure;
  }

  get signal(): AbortSignal | undefined {
    return this.#departure?.signal;
  }

  get watcher(): Departure | undefined {
    return this.#departure;
  }
}
