import type { Kysely } from "kysely";
import { runStatements } from "./migration.ts";

/** Finds the records of a request; and a version number that no definition may have any more is not the latest. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await runStatements(database, [
    `create index executions_request on executions (workspace_id, request_id)`,
    // See `version-order.ts`: numbers of more than 15 digits sort below all others.
    `update connector_versions set version_order = ' ' || version
      where version ~ '^[0-9]+[.][0-9]+[.][0-9]+' and substring(version from '^[0-9.]+') ~ '[0-9]{16}'`,
  ]);
}
