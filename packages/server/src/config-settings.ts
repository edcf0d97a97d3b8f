import { readFileSync } from "node:fs";

/** One setting as the operator writes it: its default, bounds and meaning. */
export interface Setting {
  readonly default: string | undefined;
  readonly description: string;
  /** Bounds of a number; ignored for text. */
  readonly minimum: number;
  readonly maximum: number;
  /** Whether the value may stand in a file named by `NAME_FILE`. */
  readonly mayBeFile: boolean;
  /** Reads the setting's text from an environment; an empty text counts as absent. */
  read(environment: Readonly<Record<string, string | undefined>>, name: string): string | undefined;
}

interface SettingOptions {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly mayBeFile?: boolean;
}

function setting(defaultValue: string | undefined, description: string, options: SettingOptions = {}): Setting {
  const mayBeFile = options.mayBeFile ?? false;
  return Object.freeze({
    default: defaultValue,
    description,
    minimum: options.minimum ?? 0,
    maximum: options.maximum ?? Number.MAX_SAFE_INTEGER,
    mayBeFile,
    read(environment: Readonly<Record<string, string | undefined>>, name: string) {
      const file = mayBeFile ? environment[`${name}_FILE`] : undefined;
      if (file !== undefined && file !== "") return readFileSync(file, "utf8").trim();
      const value = environment[name];
      return value === undefined || value === "" ? defaultValue : value;
    },
  });
}

