import type { Kysely } from "kysely";
import { runStatements } from "./migration.ts";

/**
 * Workspace settings by kind and name (trusted issuers, policies, repositories, …), and upstream responses that the
 * replicas keep together.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await runStatements(database, [
    `create table settings (
      workspace_id text collate "C" not null references workspaces (id) on delete cascade,
      kind text collate "C" not null,
      name text collate "C" not null,
      value json not null,
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, kind, name)
    )`,
    `create index settings_kind on settings (kind)`,
    `create function note_settings_change() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' then
        insert into changes (kind, workspace_id, key) values ('setting', old.workspace_id, old.kind || '/' || old.name);
      else
        insert into changes (kind, workspace_id, key) values ('setting', new.workspace_id, new.kind || '/' || new.name);
      end if;
      return null;
    end $body$`,
    `create trigger note_change after insert or update or delete on settings
      for each row execute function note_settings_change()`,
    // Unlogged: a cache may be lost with a crash of the database.
    `create unlogged table cached_responses (
      key text collate "C" not null,
      variant text collate "C" not null,
      resource text collate "C" not null,
      value bytea not null,
      expires_at timestamptz(3) not null,
      primary key (key, variant)
    )`,
    `create index cached_responses_resource on cached_responses (resource)`,
    `create index cached_responses_expired on cached_responses (expires_at)`,
  ]);
}
