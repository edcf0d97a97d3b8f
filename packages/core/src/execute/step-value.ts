import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "../pipeline/call-state.ts";
import type { HttpHeaders } from "../ports/http.ts";

/** What later steps see as `steps.<id>`. */
export interface StepValue {
  /** Null where a rule ignored that there was no answer. */
  readonly status: number | null;
  readonly headers: HttpHeaders;
  readonly body: unknown;
  /** `status` under the name that imported templates use. */
  readonly status_code?: number | null;
  /** Set where the step's answer is text, for the answer of the whole action. */
  readonly contentType?: string;
}

/** Bytes of an answer that a later step may read as text. */
const limit = 16 * 1024 * 1024;

/** Reads what a finished request gave. An answer that would have been streamed is collected: text, or null if it is none. */
export async function readStepValue(state: CallState): Promise<StepValue> {
  const { output, response } = state;
  const status = state.failure === null ? (response?.status ?? 200) : null;
  // A secret of the step that the upstream echoed goes no further: later steps and the answer know nothing of it.
  const { redaction } = state;
  const head = { status, status_code: status, headers: redaction.cleanHeaders(response?.headers ?? {}) };
  if (output === null || output.kind === "passed") return { ...head, body: undefined };
  if (output.kind === "json") return { ...head, body: output.value };
  if (output.kind === "text") return { ...head, body: output.text, contentType: output.contentType };
  const text = await readText(output.bytes ?? (await collect(output.stream)));
  return { ...head, body: text === null ? null : redaction.clean(text), contentType: output.contentType };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) throw new ConnectorError("UPSTREAM_TOO_LARGE", `The answer of the step exceeds ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readText(bytes: Uint8Array): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
