import { expect, it } from "vitest";
import { createImportSlots } from "./import-slots.ts";

/** Work that ends when it is told to. */
function startable() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, resolve, reject };
}

it("runs as many imports as there are slots, refuses further ones at once, and takes new ones when one has ended", async () => {
  const slots = createImportSlots(2);
  const [first, second] = [startable(), startable()];
  const running = [slots.run(first.work), slots.run(second.work)];
  let started = false;
  const third = slots.run(async () => {
    started = true;
  });
  await expect(third).rejects.toMatchObject({ code: "OVERLOADED", retryAfter: 5, hint: expect.any(String) });
  expect(started).toBe(false);

  first.resolve("done");
  expect(await running[0]).toBe("done");
  expect(await slots.run(async () => "next")).toBe("next");

  second.resolve("done");
  await running[1];
});

it.each([
  ["rejects", () => Promise.reject(new Error("no document"))],
  [
    "throws",
    () => {
      throw new Error("no document");
    },
  ],
])("gives the slot back when the work %s", async (_how, work) => {
  const slots = createImportSlots(1);
  await expect(slots.run(work)).rejects.toThrow("no document");
  expect(await slots.run(async () => "next")).toBe("next");
});
