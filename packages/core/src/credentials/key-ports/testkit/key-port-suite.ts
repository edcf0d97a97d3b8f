import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyPort } from "../../../ports/key-port.ts";

/** What a key port brings along to be tested. */
export interface KeyPortSubject {
  readonly keyPort: KeyPort;
  /** The same port after the operator moved on to another master key; it still unwraps with the one of `keyPort`. */
  readonly rotated: KeyPort;
  /** A port that knows neither master key. */
  readonly stranger: KeyPort;
}

/** What every adapter of `KeyPort` must do. Called once per adapter, with a function that sets it up. */
export function describeKeyPort(name: string, setUp: () => Promise<KeyPortSubject>): void {
  const context = "data-key/acme/k1";
  const makeKey = () => new Uint8Array(randomBytes(32));

  describe(`${name} as a key port`, () => {
    it("gives back the key that it wrapped", async () => {
      const { keyPort } = await setUp();
      const dataKey = makeKey();
      const wrapped = await keyPort.wrap(dataKey, context);
      expect(Buffer.from(await keyPort.unwrap(wrapped, keyPort.currentKeyId, context))).toEqual(Buffer.from(dataKey));
    });

    it("answers with text that does not hold the key", async () => {
      const { keyPort } = await setUp();
      const dataKey = makeKey();
      const wrapped = await keyPort.wrap(dataKey, context);
      expect(wrapped).toMatch(/^[\x20-\x7e]+$/);
      for (const encoding of ["base64", "base64url", "hex"] as const) {
        expect(wrapped).not.toContain(Buffer.from(dataKey).toString(encoding));
      }
    });

    it("wraps the same key differently each time", async () => {
      const { keyPort } = await setUp();
      const dataKey = makeKey();
      expect(await keyPort.wrap(dataKey, context)).not.toBe(await keyPort.wrap(dataKey, context));
    });

    it("refuses another context for good", async () => {
      const { keyPort } = await setUp();
      const wrapped = await keyPort.wrap(makeKey(), context);
      await expect(keyPort.unwrap(wrapped, keyPort.currentKeyId, "data-key/rival/k1")).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
        retryable: false,
      });
    });

    it("refuses a wrapped key that was changed", async () => {
      const { keyPort } = await setUp();
      const wrapped = await keyPort.wrap(makeKey(), context);
      const at = wrapped.length - 8;
      const changed = `${wrapped.slice(0, at)}${wrapped[at] === "A" ? "B" : "A"}${wrapped.slice(at + 1)}`;
      await expect(keyPort.unwrap(changed, keyPort.currentKeyId, context)).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
        retryable: false,
      });
    });

    it("unwraps with a former master key and wraps with the new one", async () => {
      const { keyPort, rotated } = await setUp();
      expect(rotated.currentKeyId).not.toBe(keyPort.currentKeyId);
      const dataKey = makeKey();
      const wrapped = await keyPort.wrap(dataKey, context);
      expect(Buffer.from(await rotated.unwrap(wrapped, keyPort.currentKeyId, context))).toEqual(Buffer.from(dataKey));
      const anew = await rotated.wrap(dataKey, context);
      await expect(keyPort.unwrap(anew, rotated.currentKeyId, context)).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
      });
    });

    it("says that a master key is not there, and which", async () => {
      const { keyPort, stranger } = await setUp();
      const wrapped = await keyPort.wrap(makeKey(), context);
      await expect(stranger.unwrap(wrapped, keyPort.currentKeyId, context)).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
        retryable: false,
        message: expect.stringContaining(keyPort.currentKeyId),
      });
    });
  });
}
