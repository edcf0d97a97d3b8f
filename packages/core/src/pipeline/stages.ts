/**
 * The stages of a call, in the order in which they run. Start reading here.
 *
 *   execute(call)
 *     admit       resolve connector, action, connection; check the caller's and our own limits; validate the input
 *     ┌ pages ─────────────────────────────────────────────────────────────────────────────────────────────────────┐
 *     │ render    plan the request: pure, secrets stay references                                                   │
 *     │ cache     answer from what is kept, or go on                                                                │
 *     │ budget    wait for the upstream's rate and concurrency                                                      │
 *     │ ┌ attempts ───────────────────────────────────────────────────────────────────────────────────────────────┐ │
 *     │ │ authenticate  have a credential at hand (a warm one costs nothing)                                      │ │
 *     │ │ sign          put the request together, secrets included, and apply the credential                      │ │
 *     │ │ send          one exchange; a redirect is an attempt of its own                                         │ │
 *     │ │ decode        read the body, if anything needs it                                                       │ │
 *     │ │ map errors    succeed, fail, wait and repeat, or renew the credential and repeat once                    │ │
 *     │ └─────────────────────────────────────────────────────────────────────────────────────────────────────────┘ │
 *     └─────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 *     transform   `response.body` or `response.text` → output
 *     filter      remove what the output schema does not declare; remove secrets that the upstream echoed
 *     record      one execution record, on every exit
 *
 * Each stage is a function of the call's state and returns nothing, or a promise if it must wait: a warm call awaits the
 * network and nothing else. A stage fails by throwing a `ConnectorError`. Only three loops repeat anything: `pages`,
 * `attempts`, and composites, which call `execute`.
 */
import type { CallState } from "./call-state.ts";

/** One stage. `undefined` means that it is done; a promise, that it waits. */
export type Stage = (state: CallState) => Promise<void> | undefined;

/** Stages whose time and failures are told apart in records and metrics. */
export type StageName =
  | "admit"
  | "render"
  | "cache"
  | "budget"
  | "authenticate"
  | "sign"
  | "send"
  | "decode"
  | "map-errors"
  | "transform"
  | "filter"
  | "record";
