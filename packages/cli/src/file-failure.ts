import { CliFailure } from "./cli-failure.ts";

/** What the operating system says of a path, in words. What is not in this list is no mistake in a path. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a file is in the way",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many links",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  EDQUOT: "the quota is used up",
  EFBIG: "the file would be too large",
  EBUSY: "it is in use",
  ENXIO: "nobody reads there",
  ETXTBSY: "a program runs from it",
  EINVAL: "the system does not accept the path",
  EMFILE: "too many files are open",
  ERR_INVALID_ARG_VALUE: "the path holds a zero byte",
};

/** Says in words why a file could not be used; undefined when the failure is none of files and folders. */
export const describeFileFailure = (error: unknown): string | undefined =>
  error instanceof Error ? reasons[(error as NodeJS.ErrnoException).code ?? ""] : undefined;

/** Runs `work`, which writes to `path` as the user named it; what the system refuses becomes a failure with exit code 2. */
export const writing = async <Value>(path: string, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    const reason = describeFileFailure(error);
    if (reason === undefined) throw error;
    throw new CliFailure(`${path} cannot be written: ${reason}`, { kind: "usage", cause: error });
  }
};
