import { ConnectorError } from "@junctor/core";

/** Where a page ended: the time and id of its last item, newest first. */
export interface PagePosition {
  readonly at: string;
  readonly id: string;
}

/** Largest page that a query returns, whatever was asked for. */
export const largestPage = 1_000;

/** Bounds the size of a page to 1 … {@link largestPage}. */
export const clampLimit = (limit: number): number => Math.min(Math.max(1, Math.trunc(limit) || 1), largestPage);

/** Writes a position as opaque text for callers to hand back. */
export const encodeCursor = ({ at, id }: PagePosition): string =>
  Buffer.from(JSON.stringify([at, id])).toString("base64url");

/** Reads a position; text that is not one of ours is a REQUEST_INVALID, not an error of the database. */
export function decodeCursor(cursor: string): PagePosition {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [at, id] = parsed as unknown[];
      if (typeof at === "string" && typeof id === "string" && !Number.isNaN(Date.parse(at))) return { at, id };
    }
  } catch {
    // Falls through to the one error below.
  }
  throw new ConnectorError("REQUEST_INVALID", "The page cursor is not one that this server gave out.", {
    hint: "Start from the first page, without a cursor.",
  });
}
