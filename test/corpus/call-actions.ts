import {
  type AuthMethodCompiler,
  createAuthCompilers,
  createCannedHttp,
  createTestEngine,
  createTokenKeeper,
  type JsonObject,
  makeTokenSet,
  type SentRequest,
} from "@junctor/core";
import type { ConnectorDefinition } from "@junctor/sdk";
import { MockApi, type MockRequest, type Routing } from "./mock-api.ts";
import { list, type SourceOperation, type Tree, tree } from "./read-source.ts";
import { createSeed, sampleOf } from "./sample-value.ts";

/** How one operation came out. */
export interface CallOutcome {
  readonly action: string;
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** A source, as the calls need it. */
export interface CallSource {
  readonly document: unknown;
  /** The policies of an operation, where there are some. */
  readonly routing: (source: SourceOperation) => Routing | undefined;
}

/**
 * Calls each action of an imported definition through the engine, with arguments made from the action's own schema, and lets the
 * mock judge the request by the source. Nothing leaves the process.
 */
export async function callActions(
  definition: Tree,
  source: CallSource,
  limit: number,
): Promise<readonly CallOutcome[]> {
  const mock = new MockApi(source.document);
  const byPlace = new Map(mock.operations.map((operation) => [`${operation.method} ${operation.path}`, operation]));
  const byId = new Map(mock.operations.map((operation) => [operation.operation.operationId, operation]));
  const outcomes: CallOutcome[] = [];
  for (const [name, action] of Object.entries(tree(definition.actions)).slice(0, limit)) {
    if (tree(tree(action)["x-openapi"]).generated === true) continue;
    const wanted = placeOf(name, tree(action), byPlace, byId);
    if (wanted === undefined) outcomes.push({ action: name, ok: false, reasons: ["no such operation in the source"] });
    else outcomes.push(await callAction(definition, name, tree(action), wanted, mock, source.routing(wanted)));
  }
  return outcomes;
}

function placeOf(
  name: string,
  action: Tree,
  byPlace: ReadonlyMap<string, SourceOperation>,
  byId: ReadonlyMap<unknown, SourceOperation>,
): SourceOperation | undefined {
  const kept = tree(action["x-openapi"]);
  const request = tree(action.request);
  const path =
    typeof kept.path === "string"
      ? kept.path
      : String(request.path ?? "").replaceAll(
          /\{\{\s*input\.?(?:\['([^']*)'\]|(\w+))[^}]*\}\}/g,
          (_, quoted: string | undefined, plain: string | undefined) => `{${quoted ?? plain}}`,
        );
  const method = String(kept.method ?? request.method ?? "get").toLowerCase();
  return byPlace.get(`${method} ${path}`) ?? byId.get(tree(kept.operation).operationId ?? name);
}

async function callAction(
  definition: Tree,
  name: string,
  action: Tree,
  wanted: SourceOperation,
  mock: MockApi,
  routing: Routing | undefined,
): Promise<CallOutcome> {
  const reasons: string[] = [];
  let judged = 0;
  const http = createCannedHttp((request: SentRequest) => {
    const isLookup = Array.isArray(action.steps) && judged < action.steps.length - 1;
    judged++;
    if (isLookup)
      return { status: 200, body: { access_token: "credential", team: { id: "team" }, "@odata.etag": "etag" } };
    const answer = mock.check(wanted, request as MockRequest, routing);
    reasons.push(...answer.reasons);
    return {
      status: answer.status,
      headers: answer.contentType === undefined ? {} : { "content-type": answer.contentType },
      body: answer.body,
    };
  });
  try {
    const engine = createTestEngine({
      definition: only(definition, name) as unknown as ConnectorDefinition,
      http,
      secrets: clients(definition),
      ...connect(definition, wanted, mock.acceptedTypes(wanted)),
      authMethods: methods(),
    });
    const input = sampleOf(action.input ?? { type: "object" }, {
      document: definition,
      random: createSeed(name.length),
      full: false,
      forRequest: true,
    });
    const result = await engine.call(name, required(action, input) as JsonObject);
    if (result.output.kind === "binary") for await (const _ of result.output.stream) break;
    if (judged === 0) reasons.push("nothing was sent");
  } catch (thrown) {
    const error = thrown as Error & { code?: string; details?: readonly { pointer?: string; message?: string }[] };
    reasons.push(
      `${error.code ?? error.name}: ${error.message} ${(error.details ?? [])
        .slice(0, 2)
        .map((detail) => `${detail.pointer} ${detail.message}`)
        .join("; ")}`.slice(0, 300),
    );
  }
  return { action: name, ok: reasons.length === 0, reasons };
}

/** The definition with one action: compiling is per connector, and a corpus is large. */
const only = (definition: Tree, name: string): Tree => ({
  ...definition,
  actions: { [name]: tree(definition.actions)[name] },
  triggers: {},
  dynamic: {},
  connection: { ...tree(definition.connection), test: undefined },
});

/** Required arguments, and the body where there is one. */
function required(action: Tree, input: unknown): unknown {
  const schema = tree(action.input);
  const names = new Set([...list(schema.required).map(String), "body"]);
  return Object.fromEntries(Object.entries(tree(input)).filter(([name]) => names.has(name)));
}

/** A connection whose secrets all say "credential", of the first method that the operation accepts. */
function connect(definition: Tree, wanted: SourceOperation, accepted: ReadonlySet<string>): Tree {
  const connection = tree(definition.connection);
  const auth = list(connection.auth).map(tree);
  const environment = Object.keys(tree(typeof definition.baseUrl === "string" ? {} : definition.baseUrl))[0];
  const names = list(wanted.operation.security).flatMap((alternative) => [
    Object.keys(tree(alternative)).sort().join(""),
  ]);
  const method =
    auth.find((candidate) => names.some((name) => plain(name) === plain(idOf(candidate)))) ??
    auth.find((candidate) => accepted.has(String(candidate.type))) ??
    auth[0];
  const properties = { ...tree(tree(connection.parameters).properties), ...tree(tree(method?.parameters).properties) };
  const parameters: Tree = {};
  const secrets: Tree = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = sampleOf(schema, { document: definition, random: createSeed(3), full: true, forRequest: true });
    if (tree(schema).writeOnly === true) secrets[name] = "credential";
    else parameters[name] = tree(schema).format === "uri" ? "https://api.example.com" : value;
  }
  if (auth.length === 0 && Object.keys(properties).length === 0 && environment === undefined) return {};
  return {
    connection: {
      parameters,
      secretParameters: secrets,
      ...(method === undefined ? {} : { authMethod: idOf(method) }),
      ...(environment === undefined ? {} : { environment }),
      ...(method?.type === "oauth2"
        ? { credential: { accessToken: "credential", obtainedAt: Date.now(), expiresAt: Date.now() + 1e9 } }
        : {}),
    },
  };
}

/** The id by which a connection names its method (definition 3). */
const idOf = (method: Tree): string =>
  String(method.id ?? (method.type === "apiKey" ? method.type : (method.name ?? method.type)));

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The OAuth client that a workspace registers for a connector. */
const clients = (definition: Tree): Record<string, { value: string; hosts: string[] }> => ({
  [`oauth.${String(definition.name)}.client-id`]: { value: "client", hosts: ["*"] },
  [`oauth.${String(definition.name)}.client-secret`]: { value: "client-secret", hosts: ["*"] },
});

/** Every auth method; tokens are in the connection, so that no store is ever asked. */
function methods(): ReturnType<typeof createAuthCompilers> {
  const nowhere = new Proxy({}, { get: () => () => Promise.resolve(null) }) as never;
  const clock = { now: () => Date.now(), sleep: async () => undefined, random: () => 0.5, newId: () => "id" };
  const keeper = createTokenKeeper({ leases: nowhere, ephemeral: nowhere, clock });
  const compilers = createAuthCompilers({ keeper, connections: nowhere, ephemeral: nowhere, sealer: nowhere });
  return compilers.map((compiler) => (compiler.type === "oauth2" ? withToken(compiler) : compiler));
}

/** An OAuth method that compiles as it is and has its token already: no token endpoint is called. */
const withToken = (compiler: AuthMethodCompiler): AuthMethodCompiler => ({
  type: compiler.type,
  compile(definition, templates) {
    const method = compiler.compile(definition, templates);
    return {
      ...method,
      prepare(session) {
        session.state = { request: undefined, tokens: makeTokenSet({ accessToken: "credential" }) };
        return undefined;
      },
      identity: () => "token",
      values: null,
    };
  },
});
