import { ConnectorError, type SealedEntry, type SealedPlace, type SealedStore } from "@junctor/core";
import { sql } from "kysely";
import type { Database } from "../database.ts";
import { clampLimit } from "../page-cursor.ts";

const kinds: readonly SealedPlace["kind"][] = ["secret", "connection-parameters", "connection-credential"];

/** Queries over everything sealed for good, for the rotation of data keys. */
export function createSealedStore(database: Database): SealedStore {
  return {
    async listWithoutPrefix(workspaceId, prefix, { limit, cursor }) {
      const size = clampLimit(limit);
      const [afterKind, afterKey] = cursor === undefined ? ["", ""] : decodePlace(cursor);
      const { rows } = await database.read((db) =>
        sql<{ kind: SealedPlace["kind"]; key: string; sealed: string }>`
          select kind, key, sealed from (
            select 'secret' collate "C" as kind, name as key, sealed from secrets where workspace_id = ${workspaceId}
            union all
            select 'connection-parameters', id, sealed_parameters from connections where workspace_id = ${workspaceId}
            union all
            select 'connection-credential', id, sealed_credential from connections where workspace_id = ${workspaceId}
          ) as every
          where not starts_with(sealed, ${prefix}) and (kind, key) > (${afterKind}, ${afterKey})
          order by kind, key limit ${size + 1}
        `.execute(db),
      );
      const items = rows
        .slice(0, size)
        .map(({ kind, key, sealed }): SealedEntry => ({ place: { kind, workspaceId, key }, sealed }));
      const last = items.at(-1)?.place;
      return { items, cursor: rows.length > size && last ? encodePlace(last) : null };
    },
    async replace({ kind, workspaceId, key }, from, to) {
      const statement =
        kind === "secret"
          ? sql`update secrets set sealed = ${to}
              where workspace_id = ${workspaceId} and name = ${key} and sealed = ${from}`
          : kind === "connection-parameters"
            ? sql`update connections set sealed_parameters = ${to}
                where workspace_id = ${workspaceId} and id = ${key} and sealed_parameters = ${from}`
            : sql`update connections set sealed_credential = ${to}
                where workspace_id = ${workspaceId} and id = ${key} and sealed_credential = ${from}`;
      const { numAffectedRows = 0n } = await database.write((db) => statement.execute(db));
      return numAffectedRows > 0n;
    },
  };
}

const encodePlace = ({ kind, key }: SealedPlace): string => `${kinds.indexOf(kind)}/${key}`;

function decodePlace(cursor: string): [string, string] {
  const kind = kinds[Number(cursor.slice(0, 1))];
  if (kind === undefined)
    throw new ConnectorError("REQUEST_INVALID", "The page cursor is not one that this store gave.");
  return [kind, cursor.slice(2)];
}
