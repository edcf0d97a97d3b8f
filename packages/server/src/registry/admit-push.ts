import { type Clock, ConnectorError } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { openNamedSecret } from "./open-named-secret.ts";
import { asRepository, type RepositorySetting } from "./repository-setting.ts";
import { isGenuinePush, type PushHeaders } from "./verify-push.ts";

/** A push event as it came: whom it names in its address, and what proves that it may. */
export interface PushEvent {
  readonly workspaceId: string;
  readonly name: string;
  readonly headers: PushHeaders;
  readonly rawBody: Uint8Array;
}

/** What admitting a push event needs. */
export interface PushPorts extends Pick<ServerContext, "stores" | "vault" | "log"> {
  readonly clock: Pick<Clock, "now" | "sleep">;
}

/** A refusal is answered this long after the event came, whatever was found on the way to it. */
const refusalMs = 50;

/** Names that a repository or a secret cannot have, so that looking for them finds nothing. */
const nobody = "";

/**
 * Finds the repository that a push event is for, once its proof is checked over the text as it came. Fails with
 * UNAUTHENTICATED, with the same words after the same steps and about the same time, whether the repository does not exist, has
 * no webhook secret, names one that does not exist, or the proof is wrong: nobody learns here which repositories there are.
 *
 *   read the repository ─► read its secret ─► check the proof ─┬─ good ─► the repository
 *      (or nobody's)          (or nobody's)      (or none)     └─ else ─► wait until `refusalMs` are over ─► UNAUTHENTICATED
 */
export async function admitPush(ports: PushPorts, event: PushEvent): Promise<RepositorySetting> {
  const { clock } = ports;
  const arrivedAt = clock.now();
  const setting = await findRepository(ports, event);
  const secret = await openSecret(ports, event, setting);
  if (isGenuinePush(event.headers, event.rawBody, secret) && setting !== undefined) return setting;
  await clock.sleep(Math.max(0, arrivedAt + refusalMs - clock.now()));
  throw new ConnectorError("UNAUTHENTICATED", "The push event is not signed with the repository's webhook secret.", {
    hint: "Set the same secret at the repository's host and in the workspace.",
  });
}

async function findRepository(
  { stores }: PushPorts,
  { workspaceId, name }: PushEvent,
): Promise<RepositorySetting | undefined> {
  // What no workspace and no repository can be called does not reach the store.
  const [workspace, repository] = [workspaceId, name].every(isName) ? [workspaceId, name] : [nobody, nobody];
  const record = await stores.settings.get(workspace, "repository", repository);
  return record && asRepository(record.value);
}

const isName = (text: string): boolean => /^[\w.-]{1,100}$/.test(text);

async function openSecret(
  ports: PushPorts,
  { workspaceId, name }: PushEvent,
  setting: RepositorySetting | undefined,
): Promise<string | undefined> {
  try {
    const workspace = setting === undefined ? nobody : workspaceId;
    return await openNamedSecret(ports, workspace, setting?.webhookSecret ?? nobody);
  } catch (error) {
    // A key service that is away is the operator's to see, not the sender's.
    if (!(error instanceof ConnectorError) || error.code !== "SECRET_UNKNOWN") {
      ports.log.warn({ err: error, repository: name }, "the webhook secret of a repository could not be opened");
    }
    return undefined;
  }
}
