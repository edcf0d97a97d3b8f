import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expectStatus, startStack } from "../harness/start-stack.ts";
import type { CacheCase, Expectation, Fields, Step } from "./cache-case.ts";

/** A server, an upstream that answers by the step that a case is at, and connectors on that upstream. */
export interface CacheRig {
  /** Runs a case and returns what was not as expected; nothing when all was. */
  run(one: CacheCase): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** A case under way. */
interface Run {
  readonly steps: readonly Step[];
  readonly body: string;
  at: number;
  /** Fields of the upstream's requests, by step. */
  readonly asked: { readonly step: number; readonly headers: IncomingMessage["headers"] }[];
  /** Values that went out last, by validator. */
  validators: { readonly etag?: string | undefined; readonly modified?: string | undefined };
}

interface Received {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Statuses of the interim answers before it. */
  readonly interim: readonly number[];
}

const httpDate = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();
const write = (value: string | number): string => (typeof value === "number" ? httpDate(value) : value);

/** The value of a field, several as one list. */
const read = (headers: IncomingMessage["headers"], name: string): string | undefined => {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" || value === undefined ? value : value.join(", ");
};

/** Groups fields by name, as Node takes them. */
function group(fields: Fields): Record<string, string | string[]> {
  const grouped: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const before = grouped[name];
    grouped[name] = before === undefined ? write(value) : [before, write(value)].flat();
  }
  return grouped;
}

/** Starts the rig on loopback ports. */
export async function startCacheRig(): Promise<CacheRig> {
  const runs = new Map<string, Run>();
  const upstream = createServer((request, response) => {
    const run = runs.get(request.url?.split(/[/?]/)[1] ?? "");
    if (run === undefined) response.writeHead(404).end();
    else answer(run, request, response);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  const stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port}` } });
  const connectors = ["GET", "POST", "PUT", "DELETE", "SIGNED", "QUERY"];
  for (const name of connectors) {
    const body = {
      name: `Suite ${name}`,
      permalink: `suite-${name.toLowerCase()}`,
      method: ["SIGNED", "QUERY"].includes(name) ? "GET" : name,
      url: `http://127.0.0.1:${port}/{{ pathParams.case }}/{{ pathParams.target }}`,
      path_parameters: [{ key: "case" }, { key: "target" }],
      ...(name === "QUERY" && { query_parameters: [{ key: "test", value: "", overridable: true }] }),
      headers:
        name === "SIGNED"
          ? [{ key: "Authorization", value: "FOO" }]
          : ["Foo", "Bar", "Baz", "Accept-Language", "Range"].map((key) => ({ key, value: "", overridable: true })),
    };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body }));
  }
  let count = 0;
  return {
    async run({ steps }) {
      count += 1;
      const id = `c${count}`;
      const run: Run = { steps, body: `body of ${id}`, at: 0, asked: [], validators: {} };
      runs.set(id, run);
      return play(run, (step) => ask(stack.url, stack.key, id, step));
    },
    async stop() {
      upstream.closeAllConnections();
      upstream.close();
      await stack.stop();
    },
  };
}

/** Answers as the step says; with 304 where the case wants a confirmation and was asked for one. */
function answer(run: Run, request: IncomingMessage, response: ServerResponse): void {
  const step = run.at;
  run.asked.push({ step, headers: request.headers });
  const { answer: { status = 200, headers = [], body = run.body, closes, interim } = {}, expect: wanted } =
    run.steps[step] ?? {};
  if (closes) {
    request.socket.destroy();
    return;
  }
  if (interim === 102) response.writeProcessing();
  if (interim === 103) response.writeEarlyHints({ link: "</a.css>; rel=preload; as=style" });
  const { etag, modified } = run.validators;
  const confirmed =
    (wanted?.from === "etag" && etag !== undefined && request.headers["if-none-match"] === etag) ||
    (wanted?.from === "date" && modified !== undefined && request.headers["if-modified-since"] === modified);
  const fields = group(headers);
  const sent = { "Content-Type": "text/plain", ...fields, Step: String(step) };
  run.validators = {
    etag: read(lower(fields), "etag") ?? etag,
    modified: read(lower(fields), "last-modified") ?? modified,
  };
  const bare = confirmed || status === 204 || request.method === "HEAD";
  response.sendDate = !Object.hasOwn(fields, "Date");
  for (const [name, value] of Object.entries(sent)) response.setHeader(name, value);
  response.statusCode = confirmed ? 304 : status;
  // As bytes: Node would write the header fields in the encoding of a text that follows them.
  response.end(bare ? undefined : Buffer.from(body));
}

