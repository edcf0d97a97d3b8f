import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type GitServer, serveGit } from "./serve-git.ts";

/** A Git repository with branch `main`, in a temporary folder, and the loopback server from which it is fetched. */
export interface DefinitionRepository {
  readonly url: string;
  readonly server: GitServer;
  /** Commits files (undefined deletes a file or folder, an object is written as JSON) and pushes them to where the server has them. */
  push(files: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** Makes an empty repository and serves it. */
export async function makeDefinitionRepository(): Promise<DefinitionRepository> {
  const root = mkdtempSync(join(tmpdir(), "junctor-registry-"));
  const work = join(root, "work");
  const git = (...args: string[]): void => {
    const person = ["-c", "user.name=t", "-c", "user.email=t@t.example"];
    execFileSync("git", ["-C", work, ...person, ...args]);
  };
  mkdirSync(work);
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", join(root, "public.git")]);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", join(root, "public.git"));
  const server = await serveGit(root);
  return {
    url: `http://127.0.0.1:${server.port}/public.git`,
    server,
    push(files) {
      for (const [path, content] of Object.entries(files)) {
        const full = join(work, path);
        if (content === undefined) rmSync(full, { force: true, recursive: true });
        else {
          mkdirSync(dirname(full), { recursive: true });
          writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content, null, 2));
        }
      }
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "change");
      git("push", "-q", "origin", "main");
    },
    close() {
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
