import { ConfigError } from "./config-error.ts";
import type { RawSettings } from "./config-settings.ts";
import { splitList } from "./split-list.ts";

/** Something secret: given, or in a file that is read whenever it is needed. */
export type GivenOrFile<Given> =
  | { readonly kind: "given"; readonly value: Given }
  | { readonly kind: "file"; readonly path: string };

/** Credentials for AWS KMS. */
export interface KmsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How Vault is reached. */
export interface VaultPlace {
  /** Without a slash at its end. */
  readonly address: string;
  readonly token: GivenOrFile<string>;
  readonly namespace: string | undefined;
}

/** One place that master keys come from. */
export type MasterKeySource =
  | { readonly kind: "keys"; readonly setting: string; readonly text: string }
  | { readonly kind: "key-file"; readonly path: string }
  | {
      readonly kind: "aws-kms";
      readonly keyId: string;
      readonly formerKeyIds: readonly string[];
      readonly region: string;
      readonly endpoint: string;
      readonly credentials: GivenOrFile<KmsCredentials>;
    }
  | {
      readonly kind: "vault-transit";
      readonly vault: VaultPlace;
      readonly mount: string;
      readonly key: string;
      readonly formerKeys: readonly string[];
    }
  | {
      readonly kind: "vault-kv";
      readonly vault: VaultPlace;
      readonly mount: string;
      readonly secret: string;
      readonly field: string;
    };

/** Where the master key comes from. */
export interface MasterKeyConfig {
  /** What wraps; undefined: nothing was set. */
  readonly current: MasterKeySource | undefined;
  /** What still unwraps, beside the current source's own former keys. */
  readonly former: readonly MasterKeySource[];
}

type Read = (name: keyof RawSettings) => string | undefined;

/** The settings of which exactly one is set, and the source that it makes. */
const sources: readonly (readonly [
  setting: keyof RawSettings,
  make: (read: Read, value: string) => MasterKeySource,
])[] = [
  ["JUNCTOR_MASTER_KEY", (_read, text) => ({ kind: "keys", setting: "JUNCTOR_MASTER_KEY", text })],
  ["JUNCTOR_MASTER_KEY_FILE", (_read, path) => ({ kind: "key-file", path })],
  [
    "JUNCTOR_KMS_KEY",
    (read, keyId) => readKms(read, "JUNCTOR_KMS_KEY", keyId, readList(read, "JUNCTOR_KMS_FORMER_KEYS")),
  ],
  [
    "JUNCTOR_VAULT_TRANSIT_KEY",
    (read, key) =>
      readTransit(read, "JUNCTOR_VAULT_TRANSIT_KEY", key, readList(read, "JUNCTOR_VAULT_TRANSIT_FORMER_KEYS")),
  ],
  ["JUNCTOR_VAULT_KV_SECRET", readKv],
];

/** Names of the settings of which exactly one is set. */
export const masterKeySettings: readonly string[] = sources.map(([setting]) => setting);

/**
 * Reads where the master key comes from. Throws a {@link ConfigError} for two sources, for one that is not told enough,
 * and for settings of a key service that no source uses.
 */
export function resolveMasterKey(read: Read): MasterKeyConfig {
  const set = sources.filter(([setting]) => read(setting) !== undefined);
  const [first, second] = set;
  if (first !== undefined && second !== undefined) {
    throw new ConfigError(
      first[0],
      `the master key has one source, and these are set: ${set.map(([setting]) => setting).join(", ")}. Keep one. To move from one to another, see docs/guides/rotate-keys.md.`,
    );
  }
  const current = first?.[1](read, read(first[0]) ?? "");
  const former = readFormer(read, current);
  refuseUnused(read, [current, ...former]);
  return Object.freeze({ current, former: Object.freeze(former) });
}

/** Lists the secrets among the settings, so that logs can be cleaned of them. */
export function listMasterKeySecrets({ current, former }: MasterKeyConfig): readonly string[] {
  return [current, ...former].flatMap((source) => {
    if (source === undefined || source.kind === "key-file") return [];
    if (source.kind === "keys") return splitList(source.text);
    if (source.kind !== "aws-kms") return source.vault.token.kind === "given" ? [source.vault.token.value] : [];
    if (source.credentials.kind === "file") return [];
    const { secretAccessKey, sessionToken } = source.credentials.value;
    return sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken];
  });
}

function readFormer(read: Read, current: MasterKeySource | undefined): readonly MasterKeySource[] {
  const former: MasterKeySource[] = [];
  const text = read("JUNCTOR_FORMER_MASTER_KEYS");
  if (text !== undefined) former.push({ kind: "keys", setting: "JUNCTOR_FORMER_MASTER_KEYS", text });
  const path = read("JUNCTOR_FORMER_MASTER_KEYS_FILE");
  if (path !== undefined) former.push({ kind: "key-file", path });
  const [kmsKey, ...kmsKeys] = readList(read, "JUNCTOR_KMS_FORMER_KEYS");
  if (kmsKey !== undefined && current?.kind !== "aws-kms") {
    former.push(readKms(read, "JUNCTOR_KMS_FORMER_KEYS", kmsKey, kmsKeys));
  }
  const [transitKey, ...transitKeys] = readList(read, "JUNCTOR_VAULT_TRANSIT_FORMER_KEYS");
  if (transitKey !== undefined && current?.kind !== "vault-transit") {
    former.push(readTransit(read, "JUNCTOR_VAULT_TRANSIT_FORMER_KEYS", transitKey, transitKeys));
  }
  return former;
}