const lower = (fields: Record<string, string | string[]>): IncomingMessage["headers"] =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));

/** Asks the widget route, with fields as they are. */
function ask(url: string, key: string, id: string, step: Step): Promise<Received> {
  const { method = "GET", headers = [], target = "it", query = "", signed } = step.ask ?? {};
  const reads = signed ? "signed" : query === "" ? "get" : "query";
  const permalink = `suite-${method === "GET" || method === "HEAD" ? reads : method.toLowerCase()}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}/connectors/${permalink}/execute${query === "" ? "" : `?${query}`}`,
      {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          "x-path-params": `case=${id}&target=${target}`,
          ...group(headers),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            interim,
          }),
        );
      },
    );
    const interim: number[] = [];
    request.on("information", ({ statusCode }) => interim.push(statusCode));
    request.on("error", reject);
    request.end();
  });
}

/** Plays the steps and returns the first thing that was not as expected. */
async function play(run: Run, send: (step: Step) => Promise<Received>): Promise<string | undefined> {
  let first: Received | undefined;
  for (const [index, step] of run.steps.entries()) {
    run.at = index;
    const received = await send(step);
    first ??= received;
    const problem = check(run, index, received, first);
    if (problem !== undefined) return `Step ${index + 1}: ${problem}`;
    if (step.wait !== undefined) await new Promise((resolve) => setTimeout(resolve, (step.wait ?? 0) * 1_000));
  }
  return undefined;
}

function check(
  run: Run,
  index: number,
  { status, headers, body, interim }: Received,
  first: Received,
): string | undefined {
  const { answer: canned = {}, ask: asked = {}, expect: wanted = {} } = run.steps[index] as Step;
  const status0 = wanted.status ?? canned.status ?? 200;
  if (status !== status0) return `status ${status}, not ${status0}`;
  const origin = checkOrigin(run, index, status, headers, wanted);
  if (origin !== undefined) return origin;
  const bare = asked.method === "HEAD" || [204, 304].includes(status);
  const text = wanted.text ?? (bare ? "" : (canned.body ?? (wanted.from === "kept" ? undefined : run.body)));
  if (text !== undefined && status0 !== 502 && status0 !== 504 && body !== text) return `body "${body}", not "${text}"`;
  for (const [name, value] of wanted.headers ?? []) {
    if (read(headers, name) !== write(value)) return `${name} "${read(headers, name)}", not "${write(value)}"`;
  }
  for (const name of wanted.same ?? []) {
    if (read(headers, name) !== read(first.headers, name)) return `${name} is another than at first`;
  }
  const present = wanted.missing?.find((name) => read(headers, name) !== undefined && !carriesOurs(name, headers));
  if (present !== undefined) return `${present} is there: "${read(headers, present)}"`;
  if (wanted.interim !== undefined && !interim.includes(wanted.interim)) return `no ${wanted.interim} before`;
  const { above } = wanted;
  if (above !== undefined && !(Number(read(headers, above[0])) > above[1])) {
    return `${above[0]} ${read(headers, above[0])}, not above ${above[1]}`;
  }
  return undefined;
}

/** Our own connection to the caller has such a field too. */
const carriesOurs = (name: string, headers: IncomingMessage["headers"]): boolean =>
  ["connection", "keep-alive"].includes(name.toLowerCase()) && !/one|two/.test(read(headers, name) ?? "");

function checkOrigin(
  run: Run,
  index: number,
  status: number,
  headers: IncomingMessage["headers"],
  { from, sent = [], notSent = [] }: Expectation,
): string | undefined {
  const step = headers.step === undefined ? undefined : Number(headers.step);
  const asked = run.asked.filter((request) => request.step === index);
  if (from === "anew" && step !== index) return `from step ${step}, not anew`;
  if (from === "kept" && (status === 304 ? asked.length > 0 : step === undefined || step >= index)) {
    return `from step ${step}, not kept`;
  }
  const validator = from === "etag" ? "if-none-match" : from === "date" ? "if-modified-since" : undefined;
  if (validator !== undefined) {
    if (asked.length === 0) return "the upstream was not asked";
    if (asked.at(-1)?.headers[validator] === undefined) return `the upstream was not asked with ${validator}`;
  }
  for (const [name, value] of sent) {
    const given = read(asked.at(-1)?.headers ?? {}, name);
    if (given !== write(value)) return `the upstream was asked with ${name} "${given}", not "${write(value)}"`;
  }
  const unwanted = notSent.find((name) => read(asked.at(-1)?.headers ?? {}, name) !== undefined);
  return unwanted === undefined ? undefined : `the upstream was asked with ${unwanted}`;
}
