import type { Load } from "../harness/load.ts";
import type { Running } from "../harness/processes.ts";
import { BENCH_KEY } from "./bench-connector.ts";

/** Describes a call of an action of the bench connector. */
export interface ActionCall {
  readonly action: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Asks for the output as it is instead of the envelope. */
  readonly raw?: boolean;
  readonly connections?: number;
  /** Name of the Junctor connection. Default "main"; "patient" has a concurrency limit of its own. */
  readonly connection?: string;
}

/** Writes the load of an action call; every variant of a question gets the same request. */
export function actionLoad(server: Running, call: ActionCall): Load {
  const path = `/v1/connectors/bench/actions/${call.action}/execute${call.raw === true ? "?answer=raw" : ""}`;
  return callLoad(
    server,
    path,
    { connection: call.connection ?? "main", ...(call.input !== undefined && { input: call.input }) },
    call.connections,
  );
}

/** Writes the load of a JSON call with the bench's key. */
export function callLoad(server: Running, path: string, body: unknown, connections = 32): Load {
  return {
    method: "POST",
    url: `http://127.0.0.1:${server.port}${path}`,
    headers: {
      authorization: `Bearer ${BENCH_KEY}`,
      "content-type": "application/json",
      "x-request-id": "bench-request-1",
    },
    body: JSON.stringify(body),
    connections,
  };
}

/** Sends one request of a load and reads the whole answer. */
export async function sendOnce(load: Load): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(load.url, {
    method: load.method,
    signal: AbortSignal.timeout(60_000),
    ...(load.headers !== undefined && { headers: load.headers }),
    ...(load.body !== undefined && { body: load.body }),
  });
  return { status: response.status, text: await response.text() };
}

/** Fails a question whose variants don't answer alike: a figure of a wrong answer is worth nothing. */
export function assertSame(what: string, expected: string, given: string): void {
  if (expected === given) return;
  throw new Error(
    `${what} answers differently.\nexpected: ${expected.slice(0, 1_500)}\ngiven:    ${given.slice(0, 1_500)}`,
  );
}

/** Fails a question where the gateway's answer isn't the hand-written one, but for what differs from call to call. */
export async function assertSameAnswers(hand: Answering | undefined, gateway: Answering | undefined): Promise<void> {
  if (hand === undefined || gateway === undefined) throw new Error("a variant is missing");
  const expected = mask((await sendOnce(hand.load)).text);
  assertSame(gateway.name, expected, mask((await sendOnce(gateway.load)).text));
}

interface Answering {
  readonly name: string;
  readonly load: Load;
}

function mask(text: string): string {
  return text
    .replace(/"executionId":"[^"]*"/, '"executionId":"…"')
    .replace(/"connection":"[^"]*"/, '"connection":"…"')
    .replace(/"(durationMs|externalMs|cacheMs|transformMs)":[\d.e-]+/g, '"$1":…');
}
