import { errorCatalogue, errorStages } from "../errors.ts";
import { closedObject, list, optional, ref, type Schema, text } from "./schema.ts";

/** Schemas of the answer to anything that failed (RFC 9457). */
export const problemSchemas: Readonly<Record<string, Schema>> = {
  Problem: closedObject(
    {
      type: text("URI of the code's entry in the error reference.", { format: "uri" }),
      title: text("The kind of problem, always the same for a code."),
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: text("Where and why, for this occurrence."),
      code: text("Stable code of the error catalogue.", { enum: Object.keys(errorCatalogue) }),
      stage: text("Part of the call in which the error arose.", { enum: [...errorStages] }),
      retryable: { type: "boolean", description: "Whether the same request may succeed later without a change." },
      requestId: text("Also in the logs and in the header X-Request-Id."),
      hint: optional(text("What to do next.")),
      retryAfter: optional({
        type: "number",
        minimum: 0,
        description: "Seconds after which a repetition makes sense.",
      }),
      connectorCode: optional(text("Code that the connector's own error rule gave.")),
      step: optional(
        closedObject({
          name: text("Id of the step of a composite in which it arose."),
          index: { type: "integer", minimum: 0, description: "Position of the step, from 0." },
        }),
      ),
      upstreamStatus: optional({ type: "integer", description: "Status that the upstream answered with." }),
      errors: optional(list(ref("ProblemDetail"))),
    },
    "The body of every error answer, as application/problem+json.",
  ),
  ProblemDetail: closedObject(
    {
      pointer: text("JSON pointer (RFC 6901) into the request body, the input or the definition."),
      message: text("What is wrong there."),
      hint: optional(text("What to do about it.")),
      line: optional({ type: "integer", minimum: 1 }),
      column: optional({ type: "integer", minimum: 1 }),
    },
    "One reason within a problem, tied to a place in the caller's document.",
  ),
};
