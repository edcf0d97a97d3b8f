import { describe, expect, it } from "vitest";
import { createSecretValues } from "./secret-values.ts";

const secret = 'p@ss"wörd/ +1&2';

function remembering(...values: unknown[]) {
  const secrets = createSecretValues();
  for (const value of values) secrets.add(value);
  return secrets;
}

describe("secret values are taken out of text", () => {
  const shown: readonly [how: string, text: string][] = [
    ["as they are", `token ${secret} end`],
    ["in JSON", JSON.stringify({ token: secret })],
    ["in JSON within JSON", JSON.stringify({ body: JSON.stringify({ token: secret }) })],
    ["URL-encoded", `https://x/?t=${encodeURIComponent(secret)}&u=1`],
    ["form-encoded", new URLSearchParams({ t: secret }).toString()],
    ["in XML", `<a b="${secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"/>`],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 after one byte", Buffer.from(`x${secret}yz`).toString("base64")],
    ["in base64 after two bytes", Buffer.from(`xy${secret}z`).toString("base64")],
    ["in Basic credentials", `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`],
    ["in base64url", Buffer.from(`{"k":"${secret}"}`).toString("base64url")],
  ];
  for (const [how, text] of shown) {
    it(how, () => {
      const secrets = remembering(secret);
      expect(secrets.occursIn(text)).toBe(true);
      const cleaned = secrets.clean(text);
      expect(cleaned).toContain("[redacted]");
      expect(secrets.occursIn(cleaned)).toBe(false);
    });
  }

  it("wherever they stand in a JSON value", () => {
    const secrets = remembering({ a: [{ b: "inner-secret-1" }], c: 5, d: null });
    expect(secrets.clean("x inner-secret-1 y")).toBe("x [redacted] y");
  });

  it("but not when they are too short to tell from ordinary text", () => {
    expect(remembering("abc1234").clean("abc1234")).toBe("abc1234");
  });

  it("ordinary text stays as it is", () => {
    const text = '{"level":30,"msg":"call finished","route":"/v1/connectors"}';
    expect(remembering(secret).clean(text)).toBe(text);
  });

  it("holds no more values than it may", () => {
    const secrets = createSecretValues(2);
    for (const value of ["first-secret", "second-secret", "first-secret", "third-secret"]) secrets.add(value);
    expect(secrets.clean("first-secret second-secret third-secret")).toBe("[redacted] second-secret [redacted]");
  });
});
