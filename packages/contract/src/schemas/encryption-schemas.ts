import { closedObject, list, nullable, optional, page, ref, type Schema, text, time } from "./schema.ts";

const what = text("`master-key` wraps every data key anew; `data-keys` makes new ones and seals every value anew.", {
  enum: ["master-key", "data-keys"],
});
const count = (description: string): Schema => ({ type: "integer", minimum: 0, description });
const force: Schema = {
  type: "boolean",
  description: "Wraps anew also what is under the current master key: for a key service that rotated behind one name.",
};
const workspaces = list(text("Id of a workspace.", { minLength: 1, maxLength: 100 }), "Whose data keys.");

/** Schemas of the keys that protect secrets, and of their rotation. */
export const encryptionSchemas: Readonly<Record<string, Schema>> = {
  Encryption: closedObject(
    {
      masterKeyId: text("Master key with which this replica wraps."),
      replicas: list(ref("MasterKeyHolder"), "Replicas that were heard of within the last half minute."),
      dataKeys: list(ref("DataKeyCount"), "Data keys by the master key that they are wrapped with."),
      rotation: nullable(ref("KeyRotation")),
    },
    "The keys that protect secrets, by id; never a key. `rotation` is the latest one.",
  ),
  MasterKeyHolder: closedObject({
    replica: text("Name of the replica: host and process."),
    masterKeyId: text("Master key with which it wraps."),
    knownMasterKeyIds: list(text("Master key with which it can unwrap.")),
    seenAt: time("When it was last heard of."),
  }),
  DataKeyCount: closedObject({
    masterKeyId: text("Master key."),
    isKnown: { type: "boolean", description: "Whether this replica can unwrap with it." },
    current: count("Data keys that new values are sealed under."),
    retired: count("Data keys that only older values, and backups, need."),
  }),
  KeyRotationCreate: closedObject({
    what,
    workspaces: optional({
      ...workspaces,
      minItems: 1,
      maxItems: 10_000,
      description: "Whose data keys; default: all.",
    }),
    force: optional(force),
  }),
  KeyRotation: closedObject({
    id: text("Id of the rotation."),
    what,
    state: text("`incomplete`: it has ended, and something stayed as it was; see `problems`.", {
      enum: ["running", "finished", "incomplete"],
    }),
    force,
    workspaces: nullable({ ...workspaces, description: "Whose data keys; null for all." }),
    masterKeyId: text("Master key that wraps."),
    done: count("Data keys (`master-key`) or workspaces (`data-keys`) that are done."),
    total: count("How many there are."),
    changed: count("Data keys wrapped anew, or values sealed anew."),
    trouble: nullable(text("Why it does not go on at the moment; it is tried again by itself.")),
    problems: list(ref("KeyRotationProblem"), "What stayed as it was; the first hundred."),
    problemCount: count("How many there are in all."),
    createdAt: time("When it was asked for."),
    updatedAt: time("When progress was last noted."),
    finishedAt: nullable(time("When it ended.")),
  }),
  KeyRotationProblem: closedObject({
    workspace: text("Id of the workspace."),
    what: text("Such as `data-key:…`, `secret:token` or `connection-credential:…`."),
    reason: text("Why it stayed as it was."),
  }),
  KeyRotationList: page(ref("KeyRotation")),
};
