import { ConnectorError } from "../errors/connector-error.ts";

/** Names the step in which a composite failed; of nested composites the innermost step stays named. */
export function nameStep(failure: unknown, id: string, index: number): unknown {
  if (!(failure instanceof ConnectorError)) return failure;
  if (failure.step !== undefined) return failure;
  return new ConnectorError(failure.code, `Step "${id}" (index ${index}): ${failure.message}`, {
    ...optional("hint", failure.hint),
    ...optional("upstreamStatus", failure.upstreamStatus),
    ...optional("retryAfter", failure.retryAfter),
    ...optional("connectorCode", failure.connectorCode),
    status: failure.status,
    retryable: failure.retryable,
    stage: failure.stage,
    details: failure.details,
    isWritten: failure.isWritten,
    cause: failure,
    step: { name: id, index },
  });
}

const optional = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in Key]?: Value };
