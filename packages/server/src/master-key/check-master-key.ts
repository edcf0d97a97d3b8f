import { randomBytes, timingSafeEqual } from "node:crypto";
import { ConnectorError, type DataKeyRecord, type DataKeyStore, type KeyPort, openDataKey } from "@junctor/core";

/** Data keys of one master key that are tried before it counts as a wrong one; a single one may be damaged. */
const samples = 3;

/**
 * Checks that the master key is the one of this database and can be used, so that a wrong one is found when the server
 * starts and not by the first caller: every current data key must be wrapped by a known master key, one of each must
 * open, and wrapping must work. Fails with KEY_UNAVAILABLE.
 */
export async function checkMasterKey(keyPort: KeyPort, dataKeys: Pick<DataKeyStore, "list">): Promise<void> {
  const current = (await dataKeys.list()).filter(({ retiredAt }) => retiredAt === null);
  const byMasterKey = Map.groupBy(current, ({ masterKeyId }) => masterKeyId);
  const unknown = [...byMasterKey].filter(([masterKeyId]) => !keyPort.keyIds.includes(masterKeyId));
  if (unknown.length > 0) throw wrongMasterKey(keyPort, unknown, current.length);
  for (const records of byMasterKey.values()) await openOne(keyPort, records.slice(0, samples));
  await tryWrapping(keyPort);
}

/** Fails with what the last attempt said, when none of them opens. */
async function openOne(keyPort: KeyPort, records: readonly DataKeyRecord[]): Promise<void> {
  let failure: unknown;
  for (const record of records) {
    try {
      await openDataKey(record, keyPort);
      return;
    } catch (error) {
      failure = error;
      if (error instanceof ConnectorError && error.retryable) break;
    }
  }
  if (failure !== undefined) throw failure;
}

async function tryWrapping(keyPort: KeyPort): Promise<void> {
  // Begins as the context of a data key does: the policy of a key in KMS may ask for that.
  const [probe, context] = [randomBytes(32), "data-key/probe"];
  const wrapped = await keyPort.wrap(probe, context);
  const opened = await keyPort.unwrap(wrapped, keyPort.currentKeyId, context);
  if (opened.length === probe.length && timingSafeEqual(opened, probe)) return;
  throw new ConnectorError("KEY_UNAVAILABLE", "The key service did not give back the key that it was given.", {
    hint: "Check that the address is the one of the key service itself.",
  });
}

function wrongMasterKey(
  { currentKeyId }: KeyPort,
  unknown: readonly (readonly [masterKeyId: string, records: readonly DataKeyRecord[]])[],
  total: number,
): ConnectorError {
  const missing = unknown.map(([masterKeyId]) => masterKeyId).join(", ");
  const count = unknown.reduce((sum, [, records]) => sum + records.length, 0);
  const message = `The secrets of ${count} of ${total} workspaces are protected by the master key ${missing}, which is not among those given (${currentKeyId}).`;
  return new ConnectorError("KEY_UNAVAILABLE", message, {
    hint:
      count === total
        ? "Give the master key with which this database was written; while a rotation is under way, behind the new one (docs/guides/rotate-keys.md)."
        : "A rotation has not finished: give that master key again, behind the current one, until it has (docs/guides/rotate-keys.md).",
    retryable: false,
  });
}
