import { readFile } from "node:fs/promises";
import {
  ConnectorError,
  combineKeyPorts,
  createAwsKmsKeyPort,
  createEnvironmentKeyPort,
  createVaultTransitKeyPort,
  type HttpPort,
  type KeyPort,
  loadKeyFile,
  loadVaultKvKeyPort,
  type VaultAccess,
} from "@junctor/core";
import { createEgress, type Egress } from "@junctor/egress";
import type { ServerConfig } from "../config.ts";
import { type GivenOrFile, type MasterKeySource, masterKeySettings, type VaultPlace } from "../config-master-key.ts";
import { readAwsCredentials } from "./read-aws-credentials.ts";

/** The operator's master key, ready for use. */
export interface OpenMasterKey {
  readonly keyPort: KeyPort;
  /** Closes connections to a key service. */
  close(): Promise<void>;
}

/**
 * Opens the master key that the configuration names; without one nothing may be sealed, so the server does not start.
 * Key services are reached through an outbound port of their own: it can reach them and nothing else, and what
 * connectors may reach does not grow by them.
 */
export async function openMasterKey({ masterKey, egress: policy }: ServerConfig): Promise<OpenMasterKey> {
  const { current, former } = masterKey;
  if (current === undefined) throw noMasterKey();
  const addresses = [current, ...former].flatMap(addressOf);
  const egress = addresses.length === 0 ? undefined : openEgress(addresses, policy.trustedAuthorities);
  try {
    const ports: KeyPort[] = [];
    for (const source of [current, ...former]) ports.push(await openSource(source, egress));
    const [first, ...others] = ports;
    if (first === undefined) throw noMasterKey();
    return { keyPort: combineKeyPorts(first, ...others), close: async () => egress?.close() };
  } catch (error) {
    await egress?.close();
    throw error;
  }
}

function openEgress(addresses: readonly string[], trustedAuthorities: readonly string[]): Egress {
  const hosts = [...new Set(addresses.map((address) => new URL(address).host))];
  return createEgress({ allow: hosts, only: hosts, trustedAuthorities });
}

function addressOf(source: MasterKeySource): readonly string[] {
  if (source.kind === "aws-kms") return [source.endpoint];
  return source.kind === "vault-transit" || source.kind === "vault-kv" ? [source.vault.address] : [];
}

async function openSource(source: MasterKeySource, http: HttpPort | undefined): Promise<KeyPort> {
  if (source.kind === "keys") return createEnvironmentKeyPort(source.text, source.setting);
  if (source.kind === "key-file") return loadKeyFile(source.path);
  if (http === undefined) throw new TypeError("A key service has an address.");
  if (source.kind === "aws-kms") {
    const { keyId, formerKeyIds, region, endpoint, credentials } = source;
    const read = credentials.kind === "given" ? () => credentials.value : () => readAwsCredentials(credentials.path);
    return createAwsKmsKeyPort({ http, endpoint, region, keyId, formerKeyIds, credentials: read });
  }
  const access = toAccess(http, source.vault);
  if (source.kind === "vault-kv") {
    const { mount, secret, field } = source;
    return loadVaultKvKeyPort({ ...access, mount, secret, field });
  }
  const { mount, key, formerKeys } = source;
  return createVaultTransitKeyPort({ ...access, mount, key, formerKeys });
}

function toAccess(http: HttpPort, { address, token, namespace }: VaultPlace): VaultAccess {
  return { http, address, token: () => readToken(token), ...(namespace === undefined ? {} : { namespace }) };
}

async function readToken(token: GivenOrFile<string>): Promise<string> {
  if (token.kind === "given") return token.value;
  try {
    const text = (await readFile(token.path, "utf8")).trim();
    if (/^[\x21-\x7e]+$/.test(text)) return text;
  } catch (cause) {
    throw unreadableToken(token.path, "cannot be read", cause);
  }
  throw unreadableToken(token.path, "holds no token");
}

const unreadableToken = (path: string, what: string, cause?: unknown): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", `The file of the Vault token, ${path}, ${what}.`, {
    hint: "Check JUNCTOR_VAULT_TOKEN_FILE, and that the agent that writes it runs. It is read again with each request.",
    ...(cause === undefined ? {} : { cause }),
  });

const noMasterKey = (): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", "There is no master key, so secrets could not be protected.", {
    hint: `Make one with \`openssl rand -base64 32\` and set JUNCTOR_MASTER_KEY, or another one of ${masterKeySettings.slice(1).join(", ")}.`,
    retryable: false,
  });
