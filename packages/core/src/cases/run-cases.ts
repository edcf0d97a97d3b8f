import {
  type Case,
  type CaseFile,
  type CaseReply,
  type CaseUser,
  type ConnectorDefinition,
  caseFileSchema,
  definitionSchema,
} from "@junctor/sdk";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { normalizeDefinition } from "../definition/normalize-definition.ts";
import { explainSchemaErrors, type SchemaComplaint } from "../definition/schema-errors.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Caller, CallResult } from "../execute/call.ts";
import type { Json } from "../ports/records.ts";
import { type CannedReply, createCannedHttp, type SentRequest } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";
import { caseAuthMethods } from "./canned-token.ts";
import { type CaseDifference, compareValues } from "./case-difference.ts";
import { compareRequest } from "./compare-request.ts";
import { madeUpConnection } from "./made-up-connection.ts";

/** A file of cases with the name under which it is reported. */
export interface NamedCaseFile {
  readonly name: string;
  readonly file: CaseFile;
}

/** How one case came out. */
export interface CaseResult {
  /** `file: title`, or `action: title` for cases within the definition. */
  readonly title: string;
  readonly action: string;
  readonly passed: boolean;
  readonly differences: readonly CaseDifference[];
  /** The error that ended the case and that it did not expect. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/**
 * Runs the cases of a connector: those of its files and those within the definition. Each goes through the real engine, from
 * validating the input to filtering the output; only the network is replaced by the case's replies, and tokens that a method
 * would fetch are `test-token`. Nothing is sent.
 */
export const runCases = async (
  document: ConnectorDefinition,
  files: readonly NamedCaseFile[],
): Promise<readonly CaseResult[]> => {
  const definition = normalizeDefinition(document);
  const inline = Object.entries(definition.actions ?? {}).flatMap(([action, { cases }]): NamedCaseFile[] =>
    cases === undefined || cases.length === 0 ? [] : [{ name: action, file: { action, cases } }],
  );
  const results: CaseResult[] = [];
  for (const { name, file } of [...files, ...inline]) {
    for (const [index, each] of file.cases.entries()) {
      const title = `${name}: ${each.title ?? `case ${index + 1}`}`;
      results.push(await runCase(definition, file, each, title));
    }
  }
  return results;
};

const runCase = async (
  definition: ConnectorDefinition,
  file: CaseFile,
  each: Case,
  title: string,
): Promise<CaseResult> => {
  const replies = [each.reply ?? []].flat().map(toCannedReply);
  const http = createCannedHttp(replies.length === 0 ? [{ status: 200, body: {} }] : replies);
  const connection = madeUpConnection(definition, file.connection);
  const { call } = createTestEngine({
    definition,
    http,
    authMethods: caseAuthMethods,
    secrets: Object.fromEntries(
      Object.entries(file.secrets ?? {}).map(([name, { value, hosts = [] }]) => [name, { value, hosts }]),
    ),
    variables: (file.variables ?? {}) as Readonly<Record<string, Json>>,
    ...(connection === undefined ? {} : { connection }),
  });
  const paged = replies.length > 1 && definition.actions?.[file.action]?.pagination !== undefined;
  const outcome = await settle(async () =>
    readOutput(
      await call(file.action, each.input as Json, {
        ...(file.user === undefined ? {} : { caller: toCaller(file.user) }),
        ...(paged ? { page: { all: true } } : {}),
      }),
    ),
  );
  return judge(file.action, title, each, outcome, http.sent);
};

type Outcome = { readonly output: unknown } | { readonly failure: ConnectorError };

const settle = async (work: () => Promise<unknown>): Promise<Outcome> => {
  try {
    return { output: await work() };
  } catch (error) {
    if (error instanceof ConnectorError) return { failure: error };
    throw error;
  }
};

const judge = (
  action: string,
  title: string,
  each: Case,
  outcome: Outcome,
  sent: readonly SentRequest[],
): CaseResult => {
  const several = Array.isArray(each.request);
  const differences = [each.request ?? []]
    .flat()
    .flatMap((request, index) => compareRequest(several ? `request ${index + 1}` : "request", request, sent[index]));
  const failure = "failure" in outcome ? outcome.failure : undefined;
  if (each.error !== undefined) {
    const codes = failure === undefined ? [] : [failure.connectorCode, failure.code];
    if (!codes.includes(each.error)) {
      differences.push({ place: "error", expected: each.error, actual: codes.find((code) => code !== undefined) });
    }
  } else if (each.output !== undefined && "output" in outcome) {
    differences.push(...compareValues("output", each.output, outcome.output));
  }
  // A case about the request alone says nothing of the answer, which was made up.
  const unexpected =
    failure !== undefined && each.error === undefined && (each.reply !== undefined || sent.length === 0);
  return {
    title,
    action,
    passed: differences.length === 0 && !unexpected,
    differences,
    ...(unexpected ? { error: describe(failure) } : {}),
  };
};

const describe = ({ code, message, hint }: ConnectorError): NonNullable<CaseResult["error"]> => ({
  code,
  message,
  ...(hint === undefined ? {} : { hint }),
});

const toCannedReply = ({ status, headers, body }: CaseReply): CannedReply => ({
  ...(status === undefined ? {} : { status }),
  ...(headers === undefined
    ? {}
    : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) }),
  ...(body === undefined ? {} : { body }),
});

const toCaller = (user: CaseUser): Caller => ({
  kind: "user",
  id: user.id,
  scopes: ["execute"],
  user: {
    id: user.id,
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(user.name === undefined ? {} : { name: user.name }),
    roles: user.roles ?? [],
    groups: [],
    claims: (user.claims ?? {}) as Readonly<Record<string, Json>>,
  },
});

/** Text and files are compared with their content type: `{ contentType, text }` and `{ contentType, base64 }`. */
const readOutput = async ({ output }: CallResult): Promise<unknown> => {
  if (output.kind === "json") return output.value;
  if (output.kind === "text") return { contentType: output.contentType, text: output.text };
  if (output.kind === "passed") return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of output.stream) chunks.push(chunk);
  return { contentType: output.contentType, base64: Buffer.concat(chunks).toString("base64") };
};

let compiled: ValidateFunction | undefined;

const caseValidator = (): ValidateFunction => {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020({
    allErrors: true,
    discriminator: true,
    verbose: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
  });
  addFormats.default(ajv);
  compiled = ajv.addSchema(definitionSchema).compile(caseFileSchema);
  return compiled;
};

/** Checks a file of cases against its schema; an empty list means that it is one. */
export const validateCaseFile = (document: unknown): readonly SchemaComplaint[] => {
  const validate = caseValidator();
  if (validate(document)) return [];
  return explainSchemaErrors(validate.errors ?? [], document, caseFileSchema).map((complaint) => ({
    ...complaint,
    message: nameCasePlace(complaint),
  }));
};

/** The words are those for definitions; a file of cases calls its root and its items by other names. */
const nameCasePlace = ({ pointer, message }: SchemaComplaint): string => {
  const index = /^\/cases\/(\d+)$/.exec(pointer)?.[1];
  if (index !== undefined) return message.replace(`"${index}"`, `Case ${Number(index) + 1}`);
  return pointer === "" ? message.replace(/^The connector/, "The file of cases") : message;
};
