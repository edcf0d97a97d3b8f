import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort } from "../../ports/http.ts";
import type { JsonObject } from "../../ports/records.ts";
import { askKeyService, type KeyService, type KeyServiceAnswer } from "./key-service-request.ts";

/** Where a HashiCorp Vault (or OpenBao) is, and as whom it is asked. */
export interface VaultAccess {
  readonly http: HttpPort;
  /** Such as `https://vault.example:8200`. */
  readonly address: string;
  /** Gives the token for the next request, so that it may be renewed. */
  readonly token: () => string | Promise<string>;
  readonly namespace?: string;
}

/** One request to Vault. */
export interface VaultCall {
  readonly method: "GET" | "POST";
  /** Path below `/v1/`, in segments that are not encoded yet. */
  readonly path: readonly string[];
  /** What is attempted, for messages: `encrypt`, `decrypt`, `read`. */
  readonly action: string;
  readonly input?: JsonObject;
}

/** What Vault says, and what helps. */
const advice: readonly (readonly [reason: RegExp, hint: string])[] = [
  [/is sealed/i, "Unseal it (vault operator unseal). Nothing was changed; it is asked again with the next call."],
  [/not initialized/i, "Initialise Vault, then restart this server."],
  [
    /invalid token|bad token|missing client token/i,
    "The token is unknown or has expired: give a valid one. A token file is read again with each request, so no restart is needed.",
  ],
  [
    /permission denied/i,
    "The token has expired, or its policy does not allow this path: it needs update on encrypt and decrypt of the transit key, or read on the secret.",
  ],
  [/key not found/i, "Create the transit key, or correct its name and mount."],
];

/** Vault's way of saying what is wrong: `{"errors": ["…"]}`. */
export const vaultService: KeyService = {
  name: "Vault",
  readReason: ({ errors }) =>
    Array.isArray(errors) ? errors.map((text) => String(text).replaceAll(/\s+/g, " ").trim()).join("; ") : "",
  adviseOn: (reason) => advice.find(([pattern]) => pattern.test(reason))?.[1],
};

/** Asks Vault and gives its answer of any status below 500. Fails with KEY_UNAVAILABLE when it does not answer. */
export async function callVault(access: VaultAccess, { method, path, input }: VaultCall): Promise<KeyServiceAnswer> {
  const { http, address, token, namespace } = access;
  const url = `${address.replace(/\/+$/, "")}/v1/${path.map(encodeURIComponent).join("/")}`;
  return askKeyService(http, vaultService, async () => ({
    method,
    url,
    headers: [
      ...["x-vault-request", "true", "x-vault-token", await token()],
      ...(input === undefined ? [] : ["content-type", "application/json"]),
      ...(namespace === undefined ? [] : ["x-vault-namespace", namespace]),
    ],
    ...(input === undefined ? {} : { body: JSON.stringify(input) }),
    sensitive: { headers: ["x-vault-token"] },
  }));
}

/** The error for an answer that says no. */
export function vaultRefused({ action, path }: VaultCall, { status, body }: KeyServiceAnswer): ConnectorError {
  const reason = vaultService.readReason(body);
  const hint = status === 404 && reason === "" ? "There is nothing at that path: check mount and name." : undefined;
  return new ConnectorError(
    "KEY_UNAVAILABLE",
    `Vault refused ${action} at ${path.join("/")}: ${reason || `HTTP status ${status}`}.`,
    { hint: hint ?? vaultService.adviseOn(reason) ?? "Check the address, the path and the token's policy." },
  );
}

/** The `data` member of an answer; empty when there is none. */
export function readVaultData(body: JsonObject): JsonObject {
  const { data } = body;
  return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as JsonObject) : {};
}
