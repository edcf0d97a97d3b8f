import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveConfig, startServer } from "@junctor/server";
import { restoreBackup } from "@junctor/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), "junctor-backup-"));
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a backup taken while the server runs", () => {
  it("becomes a server that answers the same calls, secrets included", async () => {
    await expectStatus(200, stack.send("PUT", "/v1/variables/before", { body: { value: 1 } }));
    const answer = await fetch(`${stack.url}/v1/backup`, {
      method: "POST",
      headers: { authorization: `Bearer ${stack.key}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/gzip");
    const path = join(folder, "backup.tar.gz");
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    await expectStatus(200, stack.send("PUT", "/v1/variables/after", { body: { value: 2 } }));

    const data = join(folder, "data");
    await restoreBackup({ path, folder: data });
    const config = resolveConfig({ ...stack.environment, JUNCTOR_DATA_DIR: data, JUNCTOR_LOG_LEVEL: "silent" });
    const restored = await startServer(config);
    const variables = await stack.send("GET", "/v1/variables", { server: restored });
    expect((variables.body as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual(["before"]);
    const call = await stack.execute(
      "odd",
      "echo",
      { connection: "main", input: { message: "m" } },
      { server: restored },
    );
    expect(call.status).toBe(200);
    await restored.close();
  });

  it("is for those who may do everything", async () => {
    const made = await expectStatus(201, stack.send("POST", "/v1/keys", { body: { name: "k", scopes: ["*"] } }));
    const { key } = made.body as { key: string };
    expect((await stack.send("POST", "/v1/backup", { key })).body).toMatchObject({ code: "FORBIDDEN" });
  });
});
