import { createHmac } from "node:crypto";
import { ConnectorError, type SecretRecord, type SettingRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { admitPush, type PushEvent, type PushPorts } from "./admit-push.ts";

const workspaceId = "01JD2X6K8Q4W";
const repositories: Readonly<Record<string, object>> = {
  main: { url: "https://git.example/a.git", webhookSecret: "push" },
  quiet: { url: "https://git.example/b.git" },
  forgotten: { url: "https://git.example/c.git", webhookSecret: "deleted" },
  sealed: { url: "https://git.example/d.git", webhookSecret: "locked" },
};
const rawBody = Buffer.from('{"ref":"refs/heads/main"}');
const signed = (secret: string) => ({
  "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`,
});

/** Ports that note each step; every read of the store takes `storeMs`. */
function watch(storeMs = 3) {
  const steps: string[] = [];
  const warnings: string[] = [];
  let now = 1_000;
  const ports = {
    stores: {
      settings: {
        async get(workspace: string, _kind: string, name: string) {
          steps.push("repository");
          now += storeMs;
          const value = workspace === workspaceId ? repositories[name] : undefined;
          return value && ({ value } as unknown as SettingRecord);
        },
      },
      secrets: {
        async get(workspace: string, name: string) {
          steps.push("secret");
          now += storeMs;
          const known = workspace === workspaceId && ["push", "locked"].includes(name);
          return known ? ({ name, sealed: name } as unknown as SecretRecord) : undefined;
        },
      },
    },
    vault: {
      async openText(_workspace: string, _purpose: string, sealed: unknown) {
        if (sealed === "locked") throw new ConnectorError("KEY_UNAVAILABLE", "The key service does not answer.");
        return "sesame";
      },
    },
    log: { warn: (_facts: object, message: string) => void warnings.push(message) },
    clock: {
      now: () => now,
      async sleep(ms: number) {
        now += ms;
      },
    },
  } as unknown as PushPorts;
  return { ports, steps, warnings, elapsed: () => now - 1_000 };
}

const event = (more: Partial<PushEvent>): PushEvent => ({ workspaceId, name: "main", headers: {}, rawBody, ...more });

it("admits an event that is signed with the repository's secret, at once", async () => {
  const { ports, elapsed } = watch();
  expect(await admitPush(ports, event({ headers: signed("sesame") }))).toMatchObject({ webhookSecret: "push" });
  expect(elapsed()).toBe(6);
});

describe("refuses alike", () => {
  const table: readonly [what: string, event: Partial<PushEvent>][] = [
    ["no signature", {}],
    ["a signature by another secret", { headers: signed("another") }],
    ["a repository that does not exist", { name: "nothing", headers: signed("sesame") }],
    ["a workspace that does not exist", { workspaceId: "nobody", headers: signed("sesame") }],
    ["a name that the store could not take", { name: "a\u0000b", headers: signed("sesame") }],
    ["a repository without a webhook secret", { name: "quiet", headers: signed("") }],
    ["a webhook secret that does not exist", { name: "forgotten", headers: signed("") }],
    ["a webhook secret that cannot be opened", { name: "sealed", headers: signed("sesame") }],
  ];
  it.each(table)("%s", async (_what, more) => {
    const { ports, steps, elapsed } = watch();
    const refusal = (await admitPush(ports, event(more)).catch((error: unknown) => error)) as ConnectorError;
    expect([refusal.code, refusal.message, refusal.hint]).toEqual([
      "UNAUTHENTICATED",
      "The push event is not signed with the repository's webhook secret.",
      "Set the same secret at the repository's host and in the workspace.",
    ]);
    expect(steps).toEqual(["repository", "secret"]);
    expect(elapsed()).toBe(50);
  });
  it("and does not wait any longer when the store was slow", async () => {
    const { ports, elapsed } = watch(100);
    await expect(admitPush(ports, event({}))).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(elapsed()).toBe(200);
  });
});

it("tells the operator, and nobody else, that a secret could not be opened", async () => {
  const { ports, warnings } = watch();
  await expect(admitPush(ports, event({ name: "sealed" }))).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await expect(admitPush(ports, event({ name: "forgotten" }))).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(warnings).toEqual(["the webhook secret of a repository could not be opened"]);
});

it("does not call a store that is away a wrong signature", async () => {
  const { ports } = watch();
  const away = new ConnectorError("STORE_UNAVAILABLE", "The database does not answer.");
  const stores = { ...ports.stores, settings: { get: () => Promise.reject(away) } } as unknown as PushPorts["stores"];
  await expect(admitPush({ ...ports, stores }, event({}))).rejects.toBe(away);
});