/** Every setting of the server, by its environment name; `docs/reference/configuration.md` is made from it. */
export const settings = Object.freeze({
  JUNCTOR_HOST: setting("127.0.0.1", "Address to listen on; `0.0.0.0` for all."),
  JUNCTOR_PORT: setting("4000", "Port to listen on; 0 lets the operating system choose.", { maximum: 65_535 }),
  JUNCTOR_BASE_PATH: setting(undefined, "Path below which everything is mounted, such as `/junctor`."),
  JUNCTOR_PUBLIC_URL: setting(
    undefined,
    "How callers reach the server, base path included; used in redirects and documents. Default: host, port and base path.",
  ),
  JUNCTOR_TRUSTED_PROXIES: setting(
    undefined,
    "Addresses or ranges of reverse proxies whose `X-Forwarded-*` headers are believed, separated by commas.",
  ),
  JUNCTOR_CORS_ORIGINS: setting(undefined, "Origins from which browsers may call the API, separated by commas."),
  JUNCTOR_DATA_DIR: setting(".junctor", "Folder of the embedded store. One server at a time may open it."),
  DATABASE_URL: setting(undefined, "Postgres connection string; without it the embedded store is used.", {
    mayBeFile: true,
  }),
  JUNCTOR_DATABASE_CONNECTIONS: setting("10", "Most connections to Postgres per process.", {
    minimum: 1,
    maximum: 1000,
  }),
  JUNCTOR_MASTER_KEY: setting(
    undefined,
    "Master key, which protects secrets: 32 bytes in base64 (`openssl rand -base64 32`). During a rotation several, separated by commas: the first wraps, all of them unwrap. Exactly one source of the master key is set: this, `JUNCTOR_MASTER_KEY_FILE`, `JUNCTOR_KMS_KEY`, `JUNCTOR_VAULT_TRANSIT_KEY` or `JUNCTOR_VAULT_KV_SECRET`.",
  ),
  JUNCTOR_MASTER_KEY_FILE: setting(
    undefined,
    "File with the master keys, one per line. Only its owner may have rights to it (mode 0600 or 0400).",
  ),
  JUNCTOR_FORMER_MASTER_KEYS: setting(
    undefined,
    "Master keys that unwrap and never wrap, for moving from one source to another, such as to a key service. Separated by commas.",
  ),
  JUNCTOR_FORMER_MASTER_KEYS_FILE: setting(
    undefined,
    "File with such keys, one per line; rights as for `JUNCTOR_MASTER_KEY_FILE`.",
  ),
  JUNCTOR_KMS_KEY: setting(undefined, "ARN, id or alias of the AWS KMS key that is the master key."),
  JUNCTOR_KMS_FORMER_KEYS: setting(undefined, "KMS keys that unwrap and never wrap, separated by commas."),
  JUNCTOR_KMS_REGION: setting(undefined, "Region of the KMS keys. Default: the one in the key's ARN."),
  JUNCTOR_KMS_ENDPOINT: setting(
    undefined,
    "Address of KMS, or of a service with the same API; https, or http on this machine. Default: that of the region.",
  ),
  JUNCTOR_KMS_ACCESS_KEY_ID: setting(undefined, "Access key id with which KMS is asked."),
  JUNCTOR_KMS_SECRET_ACCESS_KEY: setting(undefined, "Secret access key that belongs to it.", { mayBeFile: true }),
  JUNCTOR_KMS_SESSION_TOKEN: setting(undefined, "Session token of temporary credentials.", { mayBeFile: true }),
  JUNCTOR_KMS_CREDENTIALS_FILE: setting(
    undefined,
    "File in the format of AWS's shared credentials, profile `default`, instead of the three settings above. Read again for each request, so that temporary credentials may change.",
  ),
  JUNCTOR_VAULT_ADDRESS: setting(
    undefined,
    "Address of HashiCorp Vault or OpenBao, such as `https://vault.internal:8200`; https, or http on this machine. It need not be in `JUNCTOR_EGRESS_ALLOW`.",
  ),
  JUNCTOR_VAULT_TRANSIT_KEY: setting(
    undefined,
    "Name of the transit key that is the master key, of type `aes256-gcm96` or `chacha20-poly1305`.",
  ),
  JUNCTOR_VAULT_TRANSIT_FORMER_KEYS: setting(
    undefined,
    "Transit keys that unwrap and never wrap, separated by commas.",
  ),
  JUNCTOR_VAULT_TRANSIT_MOUNT: setting("transit", "Where the transit engine is mounted."),
  JUNCTOR_VAULT_KV_SECRET: setting(
    undefined,
    "Path of a secret of the key-value engine (version 2) that holds the master keys, such as `junctor/master-key`. It is read once, when the server starts.",
  ),
  JUNCTOR_VAULT_KV_MOUNT: setting("secret", "Where the key-value engine is mounted."),
  JUNCTOR_VAULT_KV_FIELD: setting("keys", "Field of that secret, with keys as in `JUNCTOR_MASTER_KEY`."),
  JUNCTOR_VAULT_TOKEN: setting(undefined, "Token with which Vault is asked."),
  JUNCTOR_VAULT_TOKEN_FILE: setting(
    undefined,
    "File with the token instead, such as the sink of Vault Agent. Read again for each request, so that the token may be renewed.",
  ),
  JUNCTOR_VAULT_NAMESPACE: setting(undefined, "Namespace in Vault."),
  JUNCTOR_FIRST_KEY: setting(
    undefined,
    "API key (`jk_` and at least 32 letters and digits) that is created with every right in the workspace `default` when it is not there yet.",
    { mayBeFile: true },
  ),
  JUNCTOR_EGRESS_ALLOW: setting(
    undefined,
    "Hosts, addresses and ranges that may be reached although they are private or use plain HTTP, with optional ports: `books.internal,10.0.0.0/8:8080`.",
  ),
  JUNCTOR_EGRESS_DENY: setting(undefined, "Hosts, addresses and ranges that may not be reached; wins over the others."),
  JUNCTOR_EGRESS_ONLY: setting(undefined, "If set, nothing but these hosts, addresses and ranges can be reached."),
  JUNCTOR_EGRESS_ALLOW_HTTP: setting("false", "Allows plain HTTP to public hosts."),
  JUNCTOR_EGRESS_CA: setting(undefined, "PEM text of further certificate authorities to trust.", { mayBeFile: true }),
  JUNCTOR_BODY_LIMIT: setting("1048576", "Largest request body, in bytes.", {
    minimum: 1024,
    maximum: 256 * 1024 * 1024,
  }),
  JUNCTOR_CONCURRENCY: setting("4000", "Most requests in progress; further ones get 503.", { minimum: 1 }),
  JUNCTOR_WORKSPACE_CONCURRENCY: setting("2000", "Most calls in progress per workspace; further ones get 429.", {
    minimum: 1,
  }),
  JUNCTOR_IMPORTS: setting(
    "2",
    "Most imports of API descriptions in progress; further ones get 503. Each is a process that may take 768 MB of memory beside the server's.",
    { minimum: 1, maximum: 64 },
  ),
  JUNCTOR_HEADERS_TIMEOUT: setting("15", "Longest time for the head of a request to arrive, in seconds.", {
    minimum: 1,
    maximum: 600,
  }),
  JUNCTOR_REQUEST_TIMEOUT: setting("60", "Longest time for a whole request to arrive, in seconds.", {
    minimum: 1,
    maximum: 3600,
  }),
  JUNCTOR_KEEP_ALIVE_TIMEOUT: setting(
    "72",
    "How long an idle connection is kept, in seconds; longer than the reverse proxy's.",
    { minimum: 1, maximum: 3600 },
  ),
  JUNCTOR_STOP_TIMEOUT: setting("30", "Longest wait for running calls when stopping, in seconds.", { maximum: 3600 }),
  JUNCTOR_EXECUTION_RETENTION: setting("30", "Days after which records of calls are deleted.", {
    minimum: 1,
    maximum: 3650,
  }),
  JUNCTOR_METRICS_ADDRESS: setting(
    undefined,
    "`host:port` on which metrics are served without a key, for a private network. Without it they need a key with the scope `admin`.",
  ),
  JUNCTOR_LOG_LEVEL: setting("info", "debug, info, warn, error or silent. Single calls are logged at debug."),
});

/** The names of all settings. */
export type RawSettings = typeof settings;
