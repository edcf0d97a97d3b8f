import type { KeyPort } from "../../ports/key-port.ts";

/**
 * Makes one key port of several: the first wraps, all of them unwrap. For moving from one kind of master key to
 * another, such as from a file to a key service: combine, rotate the master key, drop the former port.
 */
export function combineKeyPorts(current: KeyPort, ...former: readonly KeyPort[]): KeyPort {
  const byKeyId = new Map([current, ...former].toReversed().flatMap((port) => port.keyIds.map((id) => [id, port])));
  return {
    currentKeyId: current.currentKeyId,
    keyIds: [...new Set([current, ...former].flatMap(({ keyIds }) => keyIds))],
    wrap: (dataKey, context) => current.wrap(dataKey, context),
    // A key that nobody knows is refused by the current port, which can say where it is missing.
    unwrap: (wrapped, keyId, context) => (byKeyId.get(keyId) ?? current).unwrap(wrapped, keyId, context),
  };
}
