import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** What went wrong in the background, where nobody waits for an answer; the server logs it. */
export interface StoreProblem {
  readonly what: "connection" | "listener" | "change-feed" | "subscriber" | "folder-lock";
  readonly error: unknown;
}
export type ReportProblem = (problem: StoreProblem) => void;

/** A database behind the queries: one folder per engine implements it. */
export interface Engine {
  readonly kind: "embedded" | "postgres";
  readonly kysely: Kysely<Schema>;
  /** Milliseconds between two looks at the change table; 0 where no notification can get lost. */
  readonly pollMs: number;
  /** Throws when the engine must not be used any more. */
  guard(): void;
  /**
   * Lets timers and sockets have their turn. Awaited before each statement by an engine that answers within the same
   * turn of the event loop: a loop over many statements would otherwise keep the process from doing anything else.
   */
  takeTurn?(): Promise<void>;
  migrate(): Promise<readonly string[]>;
  /** Calls `wake` when the change table grew, and after each reconnection; returns how to stop. */
  listen(wake: () => void): () => Promise<void>;
  /** Connections: open, waiting callers. */
  load(): { readonly connections: number; readonly waiting: number };
  close(): Promise<void>;
}

/** Channel of LISTEN and NOTIFY; the trigger `wake_listeners` names it too. */
export const changesChannel = "junctor_changes";
