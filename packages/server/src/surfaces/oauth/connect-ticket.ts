import { createHash, randomBytes } from "node:crypto";
import { ConnectorError, type PendingPorts } from "@junctor/core";

/** What a connect page is for. */
export interface ConnectTicket {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly returnTo: string | null;
  readonly mode: "redirect" | "popup";
  readonly actorKind: string;
  readonly actorId: string | null;
}

const kind = "connect-ticket";
const keptMs = 1_800_000;

/** Issues a ticket: the unguessable part of the connect page's address. Stored as a hash. */
export async function issueTicket(
  ticket: ConnectTicket,
  ports: PendingPorts,
): Promise<{ readonly id: string; readonly expiresAt: string }> {
  const id = randomBytes(32).toString("base64url");
  const expiresAt = new Date(ports.clock.now() + keptMs).toISOString();
  await storeTicket(id, ticket, expiresAt, ports);
  return { id, expiresAt };
}

/** Reads a ticket without using it up, so that a page can be reloaded. Fails with AUTHORIZATION_STATE_INVALID. */
export async function readTicket(id: string, ports: PendingPorts): Promise<ConnectTicket> {
  return openTicket(id, await ports.ephemeral.get(kind, keyOf(id)), ports);
}

/** Uses a ticket up: at most one request gets it. Fails with AUTHORIZATION_STATE_INVALID. */
export async function takeTicket(id: string, ports: PendingPorts): Promise<ConnectTicket> {
  return openTicket(id, await ports.ephemeral.take(kind, keyOf(id)), ports);
}

/** Puts a ticket back after a form that must be corrected. */
export async function returnTicket(id: string, ticket: ConnectTicket, ports: PendingPorts): Promise<void> {
  await storeTicket(id, ticket, new Date(ports.clock.now() + keptMs).toISOString(), ports);
}

async function storeTicket(id: string, ticket: ConnectTicket, expiresAt: string, ports: PendingPorts): Promise<void> {
  const sealed = await ports.sealer.seal(ticket.workspaceId, `${kind}:${keyOf(id)}`, { ...ticket });
  await ports.ephemeral.put(kind, keyOf(id), JSON.stringify({ workspaceId: ticket.workspaceId, sealed }), expiresAt);
}

async function openTicket(id: string, stored: string | undefined, ports: PendingPorts): Promise<ConnectTicket> {
  if (stored === undefined) {
    throw new ConnectorError(
      "AUTHORIZATION_STATE_INVALID",
      "This link was used already, or is more than thirty minutes old.",
      {
        hint: "Ask for a new link.",
      },
    );
  }
  const { workspaceId, sealed } = JSON.parse(stored) as { readonly workspaceId: string; readonly sealed: string };
  return (await ports.sealer.open(workspaceId, `${kind}:${keyOf(id)}`, sealed)) as unknown as ConnectTicket;
}

function keyOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
