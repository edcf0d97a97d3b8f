import { errorCatalogue } from "@junctor/contract";
import type { ConnectorError } from "@junctor/core";

/** The error body of the widget route. */
export interface WidgetEnvelope {
  readonly success: false;
  readonly errors: {
    readonly code: string;
    readonly detail: string;
    readonly scope?: string;
    readonly params?: readonly string[];
  };
  readonly request_id: string;
}

export interface WidgetFailure {
  readonly status: number;
  readonly body: WidgetEnvelope;
  /** Whether the upstream gave no answer in time: told in the timing header, whatever the status. */
  readonly timedOut: boolean;
}

/** Step of a composite in which a call failed. */
export interface FailedStep {
  readonly name: string;
  /** From 0. */
  readonly index: number;
}

const template = "Configuration (template rendering)";
const network = "Downstream (network/external service)";

/** Status and scope that the older widget contract documents for our codes; every other code keeps its own status. */
const documented: Readonly<Record<string, readonly [status: number, scope: string]>> = {
  VALUE_REFUSED: [422, template],
  SECRET_UNKNOWN: [422, template],
  VARIABLE_UNKNOWN: [422, template],
  SIGNING_FAILED: [422, "Authentication (JWT signing)"],
  TOKEN_REQUEST_FAILED: [502, "Authentication (token request)"],
  AUTHENTICATION_FAILED: [502, "Authentication"],
  UPSTREAM_TIMEOUT: [502, network],
  ACTION_TIMEOUT: [502, network],
  UPSTREAM_UNREACHABLE: [502, network],
  UPSTREAM_TLS_FAILED: [502, network],
  UPSTREAM_TOO_LARGE: [502, network],
  UPSTREAM_INVALID: [502, network],
  UPSTREAM_REDIRECT_REFUSED: [502, network],
  EGRESS_REFUSED: [502, network],
  UPSTREAM_STATUS: [502, "Downstream (HTTP error)"],
  INTERNAL: [500, "Unexpected error"],
};

const timeouts: ReadonlySet<string> = new Set(["UPSTREAM_TIMEOUT", "ACTION_TIMEOUT"]);

/**
 * Maps a failure to the widget route's envelope. In compatibility mode the statuses are those the older contract
 * documents (a timeout is a 502); otherwise they are the catalogue's (a timeout is a 504). The stable code is always
 * there, so a caller can tell one from the other either way.
 */
export function toWidgetFailure(
  error: ConnectorError,
  requestId: string,
  options: { readonly compatible: boolean; readonly step?: FailedStep },
): WidgetFailure {
  const [status, scope] = documentedFor(error);
  const { step } = options;
  const prefix = step === undefined ? "" : `Composite step '${step.name}' (index ${step.index}): `;
  const told = scope === undefined && step === undefined ? undefined : `${prefix}${scope ?? "Unexpected error"}`;
  return {
    status: options.compatible ? (status ?? error.status) : error.status,
    timedOut: timeouts.has(error.code),
    body: {
      success: false,
      errors: {
        code: error.code,
        detail: describeForVisitor(error),
        ...(told === undefined ? {} : { scope: told }),
      },
      request_id: requestId,
    },
  };
}

/** Codes that the caller causes, or can do something about: their messages say what, and speak of nothing else. */
const ofCaller: ReadonlySet<string> = new Set([
  "REQUEST_MALFORMED",
  "REQUEST_INVALID",
  "REQUEST_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
  "METHOD_NOT_ALLOWED",
  "TOO_MANY_REQUESTS",
  "OVERLOADED",
  "SHUTTING_DOWN",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "ORIGIN_REFUSED",
  "USER_REQUIRED",
  "USER_TOKEN_INVALID",
  "CONNECTOR_UNKNOWN",
  "VERSION_UNKNOWN",
  "ACTION_UNKNOWN",
  "CONNECTION_UNKNOWN",
  "CONNECTION_REQUIRED",
  "INPUT_INVALID",
  "CACHE_ONLY",
  "CALL_CANCELLED",
  "ACTION_TIMEOUT",
  "INTERNAL",
]);

/**
 * Says what of a failure visitors of a page are told. The engine's messages are for authors: they quote upstreams and token servers,
 * and name addresses and the state of connections, which may be another's. What stays is what the caller caused, what the
 * connector's own rule wrote, and the status of the upstream; the rest is told by the catalogue's title.
 */
export function describeForVisitor({ code, message, isWritten }: ConnectorError): string {
  if (isWritten || ofCaller.has(code)) return message;
  // A step names itself in front: who wrote the definition chose the name, as the scope tells it.
  const [, where = "", answered] =
    /^((?:Step "[^"]*" \(index \d+\): )*)(The upstream answered \d{3}(?=[:.]| with an error\.$))?/.exec(message) ?? [];
  return `${where}${answered ?? errorCatalogue[code].title}.`;
}

function documentedFor({ code, stage }: ConnectorError): readonly [status?: number, scope?: string] {
  if (code !== "TEMPLATE_FAILED") return documented[code] ?? [];
  return [422, stage === "transform" ? "Configuration (response template rendering)" : template];
}

/** The envelope of an error that belongs to the widget contract alone (path parameters, method). */
export function widgetEnvelope(requestId: string, errors: WidgetEnvelope["errors"]): WidgetEnvelope {
  return { success: false, errors, request_id: requestId };
}
