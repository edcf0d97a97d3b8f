import { describe, expect, it } from "vitest";
import { LoadsUnderWay } from "./loads-under-way.ts";

/** As many drops of other resources as are remembered, less one. */
const nearlyAll = 999;

describe("loads under way", () => {
  const dropOthers = (loads: LoadsUnderWay, count: number, name: string): void => {
    for (let index = 0; index < count; index++) loads.drop(`${name} ${index}`);
  };

  it.each<[name: string, drop: (loads: LoadsUnderWay) => void, isCurrent: boolean]>([
    ["nothing dropped", () => undefined, true],
    ["another resource dropped", (loads) => loads.drop("other"), true],
    ["its resource dropped", (loads) => loads.drop("r"), false],
    ["everything dropped", (loads) => loads.dropAll(), false],
    [
      "everything dropped, and then more than is remembered",
      (loads) => {
        loads.dropAll();
        dropOthers(loads, 2, "later");
      },
      false,
    ],
    ["only what was dropped before it forgotten", (loads) => dropOthers(loads, 2, "later"), true],
  ])("a load that began after many drops, with %s", (_name, drop, isCurrent) => {
    const loads = new LoadsUnderWay();
    loads.begin();
    dropOthers(loads, nearlyAll, "earlier");
    const turn = loads.begin();
    drop(loads);
    expect(loads.isCurrent(turn, { resource: "r" })).toBe(isCurrent);
  });
});
