import * as nodeFs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectorError, type HttpPort } from "@junctor/core";
import git, { type WalkerEntry } from "isomorphic-git";
import { createGitHttp } from "./git-http.ts";

/** Where definitions come from. */
export interface RepositoryAddress {
  readonly url: string;
  /** Default: the repository's own default branch. */
  readonly branch?: string;
  /** Folder within the repository; default: its root. */
  readonly folder?: string;
  /** Access token, sent as the password of Basic authentication. */
  readonly token?: string;
}

export interface RepositoryFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface FetchedRepository {
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
}

/** Bounds of one fetch. */
export interface RepositoryLimits {
  /** Bytes of the pack. Default 64 MiB. */
  readonly packBytes: number;
  /** Files that are read. Default 5,000. */
  readonly files: number;
  /** Bytes of one file. Default 5 MiB. */
  readonly fileBytes: number;
  /** Bytes of all files. Default 64 MiB. */
  readonly totalBytes: number;
  /** Milliseconds of one exchange. Default 60,000. */
  readonly timeoutMs: number;
}

const defaultLimits: RepositoryLimits = {
  packBytes: 64 * 1024 * 1024,
  files: 5_000,
  fileBytes: 5 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  timeoutMs: 60_000,
};

/** Files that a registry is made of; nothing else of the repository is read. */
const readable = /\.(?:json|ya?ml|svg|md)$/i;

/**
 * Fetches the newest commit of a branch and reads its definition files from the Git objects: no working tree is written,
 * so neither links nor path tricks reach the file system. Folders `node_modules` and those whose name
 * begins with a dot are passed over. Fails with SYNC_FAILED; the store is a temporary folder that
 * is removed afterwards.
 */
export async function fetchRepository(
  http: HttpPort,
  address: RepositoryAddress,
  options: Partial<RepositoryLimits> = {},
): Promise<FetchedRepository> {
  const limits = { ...defaultLimits, ...options };
  const dir = await mkdtemp(join(tmpdir(), "junctor-registry-"));
  const { url, branch, token } = address;
  try {
    await git.clone({
      fs: nodeFs,
      http: createGitHttp(http, { responseBytes: limits.packBytes, timeoutMs: limits.timeoutMs }),
      dir,
      url,
      singleBranch: true,
      depth: 1,
      noCheckout: true,
      noTags: true,
      ...(branch === undefined ? {} : { ref: branch }),
      // Given once: a server that refuses the token is not asked again with the same.
      onAuth: () => (token === undefined ? { cancel: true } : { username: "x-access-token", password: token }),
      onAuthFailure: () => ({ cancel: true }),
    });
    const commit = await git.resolveRef({ fs: nodeFs, dir, ref: branch ?? "HEAD" });
    return { commit, files: await readFiles(dir, commit, address.folder ?? "", limits) };
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    throw new ConnectorError("SYNC_FAILED", `The repository could not be fetched: ${describe(cause)}`, {
      hint: "Check the URL, the branch, the access token, and that the outbound policy allows the host.",
      cause,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readFiles(
  dir: string,
  commit: string,
  folder: string,
  limits: RepositoryLimits,
): Promise<RepositoryFile[]> {
  const prefix = folder.replace(/^\/+|\/+$/g, "");
  const files: RepositoryFile[] = [];
  let total = 0;
  await git.walk({
    fs: nodeFs,
    dir,
    trees: [git.TREE({ ref: commit })],
    map: async (path: string, [entry]: (WalkerEntry | null)[]) => {
      if (entry === null || entry === undefined) return undefined;
      const type = await entry.type();
      if (type === "tree") return isRelated(path, prefix) && !isSkipped(path, prefix) ? true : null;
      // Links and submodules are not followed: mode 0o120000 is a link, type `commit` a submodule.
      if (type !== "blob" || (await entry.mode()) === 0o120000) return undefined;
      if (!readable.test(path) || (prefix !== "" && !path.startsWith(`${prefix}/`))) return undefined;
      const bytes = (await entry.content()) ?? new Uint8Array();
      total += bytes.byteLength;
      if (bytes.byteLength > limits.fileBytes || total > limits.totalBytes || files.length >= limits.files) {
        throw new ConnectorError("SYNC_FAILED", `The repository is too large at ${path}.`, {
          hint: `At most ${limits.files} files, ${limits.fileBytes} bytes each, ${limits.totalBytes} bytes together. Name a folder.`,
        });
      }
      files.push({ path: prefix === "" ? path : path.slice(prefix.length + 1), bytes });
      return undefined;
    },
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a folder lies above or below the wanted one. */
const isRelated = (path: string, prefix: string): boolean =>
  path === "." || prefix === "" || path === prefix || path.startsWith(`${prefix}/`) || prefix.startsWith(`${path}/`);

/** Whether a folder below the wanted one holds no definitions of the repository's own: installed packages, and what tools hide. */
function isSkipped(path: string, prefix: string): boolean {
  const below = prefix === "" ? path : path.slice(prefix.length + 1);
  const last = below.slice(below.lastIndexOf("/") + 1);
  return last === "node_modules" || /^\../.test(last);
}

/** Says what went wrong without the URL's user part or the token, which Git errors may repeat. */
function describe(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  const told = code === "HttpError" || code === "NotFoundError" || code?.startsWith("EGRESS_") ? message : undefined;
  return (told ?? code ?? "unknown reason").replace(/\/\/[^/@\s]*@/g, "//");
}
