import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBatchWriter } from "./batch-writer.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function collect(options: { fail?: number; batchSize?: number; queueSize?: number } = {}) {
  const batches: (readonly number[])[] = [];
  const errors: unknown[] = [];
  let failuresLeft = options.fail ?? 0;
  const writer = createBatchWriter<number>({
    async write(items) {
      if (failuresLeft > 0) {
        failuresLeft -= 1;
        throw new Error("database away");
      }
      batches.push(items);
    },
    onError: (error) => errors.push(error),
    intervalMs: 100,
    ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
    ...(options.queueSize === undefined ? {} : { queueSize: options.queueSize }),
  });
  return { writer, batches, errors };
}

describe("createBatchWriter", () => {
  it("writes what came within one interval as one batch", async () => {
    const { writer, batches } = collect();
    writer.add(1);
    writer.add(2);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([[1, 2]]);
  });

  it("writes a full batch at once", async () => {
    const { writer, batches } = collect({ batchSize: 2 });
    for (const item of [1, 2, 3]) writer.add(item);
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([[1, 2]]);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it("tries a failed batch again, in order, and says so once per failure", async () => {
    const { writer, batches, errors } = collect({ fail: 2 });
    writer.add(1);
    await vi.advanceTimersByTimeAsync(100);
    writer.add(2);
    await vi.advanceTimersByTimeAsync(300);
    expect(batches).toEqual([[1, 2]]);
    expect(errors).toHaveLength(2);
  });

  it("drops and counts what does not fit", async () => {
    const { writer, batches } = collect({ queueSize: 2 });
    for (const item of [1, 2, 3, 4]) writer.add(item);
    expect(writer.dropped).toBe(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([[1, 2]]);
  });

  it("writes everything when it is closed", async () => {
    const { writer, batches } = collect({ batchSize: 2 });
    for (const item of [1, 2, 3, 4, 5]) writer.add(item);
    await writer.close();
    expect(batches.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(writer.dropped).toBe(0);
  });

  it("gives up on closing when the database stays away, and counts the loss", async () => {
    const { writer } = collect({ fail: 99 });
    writer.add(1);
    await writer.close();
    expect(writer.dropped).toBe(1);
    expect(writer.queued).toBe(0);
  });
});
