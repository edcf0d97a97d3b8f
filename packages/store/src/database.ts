import type { Kysely, Transaction } from "kysely";
import type { Engine } from "./engine.ts";
import type { Schema } from "./schema.ts";
import { classifyFailure, type FailureKind, translateError } from "./translate-error.ts";

/** How the query files reach an engine. Every method rejects with a `ConnectorError` only. */
export interface Database {
  /** Runs a read, or a write that has the same effect when it happens twice. Repeated when the connection breaks. */
  read<Result>(work: (kysely: Kysely<Schema>) => Promise<Result>): Promise<Result>;
  /** Runs one statement that writes. Repeated only when the database says that it was rolled back or never arrived. */
  write<Result>(work: (kysely: Kysely<Schema>) => Promise<Result>): Promise<Result>;
  /**
   * Runs several statements as one. `work` may await nothing but statements of `transaction`: on the embedded engine
   * there is one connection, and whoever waits for anything else inside holds up everybody or deadlocks.
   */
  transact<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
}

const afterLoss: ReadonlySet<FailureKind> = new Set(["contended", "lost", "unreachable"]);
const afterRollback: ReadonlySet<FailureKind> = new Set(["contended"]);
const attempts = 3;

/** Wraps the engine's Kysely instance with error translation and the repetitions that are safe. */
export function createDatabase({ kysely, guard, takeTurn }: Pick<Engine, "kysely" | "guard" | "takeTurn">): Database {
  async function run<Result>(work: () => Promise<Result>, repeatAfter: ReadonlySet<FailureKind>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      await takeTurn?.();
      guard();
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || !repeatAfter.has(classifyFailure(error))) throw translateError(error);
        await pause(attempt * 20 * (0.5 + Math.random()));
      }
    }
  }
  return {
    read: (work) => run(() => work(kysely), afterLoss),
    write: (work) => run(() => work(kysely), afterRollback),
    transact: (work) => run(() => kysely.transaction().execute(work), afterRollback),
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
