import { describe, expect, it } from "vitest";
import { openNamedSecret } from "./open-named-secret.ts";

const hosts = ["git.example", "*.forge.example"];
type Context = Parameters<typeof openNamedSecret>[0];
const context = {
  stores: { secrets: { get: async () => ({ sealed: "sealed", hosts }) } },
  vault: { openText: async () => "value" },
} as unknown as Context;

describe("the access token of a repository goes to", () => {
  const table: readonly [url: string, goes: boolean][] = [
    ["https://git.example/a/b.git", true],
    ["https://eu.forge.example/b.git", true],
    ["https://evil.example/b.git", false],
    ["https://git.example.evil.example/b.git", false],
    ["https://git.example@evil.example/b.git", false],
    ["git.example", false],
  ];
  it.each(table)("%s: %s", async (url, goes) => {
    const opened = openNamedSecret(context, "w", "token", url);
    if (goes) expect(await opened).toBe("value");
    else await expect(opened).rejects.toMatchObject({ code: "SECRET_HOST_REFUSED" });
  });
});
