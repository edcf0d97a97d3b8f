import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";

/** Starts a real Postgres for one question; a question that can't have one answers with the reason. */
export async function startPostgres(): Promise<TestPostgres | { readonly missing: string }> {
  try {
    return await startTestPostgres();
  } catch (error) {
    return { missing: `Postgres didn't start: ${error instanceof Error ? error.message : String(error)}` };
  }
}
