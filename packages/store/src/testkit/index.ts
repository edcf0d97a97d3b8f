/** For tests and benches that want a real Postgres. */
export { startTestPostgres, type TestPostgres } from "./start-test-postgres.ts";