function readKms(read: Read, setting: string, keyId: string, formerKeyIds: readonly string[]): MasterKeySource {
  const region = read("JUNCTOR_KMS_REGION") ?? /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1];
  if (region === undefined)
    throw new ConfigError("JUNCTOR_KMS_REGION", `is needed: ${setting} is no ARN with a region.`);
  const endpoint = parseServiceAddress("JUNCTOR_KMS_ENDPOINT", read("JUNCTOR_KMS_ENDPOINT"));
  return {
    kind: "aws-kms",
    keyId,
    formerKeyIds,
    region,
    endpoint: `${endpoint ?? `https://kms.${region}.amazonaws.com`}/`,
    credentials: readKmsCredentials(read, setting),
  };
}

function readKmsCredentials(read: Read, setting: string): GivenOrFile<KmsCredentials> {
  const path = read("JUNCTOR_KMS_CREDENTIALS_FILE");
  const accessKeyId = read("JUNCTOR_KMS_ACCESS_KEY_ID");
  const secretAccessKey = read("JUNCTOR_KMS_SECRET_ACCESS_KEY");
  const sessionToken = read("JUNCTOR_KMS_SESSION_TOKEN");
  if (path !== undefined) {
    if (accessKeyId === undefined && secretAccessKey === undefined) return { kind: "file", path };
    throw new ConfigError("JUNCTOR_KMS_CREDENTIALS_FILE", "is set beside an access key. Keep one of the two.");
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new ConfigError(
      accessKeyId === undefined ? "JUNCTOR_KMS_ACCESS_KEY_ID" : "JUNCTOR_KMS_SECRET_ACCESS_KEY",
      `is needed beside ${setting}: set it, or JUNCTOR_KMS_CREDENTIALS_FILE.`,
    );
  }
  return {
    kind: "given",
    value: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}

function readTransit(read: Read, setting: string, key: string, formerKeys: readonly string[]): MasterKeySource {
  const vault = readVaultPlace(read, setting);
  return { kind: "vault-transit", vault, mount: readPath(read, "JUNCTOR_VAULT_TRANSIT_MOUNT"), key, formerKeys };
}

function readKv(read: Read): MasterKeySource {
  return {
    kind: "vault-kv",
    vault: readVaultPlace(read, "JUNCTOR_VAULT_KV_SECRET"),
    mount: readPath(read, "JUNCTOR_VAULT_KV_MOUNT"),
    secret: readPath(read, "JUNCTOR_VAULT_KV_SECRET"),
    field: read("JUNCTOR_VAULT_KV_FIELD") ?? "",
  };
}

/** A path in Vault; it is often written with a slash at either end. */
function readPath(read: Read, setting: keyof RawSettings): string {
  const path = (read(setting) ?? "").replace(/^\/+|\/+$/g, "");
  if (/^[^/\s?#]+(\/[^/\s?#]+)*$/.test(path) && !/(^|\/)\.\.?(\/|$)/.test(path)) return path;
  throw new ConfigError(setting, `must be a path such as "junctor/master-key", not "${read(setting) ?? ""}".`);
}

function readVaultPlace(read: Read, setting: string): VaultPlace {
  const address = parseServiceAddress("JUNCTOR_VAULT_ADDRESS", read("JUNCTOR_VAULT_ADDRESS"));
  if (address === undefined) throw new ConfigError("JUNCTOR_VAULT_ADDRESS", `is needed beside ${setting}.`);
  const [value, path] = [read("JUNCTOR_VAULT_TOKEN"), read("JUNCTOR_VAULT_TOKEN_FILE")];
  if (value !== undefined && path !== undefined) {
    throw new ConfigError("JUNCTOR_VAULT_TOKEN_FILE", "is set beside JUNCTOR_VAULT_TOKEN. Keep one of the two.");
  }
  const namespace = read("JUNCTOR_VAULT_NAMESPACE");
  if (path !== undefined) return { address, token: { kind: "file", path }, namespace };
  if (value !== undefined) return { address, token: { kind: "given", value }, namespace };
  throw new ConfigError("JUNCTOR_VAULT_TOKEN", `or JUNCTOR_VAULT_TOKEN_FILE is needed beside ${setting}.`);
}

/** A service that nobody asks was meant to be asked: most likely the name of its key is missing or misspelt. */
function refuseUnused(read: Read, used: readonly (MasterKeySource | undefined)[]): void {
  const uses = (...kinds: readonly MasterKeySource["kind"][]) =>
    used.some((source) => source !== undefined && kinds.includes(source.kind));
  const unused: readonly (readonly [keyof RawSettings, boolean, string])[] = [
    [
      "JUNCTOR_VAULT_ADDRESS",
      uses("vault-transit", "vault-kv"),
      "JUNCTOR_VAULT_TRANSIT_KEY or JUNCTOR_VAULT_KV_SECRET",
    ],
    ["JUNCTOR_KMS_ENDPOINT", uses("aws-kms"), "JUNCTOR_KMS_KEY"],
    ["JUNCTOR_KMS_CREDENTIALS_FILE", uses("aws-kms"), "JUNCTOR_KMS_KEY"],
    ["JUNCTOR_KMS_ACCESS_KEY_ID", uses("aws-kms"), "JUNCTOR_KMS_KEY"],
  ];
  for (const [setting, isUsed, wanted] of unused) {
    if (!isUsed && read(setting) !== undefined) throw new ConfigError(setting, `has no use without ${wanted}.`);
  }
}

const readList = (read: Read, setting: keyof RawSettings): readonly string[] => splitList(read(setting));

/** A token over plain HTTP would be readable to whoever is on the way. */
function parseServiceAddress(setting: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  const isHere = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isSafe = url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isHere));
  if (!isSafe || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    // The value is not quoted: what makes it wrong may be a password in it.
    const wish = "must be an https address (http on this machine only) without user name, query and fragment.";
    throw new ConfigError(setting, wish);
  }
  return value.replace(/\/+$/, "");
}
