import { describe, expect, it } from "vitest";
import { createAdmission } from "./admission.ts";

describe("createAdmission", () => {
  it("refuses the request after the last place, and admits again when one leaves", () => {
    const admission = createAdmission({ concurrency: 2, workspaceConcurrency: 9 });
    admission.enterServer();
    admission.enterServer();
    expect(() => admission.enterServer()).toThrow(expect.objectContaining({ code: "OVERLOADED", retryAfter: 1 }));
    expect(admission.running).toBe(2);
    admission.leaveServer();
    expect(() => admission.enterServer()).not.toThrow();
  });

  it("counts each workspace for itself", () => {
    const admission = createAdmission({ concurrency: 9, workspaceConcurrency: 1 });
    admission.enterWorkspace("a");
    expect(() => admission.enterWorkspace("a")).toThrow(expect.objectContaining({ code: "TOO_MANY_REQUESTS" }));
    expect(() => admission.enterWorkspace("b")).not.toThrow();
    admission.leaveWorkspace("a");
    expect(() => admission.enterWorkspace("a")).not.toThrow();
  });
});
