/** Collects what must be undone at the end of a question, whatever happens in it. */
export interface Cleanups {
  /** Notes something that can be stopped and hands it back. */
  keep<T extends { stop(): Promise<void> }>(thing: T): T;
}

/** Runs a question and then stops everything that it started, last first. */
export async function withCleanups<T>(use: (cleanups: Cleanups) => Promise<T>): Promise<T> {
  const things: Array<{ stop(): Promise<void> }> = [];
  try {
    return await use({
      keep(thing) {
        things.push(thing);
        return thing;
      },
    });
  } finally {
    for (const thing of things.reverse()) await thing.stop();
  }
}
