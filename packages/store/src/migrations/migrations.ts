import type { Migration } from "kysely/migration";
import * as foundation from "./0001-foundation.ts";
import * as settingsAndCache from "./0002-settings-and-cache.ts";
import * as keyRotations from "./0003-key-rotations.ts";
import * as findCallsByRequest from "./0004-find-calls-by-request.ts";

/** All migrations by name. Names sort in the order of release; a released migration is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-foundation": foundation,
  "0002-settings-and-cache": settingsAndCache,
  "0003-key-rotations": keyRotations,
  "0004-find-calls-by-request": findCallsByRequest,
};
