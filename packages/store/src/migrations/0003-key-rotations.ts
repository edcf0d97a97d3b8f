import type { Kysely } from "kysely";
import { runStatements } from "./migration.ts";

/** Rotations of master key and data keys, and which replica has which master key. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await runStatements(database, [
    `create table key_rotations (
      id text collate "C" primary key,
      kind text not null check (kind in ('master-key', 'data-keys')),
      force boolean not null,
      workspace_ids text[],
      state text not null check (state in ('running', 'finished', 'incomplete')),
      requested_by json not null,
      progress json not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null default now(),
      finished_at timestamptz(3),
      owner text,
      owned_until timestamptz
    )`,
    // One at a time: two would undo each other's idea of which key is the new one.
    `create unique index key_rotations_running on key_rotations ((true)) where state = 'running'`,
    // Unlogged: whoever runs says it again within seconds.
    `create unlogged table master_key_holders (
      replica text collate "C" primary key,
      current_key_id text not null,
      key_ids text[] not null,
      seen_at timestamptz(3) not null
    )`,
  ]);
}
