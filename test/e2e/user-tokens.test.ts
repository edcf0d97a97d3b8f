import { type ChildProcess, spawn } from "node:child_process";
import { createUserTokenVerifier, type HttpPort } from "@junctor/core";
import { afterEach, expect, it } from "vitest";
import { repositoryRoot } from "../architecture/read-source-files.ts";

const secret = "0123456789abcdef0123456789abcdef";
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill();
});

/** Starts an example and resolves to the URL it prints. */
function start(command: string, file: string, port: number): Promise<string> {
  const process_ = spawn(command, [file], {
    cwd: repositoryRoot,
    env: { ...process.env, JUNCTOR_TOKEN_SECRET: secret, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = process_;
  return new Promise((resolve, reject) => {
    process_.once("exit", (code) => reject(new Error(`${command} ${file} ended with ${code}`)));
    process_.stdout.on("data", (chunk) => {
      const url = /http:\S+/.exec(String(chunk))?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

const examples: readonly [language: string, command: string, file: string, port: number][] = [
  ["Node", "node", "examples/user-tokens/server.ts", 4021],
  ["Python", "/usr/bin/python3", "examples/user-tokens/server.py", 4022],
];
it.each(examples)("the %s example mints a token that Junctor accepts", async (_language, command, file, port) => {
  const answer = await fetch(await start(command, file, port));
  const verifier = createUserTokenVerifier({ http: {} as HttpPort, clock: { now: () => Date.now() } });
  const issuer = {
    issuer: "https://app.example",
    audience: "junctor",
    algorithms: ["HS256"],
    key: { kind: "secret", secret },
  } as const;
  expect(await verifier.verify(await answer.text(), issuer)).toMatchObject({
    id: "u-1",
    name: "Ada",
    roles: ["member"],
  });
});
