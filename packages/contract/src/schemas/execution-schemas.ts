import { closedObject, list, nullable, optional, page, ref, type Schema, text, time } from "./schema.ts";

const cache = nullable(
  text("What the response cache did.", { enum: ["hit", "stale", "revalidated", "coalesced", "miss", "bypass"] }),
);
const upstreamStatus = nullable({ type: "integer", description: "Status of the upstream's last answer." });

/** Schemas of calls, their records and the audit trail. */
export const executionSchemas: Readonly<Record<string, Schema>> = {
  ExecuteRequest: closedObject({
    input: optional({ description: "The action's input, by its schema. Default: an empty object." }),
    connection: optional(text("Name or id of the connection.", { minLength: 1 })),
    version: optional(text("Version of the connector; default: the highest published one.")),
    page: optional(
      closedObject({
        continuation: optional(text("`meta.continuation` of the page before.")),
        all: optional({ type: "boolean", description: "Read every page." }),
        limit: optional({ type: "integer", minimum: 1, description: "Most items over all pages." }),
      }),
    ),
    trace: optional({
      type: "boolean",
      description: "Tell in `meta.trace` what was sent and how long each stage took. Needs the scope connectors:write.",
    }),
  }),
  DryRunRequest: closedObject({
    input: optional({ description: "The action's input, by its schema. Default: an empty object." }),
    connection: optional(text("Name or id of the connection.", { minLength: 1 })),
    version: optional(text("Version of the connector; default: the highest published one.")),
    page: optional({ type: "object", description: "As in a call; has no effect on what is shown but the page." }),
    as: optional(ref("PretendedCaller")),
  }),
  PretendedCaller: closedObject(
    {
      kind: text("Kind of caller.", { enum: ["user", "anonymous"] }),
      user: optional(
        closedObject({
          id: text("Id of the user.", { minLength: 1 }),
          email: optional(text("E-mail address.")),
          name: optional(text("Name.")),
          roles: optional(list(text("Role."))),
          groups: optional(list(text("Group."))),
          claims: optional({ type: "object", description: "Further claims, as templates read them." }),
        }),
      ),
    },
    "Who would be calling; a dry run only. Needs the scope connectors:write.",
  ),
  ExecuteResult: closedObject({
    output: optional({ description: "The action's output, by its schema; absent when the action has none." }),
    meta: ref("CallMeta"),
  }),
  CallMeta: closedObject({
    requestId: text("Also in the header X-Request-Id."),
    executionId: text("Id of the execution's record."),
    connector: text("Name of the connector."),
    version: text("Version that ran."),
    action: text("Name of the action."),
    connection: nullable(text("Id of the connection.")),
    durationMs: { type: "number", minimum: 0 },
    attempts: { type: "integer", minimum: 0, description: "Requests sent upstream, repetitions included." },
    upstreamStatus,
    status: {
      type: "integer",
      description: "200, or the upstream's own where the connector passes its errors on as answers.",
    },
    cache,
    timing: closedObject({
      externalMs: { type: "number", minimum: 0, description: "Waiting for the upstream, all attempts." },
      cacheMs: { type: "number", minimum: 0, description: "Looking into the cache." },
      transformMs: { type: "number", minimum: 0, description: "Rendering the answer." },
    }),
    steps: optional(list(ref("StepTiming"))),
    continuation: optional(text("Pass it as `page.continuation` to read on; absent on the last page.")),
    trace: optional(ref("CallTrace")),
  }),
  StepTiming: closedObject(
    {
      name: text("Id of the step."),
      ms: { type: "number", minimum: 0 },
      externalMs: { type: "number", minimum: 0, description: "Waiting for the upstream, all runs of the step." },
    },
    "What a step of a composite took. Steps that were skipped are not listed.",
  ),
  CallTrace: closedObject(
    {
      request: nullable(ref("PlannedRequest")),
      auth: nullable(text("Auth method that signed the request; null when it carried no credential.")),
      unresolved: list(ref("UnresolvedName")),
      stages: list(ref("StageTime")),
    },
    "What a call sent, secrets masked, and how long its stages took.",
  ),
  StageTime: closedObject({
    stage: text("Stage of the pipeline, or `step <id>` of a composite."),
    ms: { type: "number", minimum: 0 },
    stages: optional(list(ref("StageTime"))),
  }),
  UnresolvedName: closedObject({
    name: text("Name as the template reads it."),
    pointer: text("Where the template stands in the definition."),
    line: { type: "integer", minimum: 1 },
    column: { type: "integer", minimum: 1 },
  }),
  DryRunResult: closedObject({ plan: ref("Plan") }),
  PlannedRequest: closedObject({
    method: text("HTTP method."),
    url: text("Absolute URL."),
    headers: list(ref("PlannedHeader")),
    body: optional({ description: "JSON for JSON bodies, text for others; a file is described, not shown." }),
    contentType: optional(text("Content type of the body.")),
  }),
  PlannedHeader: closedObject({ name: text("Name of the header."), value: text("Value; a secret is masked.") }),
  Plan: closedObject(
    {
      connector: text("Name of the connector."),
      version: text("Version that would run."),
      action: text("Name of the action."),
      connection: nullable(text("Id of the connection.")),
      request: ref("PlannedRequest"),
      unresolved: list(ref("UnresolvedName"), "Names in the request's templates that have no value in this call."),
      steps: optional(list(text("Id of a step."), "Steps of a composite; the request is the first one's.")),
      auth: nullable(text("Auth method that would sign the request; null when it carries no credential.")),
      timeoutMs: { type: "number", minimum: 0 },
      attempts: { type: "integer", minimum: 0, description: "Most requests that would be sent." },
      egress: closedObject({
        allowed: { type: "boolean", description: "Whether the outbound policy would let it go." },
        reason: optional(text("Why not.")),
      }),
    },
    "What a call would send. Nothing was sent, and every secret is masked.",
  ),
  Execution: closedObject(
    {
      id: text("Id of the execution."),
      requestId: text("Id of the request that caused it."),
      connector: text("Name of the connector."),
      connectorVersion: text("Version that ran."),
      action: text("Name of the action."),
      connectionId: nullable(text("Id of the connection.")),
      surface: text("Which way in: rest, widget, …"),
      callerKind: text("Kind of caller."),
      callerId: nullable(text("Id of the key, user or engine.")),
      startedAt: time("When it started."),
      durationMs: { type: "number", minimum: 0 },
      outcome: text("How it ended.", { enum: ["succeeded", "failed"] }),
      errorCode: nullable(text("Code of the error catalogue.")),
      errorStage: nullable(text("Stage in which it failed.")),
      upstreamStatus,
      attempts: { type: "integer", minimum: 0 },
      cache,
    },
    "The record of one call. It holds no body and no secret.",
  ),
  ExecutionList: page(ref("Execution")),
  AuditEntry: closedObject({
    id: text("Id of the entry."),
    at: time("When it happened."),
    actorKind: text("Kind of actor."),
    actorId: nullable(text("Id of the key or user.")),
    event: text("What was done, such as `secret.write`."),
    resource: text("To what."),
    requestId: nullable(text("Id of the request.")),
    detail: { type: "object", description: "Further facts; never a secret." },
  }),
  AuditList: page(ref("AuditEntry")),
};
