import { createSecretKey, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type DataKey, openText, readDataKeyId, sealedPrefix, sealText } from "./envelope.ts";

const makeKey = (id: string): DataKey => ({ id, key: createSecretKey(randomBytes(32)) });
const key = makeKey("key-1");
const context = { workspaceId: "acme", purpose: "secret:token" };
const plaintext = "s3cret-Ünïcode-\u0000-value";
const sealed = sealText(plaintext, key, context);

/** Flips one bit of the nth part of a sealed value. */
function flip(part: number): string {
  return sealed
    .split(".")
    .map((text, index) => {
      if (index !== part) return text;
      const bytes = Buffer.from(text, "base64url");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString("base64url");
    })
    .join(".");
}

describe("a sealed value", () => {
  it("opens to what was sealed, in the same place under the same key", () => {
    expect(openText(sealed, key, context)).toBe(plaintext);
    expect(openText(sealText("", key, context), key, context)).toBe("");
  });

  it("names its format and its data key in front", () => {
    expect(sealed.startsWith(sealedPrefix("key-1"))).toBe(true);
    expect(sealed).toMatch(/^j1\.key-1\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(readDataKeyId(sealed)).toBe("key-1");
  });

  it("differs each time, so equal secrets cannot be told", () => {
    expect(sealText(plaintext, key, context)).not.toBe(sealed);
  });

  const refused: readonly [what: string, text: string, key: DataKey, context: typeof context, message: RegExp][] = [
    ["moved to another workspace", sealed, key, { ...context, workspaceId: "rival" }, /belongs to another place/],
    ["moved to another name", sealed, key, { ...context, purpose: "secret:other" }, /belongs to another place/],
    ["moved to another kind", sealed, key, { ...context, purpose: "connection-credential:token" }, /another place/],
    [
      "with the workspace's end moved into the purpose",
      sealed,
      key,
      { workspaceId: "ac", purpose: "mesecret:token" },
      /another place/,
    ],
    ["under another key of the same id", sealed, makeKey("key-1"), context, /belongs to another place/],
    ["with another key id in front", sealed.replace("key-1", "key-2"), key, context, /belongs to another place/],
    ["with a changed nonce", flip(2), key, context, /was changed/],
    ["with a changed tag", flip(3), key, context, /was changed/],
    ["with a changed ciphertext", flip(4), key, context, /was changed/],
    ["with a tag cut to four bytes", sealed.replace(/\.([\w-]{22})\./, ".AAAAAA."), key, context, /cut off/],
    ["without its ciphertext", sealed.split(".").slice(0, 4).join("."), key, context, /not in a known format/],
    ["of another format", sealed.replace("j1.", "j2."), key, context, /not in a known format/],
    ["that is plain text", "hunter2", key, context, /not in a known format/],
    ["that is empty", "", key, context, /not in a known format/],
  ];
  it.each(refused)("is refused %s", (_what, text, underKey, inContext, message) => {
    const open = () => openText(text, underKey, inContext);
    expect(open).toThrow(message);
    expect(open).toThrow(expect.objectContaining({ code: "KEY_UNAVAILABLE", retryable: false }));
  });
});
