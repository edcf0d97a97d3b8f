import {
  closedObject,
  connectorName,
  list,
  nullable,
  optional,
  page,
  ref,
  resourceName,
  type Schema,
  text,
  time,
} from "./schema.ts";

const parameters = (description: string): Schema => ({ type: "object", description });

/** Schemas of connections. A credential goes in and never comes out. */
export const connectionSchemas: Readonly<Record<string, Schema>> = {
  Connection: closedObject({
    id: text("Id of the connection."),
    connector: connectorName("Name of the connector."),
    name: resourceName("What a caller names; unique per connector and owner."),
    owner: ref("ConnectionOwner"),
    authMethod: nullable(text("Name (or type) of the chosen auth method.")),
    environment: nullable(text("Name of the chosen environment.")),
    parameters: parameters("Parameters that are not secret."),
    secretParameters: list(text("Name of a parameter."), "Parameters that are set and never returned."),
    status: text("Whether calls can use it.", {
      enum: ["active", "expiring", "needs-authorization", "misconfigured", "pending"],
    }),
    statusReason: nullable(text("Why the status is what it is; null when active.")),
    label: nullable(text("The account, as the connector's test named it.")),
    expiresAt: nullable(time("When the current access token ends, if that is known.")),
    version: { type: "integer", minimum: 1, description: "Grows with each write." },
    createdAt: time("When it was created."),
    updatedAt: time("When it was last written."),
  }),
  ConnectionOwner: {
    oneOf: [
      closedObject({ kind: { const: "workspace" } }),
      closedObject({ kind: { const: "user" }, userId: text("Id of the user.") }),
    ],
  },
  ConnectionCreate: closedObject({
    connector: connectorName("Name of the connector."),
    name: resourceName("What a caller names."),
    owner: optional(ref("ConnectionOwner")),
    authMethod: optional(text("Name of an auth method; needed when the connector has several.")),
    environment: optional(text("Name of an environment; needed when the connector has several.")),
    parameters: optional(parameters("Values by the connector's `connection.parameters`, secret ones included.")),
    credential: optional(ref("ImportedCredential")),
  }),
  ImportedCredential: closedObject(
    {
      accessToken: text("Access token.", { minLength: 1, writeOnly: true }),
      refreshToken: optional(
        text("Refresh token; without one the access token cannot be renewed.", { minLength: 1, writeOnly: true }),
      ),
      expiresAt: optional({
        type: ["string", "number"],
        description: "When the access token ends: ISO 8601 or epoch seconds.",
      }),
      tokenSecret: optional(text("Secret of an OAuth 1.0a token.", { minLength: 1, writeOnly: true })),
      values: optional({ type: "object", description: "Values that a token answer would have brought." }),
    },
    "Tokens that exist already, from another system or a developer console.",
  ),
  ConnectionAuthorize: closedObject({
    returnTo: optional(
      text("Where the browser goes in the end; its origin must be allowed.", { format: "uri", maxLength: 2000 }),
    ),
    mode: optional(text("Whether the page is opened in a window of its own.", { enum: ["redirect", "popup"] })),
  }),
  ConnectionAuthorization: {
    oneOf: [
      closedObject({
        kind: { const: "browser" },
        url: text("Page to open in the browser of the person who connects."),
        expiresAt: time("When the page ends."),
      }),
      closedObject({
        kind: { const: "device" },
        userCode: text("Code that the person enters."),
        verificationUri: text("Where the person enters it."),
        verificationUriComplete: nullable(text("The same with the code filled in.")),
        expiresAt: time("When the code ends."),
        intervalSeconds: { type: "number", description: "How often it makes sense to look." },
      }),
    ],
  },
  ConnectionProgress: closedObject({
    done: { type: "boolean" },
    waitSeconds: { type: "number", description: "When to look again; 0 when done." },
  }),
  ConnectionUpdate: closedObject({
    name: optional(resourceName("New name.")),
    authMethod: optional(text("Name of an auth method.")),
    environment: optional(text("Name of an environment.")),
    parameters: optional(parameters("Replaces the parameters named here; the others stay. null removes a parameter.")),
    credential: optional(ref("ImportedCredential")),
    version: optional({
      type: "integer",
      minimum: 1,
      description: "Refuses the write with CONFLICT if the connection was written since.",
    }),
  }),
  ConnectionTest: closedObject({
    succeeded: { type: "boolean" },
    label: nullable(text("The account, where the connector names it.")),
    problem: nullable(ref("Problem")),
  }),
  ConnectionList: page(ref("Connection")),
};
