import type { ErrorCode } from "../errors.ts";
import type { Route } from "../route.ts";
import { connectorName, text } from "../schemas/schema.ts";
import { actionParameter, connectorParameter, idParameter, keyOrPageWith, keyWith, pageQuery } from "./parameters.ts";

const parameters = { name: connectorParameter, action: actionParameter };

/** What keeps a call from being planned. */
const planErrors: readonly ErrorCode[] = [
  "CONNECTOR_UNKNOWN",
  "VERSION_UNKNOWN",
  "ACTION_UNKNOWN",
  "ACTION_UNSUPPORTED",
  "CONNECTION_UNKNOWN",
  "CONNECTION_REQUIRED",
  "CONNECTION_UNUSABLE",
  "DEFINITION_INVALID",
  "DEFINITION_UNSUPPORTED",
  "USER_REQUIRED",
  "INPUT_INVALID",
  "SECRET_UNKNOWN",
  "VARIABLE_UNKNOWN",
  "SECRET_HOST_REFUSED",
  "TEMPLATE_FAILED",
  "VALUE_REFUSED",
  "EGRESS_REFUSED",
  "KEY_UNAVAILABLE",
];

/** What may happen once a call is on its way. */
const callErrors: readonly ErrorCode[] = [
  "RATE_LIMITED",
  "CONCURRENCY_LIMITED",
  "AUTHENTICATION_FAILED",
  "TOKEN_REQUEST_FAILED",
  "SIGNING_FAILED",
  "UPSTREAM_STATUS",
  "UPSTREAM_TIMEOUT",
  "UPSTREAM_UNREACHABLE",
  "CACHE_ONLY",
  "UPSTREAM_TLS_FAILED",
  "UPSTREAM_TOO_LARGE",
  "UPSTREAM_INVALID",
  "UPSTREAM_REDIRECT_REFUSED",
  "PAGINATION_LIMIT",
  "OUTPUT_INVALID",
  "ACTION_TIMEOUT",
  "CALL_CANCELLED",
  "STEP_FAILED",
];

/** Routes of calls, their records and the audit trail. */
export const executionRoutes = {
  executeAction: {
    id: "executeAction",
    method: "POST",
    path: "/v1/connectors/{name}/actions/{action}/execute",
    tag: "Calls",
    summary: "Call an action",
    description:
      "An action whose output is text or a file answers with that instead of JSON; the execution's id is then in the header X-Junctor-Execution. Pages and users call it as they call a widget: with a publishable key, a user token in `Authorization` and then the key in `X-Junctor-Key`, or a user token alone; a policy must admit them. They get the published version, no hidden action and no trace, and are not told what a failing upstream said.",
    access: keyOrPageWith("execute"),
    parameters,
    query: {
      answer: {
        type: "string",
        enum: ["json", "raw"],
        default: "json",
        description:
          "`raw` answers with the bare output. An unchanged upstream answer is then passed on as it arrives, and not searched for secrets that the upstream echoes.",
      },
    },
    body: { schema: "ExecuteRequest", required: false },
    answer: {
      status: 200,
      description: "The action's output.",
      schema: "ExecuteResult",
      alsoAnyContentType: true,
    },
    errors: [...planErrors, ...callErrors],
  },
  dryRunAction: {
    id: "dryRunAction",
    method: "POST",
    path: "/v1/connectors/{name}/actions/{action}/dry-run",
    tag: "Calls",
    summary: "Show what a call would send",
    description: "Nothing is sent, no token is fetched, and every secret is masked.",
    access: keyWith("execute"),
    parameters,
    body: { schema: "DryRunRequest", required: false },
    answer: { status: 200, description: "The plan.", schema: "DryRunResult" },
    errors: planErrors,
  },
  listExecutions: {
    id: "listExecutions",
    method: "GET",
    path: "/v1/executions",
    tag: "Executions",
    summary: "List the records of calls",
    description: "Newest first. A record appears within a second of its call.",
    access: keyWith("executions:read"),
    query: {
      ...pageQuery,
      connector: connectorName("Only those of this connector."),
      outcome: { type: "string", enum: ["succeeded", "failed"], description: "Only those that ended so." },
      requestId: text("Only those of this request, as X-Request-Id and `meta.requestId` name it.", {
        minLength: 1,
        maxLength: 200,
      }),
    },
    answer: { status: 200, description: "One page of records.", schema: "ExecutionList" },
  },
  getExecution: {
    id: "getExecution",
    method: "GET",
    path: "/v1/executions/{id}",
    tag: "Executions",
    summary: "Read the record of one call",
    access: keyWith("executions:read"),
    parameters: { id: idParameter },
    answer: { status: 200, description: "The record.", schema: "Execution" },
    errors: ["RESOURCE_UNKNOWN"],
  },
  listAudit: {
    id: "listAudit",
    method: "GET",
    path: "/v1/audit",
    tag: "Audit",
    summary: "List the audit trail",
    description: "Newest first.",
    access: keyWith("audit:read"),
    query: pageQuery,
    answer: { status: 200, description: "One page of entries.", schema: "AuditList" },
  },
} as const satisfies Readonly<Record<string, Route>>;
