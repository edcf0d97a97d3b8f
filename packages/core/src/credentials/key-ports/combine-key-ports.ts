import { ConnectorError } from "../../errors/connector-error.ts";
import type { KeyPort } from "../../ports/key-port.ts";

/**
 * Makes one key port of several: the first wraps, all of them unwrap. For moving from one kind of master key to
 * another, such as from a file to a key service: combine, rotate the master key, drop the former port.
 */
export function combineKeyPorts(current: KeyPort, ...former: readonly KeyPort[]): KeyPort {
  return {
    currentKeyId: current.currentKeyId,
    wrap: (dataKey, context) => current.wrap(dataKey, context),
    async unwrap(wrapped, keyId, context) {
      let failure: unknown;
      for (const port of [current, ...former]) {
        try {
          return await port.unwrap(wrapped, keyId, context);
        } catch (error) {
          // "Not mine" is for good; a service that is away may well have the key, so that is what is passed on.
          if (failure === undefined || (error instanceof ConnectorError && error.retryable)) failure = error;
          if (port.currentKeyId === keyId) throw error;
        }
      }
      throw failure;
    },
  };
}
