import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

/** Reads every row of every table as text, for the search for secrets. The server must be stopped for an embedded store. */
export async function dumpStore(databaseUrl: string | undefined, folder: string): Promise<string> {
  return databaseUrl === undefined ? dumpEmbedded(join(folder, "postgres")) : dumpPostgres(databaseUrl);
}

type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

async function dumpTables(query: Query): Promise<string> {
  const tables = await query("select table_name from information_schema.tables where table_schema = 'public'");
  const rows: string[] = [];
  for (const { table_name: table } of tables) {
    for (const row of await query(`select t::text as row from "${String(table)}" t`)) rows.push(`${table}: ${row.row}`);
  }
  if (tables.length < 5)
    throw new Error("The database has hardly any tables: the search for secrets would find nothing.");
  return rows.join("\n");
}

async function dumpEmbedded(folder: string): Promise<string> {
  const database = await PGlite.create(folder);
  try {
    return await dumpTables(async (sql) => (await database.query<Record<string, unknown>>(sql)).rows);
  } finally {
    await database.close();
  }
}

async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await dumpTables(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
  } finally {
    await client.end();
  }
}
