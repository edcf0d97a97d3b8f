import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadOrCreateKeyFile } from "@junctor/core";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bookshop, startBookshop } from "../../examples/bookshop-api/start-bookshop.ts";
import { repositoryRoot } from "../architecture/read-source-files.ts";
import { readCodeBlocks } from "./read-code-blocks.ts";

/** The page for authors, typed as it stands: every file that it shows is written, every command run, in their order. */
const page = "docs/start/author.md";
const bin = join(repositoryRoot, "packages/cli/bin/junctor.mjs");
const key = `jk_${randomBytes(30).toString("base64url")}`;
let folder: string;
let shop: Bookshop;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "junctor-author-"));
  shop = await startBookshop({ port: 0, token: "bookshop-demo-token" });
  const { keyPort } = await loadOrCreateKeyFile(join(folder, "master-key"));
  const settings = {
    JUNCTOR_PORT: "0",
    JUNCTOR_DATA_DIR: join(folder, "data"),
    JUNCTOR_LOG_LEVEL: "silent",
    JUNCTOR_FIRST_KEY: key,
    JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${shop.port}`,
  };
  server = await startServer(resolveConfig(settings), { keyPort });
});
afterAll(async () => {
  await server?.close();
  await shop?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The shop of a test has a port of its own. */
const here = (text: string): string => text.replaceAll("127.0.0.1:4010", `127.0.0.1:${shop.port}`);

const type = (line: string): Promise<{ readonly code: number | null; readonly out: string }> =>
  new Promise((resolve, reject) => {
    const command = here(line).replace(/^npx junctor /, `"${process.execPath}" "${bin}" `);
    const child = spawn("sh", ["-c", command], {
      cwd: folder,
      env: { PATH: process.env.PATH, JUNCTOR_URL: server.url, JUNCTOR_KEY: key },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out }));
  });

it("every command of the page works, in its order, and the last one prints what the page says", {
  timeout: 300_000,
}, async () => {
  let printed = "";
  let typed = 0;
  for (const { language, note, text } of readCodeBlocks().filter((block) => block.page === page)) {
    const file = /^file=(\S+)$/.exec(note)?.[1];
    if (file !== undefined) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), here(text));
    } else if (language === "sh") {
      for (const line of text.split("\n")) {
        const { code, out } = await type(line);
        expect([line, code]).toEqual([line, 0]);
        printed = out;
        typed += 1;
      }
    } else {
      expect(JSON.parse(printed)).toEqual(JSON.parse(text));
    }
  }
  expect(typed).toBeGreaterThan(8);
});
