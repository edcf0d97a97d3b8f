import type { AuthSession } from "../auth/auth-method.ts";
import {
  type DeviceAuthorization,
  pollDeviceAuthorization,
  startDeviceAuthorization,
} from "../auth/oauth2/device-authorization.ts";
import type { OAuth2Method } from "../auth/oauth2/oauth2-method.ts";
import type { TokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { PendingPorts } from "./pending-authorization.ts";

/** What the person is shown. */
export type DevicePrompt = Omit<DeviceAuthorization, "deviceCode">;

/** Where a device authorization stands. */
export type DeviceStatus =
  | { readonly kind: "pending"; readonly waitMs: number }
  | { readonly kind: "done"; readonly tokens: TokenSet };

interface StoredDevice {
  readonly deviceCode: string;
  readonly expiresAt: number;
  readonly intervalMs: number;
  readonly notBefore: number;
}

const kind = "device-code";

/** Starts a device authorization (RFC 8628) and keeps its code, sealed, until it is done or has ended. */
export async function startDeviceFlow(
  method: OAuth2Method,
  session: AuthSession,
  connectionId: string,
  ports: PendingPorts,
): Promise<DevicePrompt> {
  const signal = session.signal ?? AbortSignal.timeout(15_000);
  const { deviceCode, ...prompt } = await startDeviceAuthorization(method.oauth2, session, signal);
  const { expiresAt, intervalMs } = prompt;
  await keep(session, connectionId, { deviceCode, expiresAt, intervalMs, notBefore: 0 }, ports);
  return prompt;
}

/**
 * Looks whether the person has authorized. Asking more often than the server allows is answered from here, without a
 * request. Fails with AUTHORIZATION_STATE_INVALID when nothing is under way, with `TokenError` when it was refused.
 */
export async function continueDeviceFlow(
  method: OAuth2Method,
  session: AuthSession,
  connectionId: string,
  ports: PendingPorts,
): Promise<DeviceStatus> {
  const key = keyOf(session, connectionId);
  const sealed = await ports.ephemeral.get(kind, key);
  if (sealed === undefined) {
    throw new ConnectorError("AUTHORIZATION_STATE_INVALID", "No device authorization is under way, or it has ended.", {
      hint: "Start it again.",
    });
  }
  const purpose = `${kind}:${key}`;
  const stored = (await ports.sealer.open(session.workspace.id, purpose, sealed)) as unknown as StoredDevice;
  const now = ports.clock.now();
  if (now < stored.notBefore) return { kind: "pending", waitMs: stored.notBefore - now };
  const signal = session.signal ?? AbortSignal.timeout(15_000);
  const polled = await pollDeviceAuthorization(method.oauth2, session, signal, stored.deviceCode).catch(
    async (error: unknown) => {
      await ports.ephemeral.delete(kind, key);
      throw error;
    },
  );
  if (polled.kind === "done") {
    await ports.ephemeral.delete(kind, key);
    return polled;
  }
  // RFC 8628 section 3.5: "slow_down" lengthens the interval by five seconds for good.
  const intervalMs = stored.intervalMs + (polled.slowDown ? 5_000 : 0);
  await keep(session, connectionId, { ...stored, intervalMs, notBefore: now + intervalMs }, ports);
  return { kind: "pending", waitMs: intervalMs };
}

async function keep(
  session: AuthSession,
  connectionId: string,
  device: StoredDevice,
  ports: PendingPorts,
): Promise<void> {
  const key = keyOf(session, connectionId);
  const sealed = await ports.sealer.seal(session.workspace.id, `${kind}:${key}`, { ...device });
  await ports.ephemeral.put(kind, key, sealed, new Date(device.expiresAt).toISOString());
}

function keyOf(session: AuthSession, connectionId: string): string {
  return `${session.workspace.id}/${connectionId}`;
}
