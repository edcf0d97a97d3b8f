import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort, HttpRequest } from "../../ports/http.ts";
import type { JsonObject } from "../../ports/records.ts";

/** The answer of a key service: its status, and its body where that is a JSON object. */
export interface KeyServiceAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** How a key service speaks. */
export interface KeyService {
  /** Name in messages. */
  readonly name: string;
  /** What an answer says went wrong, in the service's own words; empty for nothing. */
  readonly readReason: (body: JsonObject) => string;
  /** What to do about a reason; undefined where nothing better is known than to look whether the service runs. */
  readonly adviseOn: (reason: string) => string | undefined;
  /** Whether an answer below 500 is worth another attempt. Default: status 429. */
  readonly isBusy?: (answer: KeyServiceAnswer) => boolean;
}

const attempts = 3;
const timeoutMs = 5_000;
const largestAnswer = 65_536;

/**
 * Sends one request to a key service, at most three times: wrapping, unwrapping and reading may be repeated.
 * `makeRequest` is asked for each attempt, because a signature holds the time and a token may have been renewed.
 */
export async function askKeyService(
  http: HttpPort,
  service: KeyService,
  makeRequest: () => Promise<HttpRequest>,
): Promise<KeyServiceAnswer> {
  let reason = "";
  let cause: unknown;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, 100 * attempt * (0.5 + Math.random())));
    const request = await makeRequest();
    try {
      const response = await http.request({ timeoutMs, maxResponseBytes: largestAnswer, ...request });
      const answer = { status: response.status, body: readObject(await response.body.text()) };
      const isBusy = answer.status === 429 || service.isBusy?.(answer) === true;
      if (!isBusy && answer.status < 500) return answer;
      reason = [`HTTP status ${answer.status}`, service.readReason(answer.body)].filter(Boolean).join(", ");
      cause = undefined;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      cause = error;
    }
  }
  throw new ConnectorError("KEY_UNAVAILABLE", `${service.name} does not answer: ${reason.replace(/\.$/, "")}.`, {
    hint: service.adviseOn(reason) ?? "Check its address and that it runs. Nothing was changed; it is asked again.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads a text member of an answer; without it the answer is not one of a key service. */
export function readText(body: JsonObject, member: string, service: string): string {
  const value = body[member];
  if (typeof value === "string") return value;
  throw new ConnectorError("KEY_UNAVAILABLE", `The answer of ${service} has no ${member}.`, {
    hint: "Check that the address is the one of the key service itself.",
    retryable: false,
  });
}

function readObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
