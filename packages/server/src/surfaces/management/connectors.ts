import type { ConnectorSummary, ConnectorVersion, ConnectorVersionSummary } from "@junctor/contract";
import { ConnectorError, type ConnectorVersionRecord, type JsonObject, lintText } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { compareDefinitions } from "../../connectors/compare-definitions.ts";
import { publishVersion, refuseLocked, saveDefinition } from "../../connectors/save-definition.ts";
import { showFinding } from "../../connectors/show-finding.ts";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of connectors and their versions. */
export function mountConnectors(app: FastifyInstance, context: ServerContext): void {
  mountReading(app, context);
  mountWriting(app, context);
}

function mountReading(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listConnectors", async ({ holder }) => ({
    items: (await stores.connectors.list(holder.workspace.id)).map(showSummary),
    cursor: null,
  }));

  mountRoute(app, context, "getConnector", async ({ holder, parameters: { name } }) => {
    const record = await stores.connectors.latest(holder.workspace.id, name, { drafts: true });
    if (record === undefined) throw unknownConnector(name);
    return showVersion(record);
  });

  mountRoute(app, context, "listConnectorVersions", async ({ holder, parameters: { name } }) => {
    const versions = await stores.connectors.versions(holder.workspace.id, name);
    if (versions.length === 0) throw unknownConnector(name);
    return { items: versions.map(showVersionSummary), cursor: null };
  });

  mountRoute(app, context, "getConnectorVersion", async ({ holder, parameters: { name, version } }) => {
    const record = await stores.connectors.get(holder.workspace.id, name, version);
    if (record === undefined) throw unknownVersion(name, version);
    return showVersion(record);
  });

  mountRoute(app, context, "lintConnector", ({ text }) => {
    const { passed, findings } = lintText(text);
    return { valid: passed, findings: findings.map(showFinding) };
  });

  mountRoute(app, context, "diffConnector", ({ holder, parameters: { name }, body }) =>
    compareDefinitions(stores.connectors, { workspaceId: holder.workspace.id, name, ...body }),
  );
}

function mountWriting(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "saveConnector", async ({ holder, text, query, requestId }) => {
    const saved = await saveDefinition(stores.connectors, {
      workspaceId: holder.workspace.id,
      text,
      publish: query.publish ?? false,
      source: { kind: "api", locked: false },
      checkUrl: (url) => context.egress.checkUrl(url),
    });
    const { name, version, state } = saved.record;
    const event = state === "published" ? "connector.publish" : "connector.save";
    await context.audit(holder, requestId, { event, resource: `connector:${name}@${version}` });
    return { connector: showVersion(saved.record), findings: saved.findings, changes: saved.changes };
  });

  mountRoute(app, context, "publishConnectorVersion", async ({ holder, parameters, requestId }) => {
    const { name, version } = parameters;
    const draft = await stores.connectors.get(holder.workspace.id, name, version);
    if (draft === undefined) throw unknownVersion(name, version);
    const record = await publishVersion(stores.connectors, draft);
    await context.audit(holder, requestId, { event: "connector.publish", resource: `connector:${name}@${version}` });
    return showVersion(record);
  });

  mountRoute(app, context, "deleteConnectorDraft", async ({ holder, parameters: { name, version }, requestId }) => {
    const record = await stores.connectors.get(holder.workspace.id, name, version);
    if (record === undefined) throw unknownVersion(name, version);
    refuseLocked(record);
    if (record.state === "published") {
      throw new ConnectorError("VERSION_PUBLISHED", `${name} ${version} is published and stays.`, {
        hint: "Publish a higher version, or delete the whole connector.",
      });
    }
    await stores.connectors.deleteDraft(holder.workspace.id, name, version);
    await context.audit(holder, requestId, {
      event: "connector.deleteDraft",
      resource: `connector:${name}@${version}`,
    });
    return undefined;
  });

  mountRoute(app, context, "deleteConnector", async ({ holder, parameters: { name }, requestId }) => {
    const record = await stores.connectors.latest(holder.workspace.id, name, { drafts: true });
    if (record === undefined) throw unknownConnector(name);
    refuseLocked(record);
    await stores.connectors.delete(holder.workspace.id, name);
    await context.audit(holder, requestId, { event: "connector.delete", resource: `connector:${name}` });
    return undefined;
  });
}

const unknownConnector = (name: string): ConnectorError =>
  unknownResource("CONNECTOR_UNKNOWN", `connector "${name}"`, "List them with GET /v1/connectors.");

const unknownVersion = (name: string, version: string): ConnectorError =>
  unknownResource(
    "VERSION_UNKNOWN",
    `version ${version} of connector "${name}"`,
    `List them with GET /v1/connectors/${name}/versions.`,
  );

function showVersionSummary(record: ConnectorVersionRecord): ConnectorVersionSummary {
  const { name, version, state, digest, source, createdAt, publishedAt } = record;
  return { name, version, state, digest, source, createdAt, publishedAt };
}

const showVersion = (record: ConnectorVersionRecord): ConnectorVersion => ({
  ...showVersionSummary(record),
  definition: { ...record.definition },
});

function showSummary(record: ConnectorVersionRecord): ConnectorSummary {
  const { title, description, actions } = record.definition;
  const entries = Object.entries((actions ?? {}) as JsonObject) as [string, JsonObject][];
  return {
    ...showVersionSummary(record),
    title: typeof title === "string" ? title : record.name,
    ...(typeof description === "string" ? { description } : {}),
    actions: entries
      .filter(([, action]) => action.hidden !== true)
      .map(([name, action]) => ({
        name,
        ...(typeof action.title === "string" ? { title: action.title } : {}),
        ...(typeof action.description === "string" ? { description: action.description } : {}),
      })),
  };
}
