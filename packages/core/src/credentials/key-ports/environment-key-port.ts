import type { KeyPort } from "../../ports/key-port.ts";
import { parseMasterKey, wrapLocally } from "./wrap-locally.ts";

/**
 * Makes a key port of the value of an environment variable: master keys of 32 bytes in base64 or hex, separated by
 * commas or spaces. The first wraps, the others only unwrap and may go after a rotation. The environment itself is read
 * by the server; `variable` is named in errors.
 */
export function createEnvironmentKeyPort(value: string, variable = "JUNCTOR_MASTER_KEY"): KeyPort {
  const origin = `the environment variable ${variable}`;
  const texts = value.split(/[\s,]+/).filter((text) => text !== "");
  return wrapLocally(
    texts.map((text) => parseMasterKey(text, origin)),
    origin,
  );
}
