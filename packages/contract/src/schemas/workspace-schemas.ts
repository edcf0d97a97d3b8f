import { scopes } from "../scopes.ts";
import { closedObject, list, nullable, optional, page, ref, resourceName, type Schema, text, time } from "./schema.ts";

const host = text("Exact host name, or `*.suffix`.", { pattern: "^(\\*\\.)?[A-Za-z0-9_.:\\[\\]-]+$", maxLength: 255 });

const keyMembers = {
  id: text("Id of the key."),
  kind: text("A publishable key may be seen by a browser.", { enum: ["service", "publishable"] }),
  name: text("Name, for people."),
  prefix: text("First characters, to tell keys apart."),
  scopes: list(text("What the key may do.")),
  origins: list(text("Origin that may use a publishable key.")),
  expiresAt: nullable(time("When the key ends; null for never.")),
  createdAt: time("When it was created."),
  revokedAt: nullable(time("When it was revoked.")),
};

/** Schemas of workspaces and of what they hold beside connectors: secrets, variables, keys. */
export const workspaceSchemas: Readonly<Record<string, Schema>> = {
  Scope: { type: "string", enum: [...scopes], description: "The right to do one kind of thing." },
  Workspace: closedObject({
    id: text("Id of the workspace."),
    name: text("Name, for people."),
    createdAt: time("When it was created."),
  }),
  WorkspaceCreate: closedObject({
    name: text("Name, for people.", { minLength: 1, maxLength: 200 }),
    id: optional(text("Id; default: a random one.", { pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 63 })),
  }),
  WorkspaceCreated: closedObject({ workspace: ref("Workspace"), key: ref("KeyCreated") }),
  WorkspaceList: page(ref("Workspace")),
  Secret: closedObject(
    {
      name: resourceName("Name that templates use."),
      hosts: list(host, "Hosts the value may be sent to."),
      version: { type: "integer", minimum: 1, description: "Grows with each write." },
      createdAt: time("When it was first written."),
      updatedAt: time("When it was last written."),
    },
    "A named value that is written and never read back.",
  ),
  SecretPut: closedObject({
    value: text("The value. It is never returned.", { minLength: 1, maxLength: 65_536, writeOnly: true }),
    hosts: list(host, "Hosts the value may be sent to; an empty list means none."),
  }),
  SecretList: page(ref("Secret")),
  Variable: closedObject({
    name: resourceName("Name that templates use."),
    value: { description: "Any JSON value." },
    updatedAt: time("When it was last written."),
  }),
  VariablePut: closedObject({ value: { description: "Any JSON value." } }),
  VariableList: page(ref("Variable")),
  Key: closedObject(keyMembers),
  KeyCreate: closedObject({
    name: text("Name, for people.", { minLength: 1, maxLength: 200 }),
    kind: optional(text("Default: service.", { enum: ["service", "publishable"] })),
    scopes: optional(list(ref("Scope"), 'Default: ["execute"].')),
    origins: optional(
      list(text("Origin, as a browser sends it.", { pattern: "^https?://[^/]+$" }), "For a publishable key."),
    ),
    expiresAt: optional(time("When the key ends; default: never.")),
  }),
  KeyCreated: closedObject({ ...keyMembers, key: text("The key. It is shown here and nowhere else.") }),
  KeyList: page(ref("Key")),
};
