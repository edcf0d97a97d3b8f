/**
 * Collects records and writes them in batches, off the path of a call.
 *
 *   add ─► queue ──(interval, or a full batch)──► write ──ok──► forgotten
 *            │                                      └─failed─► back to the queue's front, tried again later
 *            └─ full: the record is dropped and counted
 */
export interface BatchWriter<Item> {
  /** Takes a record; returns at once. */
  add(item: Item): void;
  /** Writes everything that is queued; resolves when it is written or could not be written twice. */
  close(): Promise<void>;
  readonly queued: number;
  readonly dropped: number;
}

/** How a {@link BatchWriter} writes. */
export interface BatchWriterOptions<Item> {
  write(items: readonly Item[]): Promise<void>;
  /** Told of each failed write, once per failure. */
  onError(error: unknown): void;
  /** Default 500. */
  readonly batchSize?: number;
  /** Default 20,000. */
  readonly queueSize?: number;
  /** Longest wait before a write, in milliseconds. Default 250. */
  readonly intervalMs?: number;
}

/** Makes a batch writer. */
export function createBatchWriter<Item>(options: BatchWriterOptions<Item>): BatchWriter<Item> {
  const { write, onError, batchSize = 500, queueSize = 20_000, intervalMs = 250 } = options;
  let queue: Item[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const schedule = () => {
    if (timer !== undefined || queue.length === 0) return;
    timer = setTimeout(flush, intervalMs);
    timer.unref();
  };

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeBatch().finally(() => {
      writing = undefined;
      schedule();
    });
    return writing;
  }

  async function writeBatch(): Promise<void> {
    const batch = queue.slice(0, batchSize);
    queue = queue.slice(batchSize);
    if (batch.length === 0) return;
    try {
      await write(batch);
    } catch (error) {
      onError(error);
      const room = queueSize - queue.length;
      dropped += Math.max(0, batch.length - room);
      queue = [...batch.slice(0, Math.max(0, room)), ...queue];
    }
  }

  return {
    add(item) {
      if (queue.length >= queueSize) {
        dropped += 1;
        return;
      }
      queue.push(item);
      if (queue.length >= batchSize && writing === undefined) void flush();
      else schedule();
    },
    async close() {
      await writing;
      let failures = 0;
      while (queue.length > 0 && failures < 2) {
        const before = queue.length;
        await flush();
        if (queue.length >= before) failures += 1;
      }
      dropped += queue.length;
      queue = [];
      clearTimeout(timer);
    },
    get queued() {
      return queue.length;
    },
    get dropped() {
      return dropped;
    },
  };
}
