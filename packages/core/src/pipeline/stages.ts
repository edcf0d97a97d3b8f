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
 *     │ │ decode        read the body, if anything needs it; take out secrets that the upstream echoed            │ │
 *     │ │ map errors    succeed, fail, wait and repeat, or renew the credential and repeat once                    │ │
 *     │ └─────────────────────────────────────────────────────────────────────────────────────────────────────────┘ │
 *     └─────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 *     transform   `response.body` or `response.text` → output
 *     filter      remove what the rules and the output schema do not let through
 *     record      one execution record, on every exit
 *
 * Each stage is one file of this folder, named as below. It takes the call's state and returns nothing, or a promise if
 * it must wait: a warm call awaits the network and nothing else. A stage fails by throwing a `ConnectorError`. Only three
 * loops repeat anything: `pages.ts`, `attempts.ts`, and composites (`execute/run-composite.ts`), which run whole calls.
 * `run-call.ts` calls the stages in this order.
 */
export const stages = Object.freeze([
  { name: "admit", file: "admit.ts" },
  { name: "render", file: "render.ts" },
  { name: "cache", file: "cache.ts" },
  { name: "budget", file: "budget.ts" },
  { name: "authenticate", file: "authenticate.ts" },
  { name: "sign", file: "sign.ts" },
  { name: "send", file: "send.ts" },
  { name: "decode", file: "decode.ts" },
  { name: "map errors", file: "map-errors.ts" },
  { name: "transform", file: "transform.ts" },
  { name: "filter", file: "filter.ts" },
  { name: "record", file: "record.ts" },
] as const);
