import { expect, it } from "vitest";
import { createImportSlots } from "./import-slots.ts";

const refusal = expect.objectContaining({ code: "OVERLOADED", retryAfter: 5, hint: expect.any(String) });

it("gives as many slots as there are, refuses further ones at once, and gives those that came back", () => {
  const slots = createImportSlots(2);
  const leave = slots.enter();
  slots.enter();
  expect(() => slots.enter()).toThrow(refusal);
  leave();
  slots.enter();
  expect(() => slots.enter()).toThrow(refusal);
});

it("counts a slot that is given back twice once", () => {
  const slots = createImportSlots(2);
  const leave = slots.enter();
  slots.enter();
  leave();
  leave();
  slots.enter();
  expect(() => slots.enter()).toThrow(refusal);
});
