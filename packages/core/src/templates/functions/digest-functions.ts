import { createHash, createHmac, randomUUID } from "node:crypto";
import type { HostCallable } from "@junctor/jinja";
import { readArgument, readWord } from "./arguments.ts";
import { readBytes } from "./base64-functions.ts";

/** Algorithms by the names that APIs use; md5 and sha1 are there for old APIs only. */
const ALGORITHMS = ["sha256", "sha384", "sha512", "sha1", "md5"] as const;
const ENCODINGS = ["hex", "base64", "base64url"] as const;

const digest = (algorithm: (typeof ALGORITHMS)[number]): HostCallable => ({
  budget: { steps: 40, stepsPer64Bytes: 2, growth: 1 },
  call: ([value, ...args], named) =>
    createHash(algorithm)
      .update(readBytes(value, algorithm))
      .digest(readWord({ args, named }, 0, "encoding", ENCODINGS)),
});

const hash: HostCallable = {
  budget: { steps: 40, stepsPer64Bytes: 2, growth: 1 },
  call: ([value, ...args], named) => {
    const algorithm = readWord({ args, named }, 0, "algorithm", ALGORITHMS);
    return createHash(algorithm)
      .update(readBytes(value, "hash"))
      .digest(readWord({ args, named }, 1, "encoding", ENCODINGS));
  },
};

/** Signs with a shared key (RFC 2104): `text | hmac(key, 'sha256', 'hex')`. */
const hmac: HostCallable = {
  budget: { steps: 60, stepsPer64Bytes: 2, growth: 1 },
  call: ([value, ...args], named) => {
    const given = { args, named };
    const key = readBytes(readArgument(given, 0, "key"), "the key of hmac");
    const signer = createHmac(readWord(given, 1, "algorithm", ALGORITHMS), key);
    return signer.update(readBytes(value, "hmac")).digest(readWord(given, 2, "encoding", ENCODINGS));
  },
};

/** Filters that hash and sign. */
export const DIGEST_FILTERS: Readonly<Record<string, HostCallable>> = { sha256: digest("sha256"), hash, hmac };

/** Makes a random UUID (RFC 9562, version 4). */
const uuid: HostCallable = { budget: { steps: 30 }, call: () => randomUUID() };

/** Functions that make identifiers. */
export const DIGEST_FUNCTIONS: Readonly<Record<string, HostCallable>> = { uuid };
