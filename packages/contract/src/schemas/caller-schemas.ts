import { closedObject, list, nullable, optional, page, ref, resourceName, type Schema, text, time } from "./schema.ts";

const origin = text("Origin, as a browser sends it.", { pattern: "^https?://[^/]+$", maxLength: 255 });
const names = (description: string): Schema => list(text("Name.", { minLength: 1, maxLength: 200 }), description);

const issuerMembers = {
  issuer: text("`iss` of the tokens, compared exactly.", { minLength: 1, maxLength: 500 }),
  audience: text("`aud` of the tokens, compared exactly.", { minLength: 1, maxLength: 500 }),
  algorithms: {
    type: "array",
    minItems: 1,
    description: "Algorithms that the tokens may be signed with.",
    items: text("RFC 7518 name.", { enum: ["HS256", "RS256", "ES256", "EdDSA"] }),
  },
  key: {
    description: "Where the key that checks a signature comes from.",
    oneOf: [
      closedObject({
        kind: { const: "secret" },
        secret: resourceName("Name of the workspace secret that both sides share; at least 32 bytes."),
      }),
      closedObject({ kind: { const: "publicKey" }, pem: text("Public key, PEM (SPKI).", { maxLength: 10_000 }) }),
      closedObject({ kind: { const: "jwks" }, url: text("Address of a JSON Web Key Set.", { format: "uri" }) }),
    ],
  },
  claims: optional(
    closedObject(
      Object.fromEntries(
        ["id", "email", "name", "roles", "groups"].map((claim) => [
          claim,
          optional(text(`JSON pointer to the user's ${claim}.`, { pattern: "^/", maxLength: 200 })),
        ]),
      ),
      "Where the user's properties stand; default: the names of OpenID Connect.",
    ),
  ),
  subjectPrefix: optional(
    text(
      "Put before a user's id wherever users are told apart: owners of connections, kept answers, rates. Templates see the id without it. Issuers of one workspace need different ones; one may have none.",
      { pattern: "^[!-~]+$", maxLength: 100 },
    ),
  ),
  maxLifetimeSeconds: optional({
    type: "integer",
    minimum: 10,
    maximum: 86_400,
    description: "Longest life of a token. Default 3600.",
  }),
};

const policyMembers = {
  connector: text("Name of a connector, or `*`.", { minLength: 1, maxLength: 255 }),
  action: text("Name of an action, or `*`.", { minLength: 1, maxLength: 100 }),
  allow: closedObject({
    callers: {
      type: "array",
      description: "Kinds of caller that may call.",
      items: text("Kind of caller.", { enum: ["service", "user", "anonymous", "engine", "agent"] }),
    },
    roles: optional(names("A user needs one of these roles.")),
    groups: optional(names("A user needs one of these groups.")),
    origins: optional(list(origin, "Pages that may call.")),
    connections: optional(
      names(
        "Names of the connections that a call may name; `*` is any. Default: any for service keys and engines; for the others none. A user's own connections need not be listed.",
      ),
    ),
  }),
  rateLimit: optional(
    closedObject({
      limit: { type: "integer", minimum: 1, maximum: 1_000_000, description: "Calls of one caller in a window." },
      windowMs: { type: "integer", minimum: 1_000, maximum: 86_400_000, description: "Length of the window." },
    }),
  ),
};

const repositoryMembers = {
  url: text(
    "Address of the repository: HTTPS without user name and password. Plain HTTP only where the outbound policy allows it.",
    { format: "uri", maxLength: 500 },
  ),
  branch: optional(text("Branch; default: the repository's own.", { minLength: 1, maxLength: 200 })),
  folder: optional(
    text("Folder below the repository's root, without `.` and `..`; default: the root.", { maxLength: 500 }),
  ),
  tokenSecret: optional(resourceName("Workspace secret with the access token.")),
  webhookSecret: optional(resourceName("Workspace secret that signs push events; without it there are none.")),
};

const plannedVersion = closedObject({
  name: text("Name of the connector."),
  version: text("Version that it gets."),
  path: text("File in the repository."),
  from: optional(text("Version that it has now.")),
});

/** Schemas of who may call a workspace's connectors, and of where definitions come from. */
export const callerSchemas: Readonly<Record<string, Schema>> = {
  Issuer: closedObject({
    name: resourceName("Name of the issuer."),
    ...issuerMembers,
    updatedAt: time("When it was written."),
  }),
  IssuerPut: closedObject(issuerMembers, "A host application whose user tokens the workspace accepts."),
  IssuerList: page(ref("Issuer")),
  Policy: closedObject({
    name: resourceName("Name of the policy."),
    ...policyMembers,
    updatedAt: time("When it was written."),
  }),
  PolicyPut: closedObject(
    policyMembers,
    "Who may call which actions, from where, and how often. The nearest policy decides alone.",
  ),
  PolicyList: page(ref("Policy")),
  Origins: closedObject({ origins: list(origin, "Pages whose users may call with a user token alone.") }),
  CachePurge: closedObject({ connector: optional(text("Connector; default: all of the workspace.")) }),
  CachePurged: closedObject({
    purged: { type: "integer", minimum: 0, description: "Entries that this replica held." },
  }),
  Repository: closedObject({
    name: resourceName("Name of the repository."),
    ...repositoryMembers,
    webhookUrl: text("Where the repository sends push events."),
    state: text("What the last synchronisation did.", { enum: ["new", "synchronised", "failed"] }),
    commit: nullable(text("Commit that the workspace has.")),
    message: nullable(text("Why the last synchronisation failed.")),
    syncedAt: nullable(time("When it last ended.")),
  }),
  RepositoryPut: closedObject(repositoryMembers),
  RepositoryList: page(ref("Repository")),
  SyncResult: closedObject({
    commit: text("Commit that was read."),
    applied: { type: "boolean", description: "Whether the plan was carried out; all of it or nothing." },
    create: list(plannedVersion),
    update: list(plannedVersion),
    remove: list(text("Name of the connector.")),
    unchanged: list(text("Name of the connector.")),
    problems: list(
      closedObject({
        path: text("File in the repository."),
        pointer: text("JSON pointer into it."),
        message: text("What is wrong there."),
        hint: optional(text("What to do about it.")),
        line: optional({ type: "integer", minimum: 1 }),
        column: optional({ type: "integer", minimum: 1 }),
      }),
    ),
    warnings: list(text("What to look at; it stops nothing.")),
  }),
};
