import type { Kysely } from "kysely";
import { runStatements } from "./migration.ts";

/**
 * Workspaces, connectors, connections, secrets, variables, keys, records, and what replicas share.
 *
 *   workspaces ─┬─ connectors ─┬─ connector_versions
 *               │              └─ connections
 *               ├─ secrets, variables, api_keys, data_keys
 *               └─ (by id only) executions, audit
 *   leases, ephemeral, rate_windows, changes            belong to no workspace
 *
 * Every write to a table that replicas hold warm leaves a row in `changes`, by trigger and so in the same transaction,
 * and wakes the listeners.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await runStatements(database, [...configuration, ...records, ...coordination, ...changeFeed]);
}

const configuration = [
  `create table workspaces (
    id text collate "C" primary key,
    name text not null,
    created_at timestamptz(3) not null
  )`,
  `create table connectors (
    workspace_id text collate "C" not null references workspaces (id) on delete cascade,
    name text collate "C" not null,
    primary key (workspace_id, name)
  )`,
  `create table connector_versions (
    workspace_id text collate "C" not null,
    name text collate "C" not null,
    version text collate "C" not null,
    version_order text collate "C" not null,
    state text collate "C" not null check (state in ('draft', 'published')),
    definition json not null,
    digest text not null,
    source json not null,
    created_at timestamptz(3) not null,
    published_at timestamptz(3),
    primary key (workspace_id, name, version),
    foreign key (workspace_id, name) references connectors (workspace_id, name) on delete cascade
  )`,
  // 'published' sorts above 'draft', so the first entry of a name is its latest version with or without drafts.
  `create index connector_versions_latest
    on connector_versions (workspace_id, name, state desc, version_order desc, version desc)`,
  `create table connections (
    workspace_id text collate "C" not null,
    id text collate "C" not null,
    connector text collate "C" not null,
    name text collate "C" not null,
    user_id text collate "C" check (user_id <> ''),
    auth_method text,
    environment text,
    parameters json not null,
    sealed_parameters text,
    sealed_credential text,
    version bigint not null,
    status text not null
      check (status in ('active', 'expiring', 'needs-authorization', 'misconfigured', 'pending')),
    status_reason text,
    label text,
    expires_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, connector) references connectors (workspace_id, name)
  )`,
  `create unique index connections_name on connections (workspace_id, connector, name, coalesce(user_id, ''))`,
  `create sequence secret_versions`,
  `create table secrets (
    workspace_id text collate "C" not null references workspaces (id) on delete cascade,
    name text collate "C" not null,
    sealed text not null,
    hosts text[] not null,
    version bigint not null default nextval('secret_versions'),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, name)
  )`,
  `create table variables (
    workspace_id text collate "C" not null references workspaces (id) on delete cascade,
    name text collate "C" not null,
    value json not null,
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, name)
  )`,
  `create table api_keys (
    workspace_id text collate "C" not null references workspaces (id) on delete cascade,
    id text collate "C" not null,
    kind text not null check (kind in ('service', 'publishable')),
    name text not null,
    prefix text not null,
    hash text collate "C" not null unique,
    scopes text[] not null,
    origins text[] not null,
    expires_at timestamptz(3),
    created_at timestamptz(3) not null,
    revoked_at timestamptz(3),
    primary key (workspace_id, id)
  )`,
  `create table data_keys (
    workspace_id text collate "C" not null references workspaces (id) on delete cascade,
    id text collate "C" not null,
    wrapped text not null,
    master_key_id text not null,
    created_at timestamptz(3) not null,
    retired_at timestamptz(3),
    primary key (workspace_id, id)
  )`,
  `create unique index data_keys_current on data_keys (workspace_id) where retired_at is null`,
];

const records = [
  `create table executions (
    workspace_id text collate "C" not null,
    id text collate "C" not null,
    request_id text not null,
    connector text collate "C" not null,
    connector_version text not null,
    action text not null,
    connection_id text,
    surface text not null,
    caller_kind text not null,
    caller_id text,
    started_at timestamptz(3) not null,
    duration_ms double precision not null,
    outcome text not null check (outcome in ('succeeded', 'failed')),
    error_code text,
    error_stage text,
    upstream_status integer,
    attempts integer not null,
    cache text,
    primary key (workspace_id, id)
  )`,
  `create index executions_newest on executions (workspace_id, started_at desc, id desc)`,
  `create index executions_connector on executions (workspace_id, connector, started_at desc, id desc)`,
  // Rows arrive nearly in order of time, so a block-range index finds the old ones and costs next to nothing to keep.
  `create index executions_retention on executions using brin (started_at)`,
  `create table audit (
    workspace_id text collate "C" not null,
    id text collate "C" not null,
    at timestamptz(3) not null,
    actor_kind text not null,
    actor_id text,
    event text not null,
    resource text not null,
    request_id text,
    detail json not null,
    primary key (workspace_id, id)
  )`,
  `create index audit_newest on audit (workspace_id, at desc, id desc)`,
];

const coordination = [
  // Fencing numbers come from one sequence: they grow also when a released lease is taken anew.
  `create sequence lease_fences`,
  `create table leases (
    name text collate "C" primary key,
    owner text not null,
    fence bigint not null,
    ends_at timestamptz not null
  )`,
  `create table ephemeral (
    kind text collate "C" not null,
    key text collate "C" not null,
    value text not null,
    expires_at timestamptz(3) not null,
    primary key (kind, key)
  )`,
  `create index ephemeral_expired on ephemeral (expires_at)`,
  // Unlogged: nothing is flushed for a counter. A crash of the database itself opens the running windows anew.
  `create unlogged table rate_windows (
    key text collate "C" primary key,
    used bigint not null,
    granted bigint not null,
    reset_at timestamptz not null
  )`,
];

/** A trigger that notes each change of a row, named by one of its columns. */
function noteChanges(table: string, kind: string, workspaceColumn: string, keyColumn: string): string[] {
  const insert = (row: "old" | "new"): string =>
    `insert into changes (kind, workspace_id, key) values ('${kind}', ${row}.${workspaceColumn}, ${row}.${keyColumn});`;
  return [
    `create function note_${table}_change() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' then ${insert("old")} else ${insert("new")} end if;
      return null;
    end $body$`,
    `create trigger note_change after insert or update or delete on ${table}
      for each row execute function note_${table}_change()`,
  ];
}

const changeFeed = [
  // txid is what makes reading complete: ids are given before commit, so a reader that remembers the highest id could
  // pass over a row whose transaction commits later. See changes/change-feed.ts.
  `create table changes (
    id bigint generated always as identity primary key,
    txid xid8 not null default pg_current_xact_id(),
    kind text not null,
    workspace_id text not null,
    key text not null,
    at timestamptz not null default now()
  )`,
  `create index changes_txid on changes (txid)`,
  `create index changes_at on changes (at)`,
  // The payload is constant, so that a transaction wakes each listener once; what changed is read from the table.
  `create function wake_listeners() returns trigger language plpgsql as $body$
  begin
    perform pg_notify('junctor_changes', '');
    return null;
  end $body$`,
  `create trigger wake_listeners after insert on changes for each statement execute function wake_listeners()`,
  ...noteChanges("workspaces", "workspace", "id", "id"),
  ...noteChanges("connector_versions", "connector", "workspace_id", "name"),
  ...noteChanges("connections", "connection", "workspace_id", "id"),
  ...noteChanges("secrets", "secret", "workspace_id", "name"),
  ...noteChanges("variables", "variable", "workspace_id", "name"),
  ...noteChanges("api_keys", "key", "workspace_id", "id"),
];
