import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort, HttpRequest } from "../../ports/http.ts";
import type { JsonObject } from "../../ports/records.ts";

/** The answer of a key service: its status, and its body where that is a JSON object. */
export interface KeyServiceAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

const attempts = 3;
const timeoutMs = 5_000;
const largestAnswer = 65_536;

/**
 * Sends one request to a key service, at most three times: wrapping and unwrapping may be repeated. `makeRequest` is
 * asked for each attempt, because a signature holds the time.
 */
export async function askKeyService(
  http: HttpPort,
  service: string,
  makeRequest: () => Promise<HttpRequest>,
): Promise<KeyServiceAnswer> {
  let failure: unknown;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, 100 * attempt * (0.5 + Math.random())));
    try {
      const response = await http.request({ timeoutMs, maxResponseBytes: largestAnswer, ...(await makeRequest()) });
      const text = await response.body.text();
      if (response.status !== 429 && response.status < 500) return { status: response.status, body: readObject(text) };
      failure = new Error(`HTTP status ${response.status}`);
    } catch (error) {
      failure = error;
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new ConnectorError("KEY_UNAVAILABLE", `${service} does not answer: ${reason}.`, {
    hint: "Check its address, that the outbound policy allows it, and that it runs. Nothing was changed.",
    cause: failure,
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
