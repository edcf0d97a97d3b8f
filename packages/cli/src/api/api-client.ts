import { type Problem, type RouteId, routes } from "@junctor/contract";
import { CliFailure } from "../cli-failure.ts";
import type { Terminal } from "../terminal.ts";
import type { ServerSettings } from "./settings.ts";

/** What a request says beyond its route. */
export interface ApiRequest {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON, unless it is text: then as it is, so that findings have the author's places. */
  readonly body?: unknown;
}

/** Calls the server's API. Every failure is a `CliFailure` with the exit code that belongs to it. */
export interface ApiClient {
  readonly url: string;
  /** Calls a route and gives its JSON; undefined for an empty answer. */
  readonly call: <Answer>(route: RouteId, request?: ApiRequest) => Promise<Answer>;
  /** Calls a route and gives the answer as it is. */
  readonly send: (route: RouteId, request?: ApiRequest) => Promise<Response>;
  /** Reads all pages of a list. */
  readonly list: <Item>(route: RouteId, request?: ApiRequest) => Promise<readonly Item[]>;
}

/** Makes a client for one server. */
export const createApiClient = ({ url, key }: ServerSettings, terminal: Terminal): ApiClient => {
  const send: ApiClient["send"] = async (route, request = {}) => {
    const { method } = routes[route];
    const { body } = request;
    // Made before the request is: what cannot be sent is no matter of the connection.
    const message = new Request(url + fillPath(route, request), {
      method,
      headers: {
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await fetch(message, { signal: terminal.signal }).catch((error: unknown) => {
      throw terminal.signal.aborted ? error : notSent(url, error);
    });
    if (!response.ok) throw await toFailure(response, url);
    return response;
  };
  const call = async <Answer>(route: RouteId, request?: ApiRequest): Promise<Answer> => {
    const response = await send(route, request);
    const text = await response.text().catch((error: unknown) => {
      throw terminal.signal.aborted ? error : unreachable(`The answer of ${url} broke off`, error);
    });
    try {
      return (text === "" ? undefined : JSON.parse(text)) as Answer;
    } catch {
      throw noJunctor(url, response);
    }
  };
  return {
    url,
    send,
    call,
    async list<Item>(route: RouteId, request: ApiRequest = {}) {
      const items: Item[] = [];
      let cursor: string | undefined;
      do {
        const query = { ...request.query, cursor };
        const page = await call<{ readonly items: readonly Item[]; readonly cursor: string | null }>(route, {
          ...request,
          query,
        });
        items.push(...page.items);
        cursor = page.cursor ?? undefined;
      } while (cursor !== undefined);
      return items;
    },
  };
};

const fillPath = (route: RouteId, { parameters = {}, query = {} }: ApiRequest): string => {
  const path = routes[route].path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(parameters[name] ?? ""),
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  );
  return search.size === 0 ? path : `${path}?${search}`;
};

const notSent = (url: string, error: unknown): CliFailure => {
  const { cause } = error as { readonly cause?: { readonly message?: string } };
  // Nobody was asked: clients of HTTP refuse the ports of some other protocols.
  if (cause?.message === "bad port") {
    return new CliFailure(`${url} has a port that HTTP clients refuse, since it belongs to another protocol`, {
      kind: "usage",
      hint: "Let the server listen on another port (JUNCTOR_PORT)",
      cause: error,
    });
  }
  return unreachable(`No server answers at ${url}`, error);
};

const unreachable = (what: string, error: unknown): CliFailure => {
  const cause = (error as { readonly cause?: { readonly code?: string; readonly message?: string } }).cause;
  return new CliFailure(`${what}: ${cause?.code ?? cause?.message ?? (error as Error).message}`, {
    kind: "unreachable",
    hint: "Start one with npm start or junctor serve, or name another with --url",
    cause: error,
  });
};

const noJunctor = (url: string, { status }: Response): CliFailure =>
  new CliFailure(`${url} answered with status ${status}, and it is no Junctor server's answer`, {
    kind: "unreachable",
    hint: "Check the address",
  });

const toFailure = async (response: Response, url: string): Promise<CliFailure> => {
  const problem = await readProblem(response);
  if (problem === undefined) return noJunctor(url, response);
  const lines = (problem.errors ?? []).map(
    ({ pointer, message, line, column, hint }) =>
      `  ${line === undefined ? pointer || "/" : `${line}:${column} ${pointer}`} ${joinSentences(message, hint)}`,
  );
  const kind =
    problem.status === 401 || problem.status === 403 ? "refused" : problem.status === 503 ? "unreachable" : "failed";
  // The hint of a problem is often that of its first reason, which has it in its line already.
  const told = (problem.errors ?? []).some((reason) => reason.hint === problem.hint);
  const login = problem.status === 401 ? "Give a key with --key, JUNCTOR_KEY or junctor login" : undefined;
  const hint = told ? login : (problem.hint ?? login);
  return new CliFailure([`${problem.connectorCode ?? problem.code}: ${problem.detail}`, ...lines].join("\n"), {
    kind,
    ...(hint === undefined ? {} : { hint }),
    details: problem,
  });
};

/** Messages of some sources end with a full stop. */
const joinSentences = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message}${/[.!?]$/.test(message) ? "" : "."} ${hint}`;

const readProblem = async (response: Response): Promise<Problem | undefined> => {
  try {
    const body = (await response.json()) as Partial<Problem>;
    return typeof body.code === "string" && typeof body.detail === "string" ? (body as Problem) : undefined;
  } catch {
    return undefined;
  }
};
