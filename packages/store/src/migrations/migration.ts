import { type Kysely, sql } from "kysely";

/** Runs SQL statements one after the other; migrations are plain SQL so that they stay what they were when released. */
export async function runStatements(database: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
