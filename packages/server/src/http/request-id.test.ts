import { describe, expect, it } from "vitest";
import { chooseRequestId } from "./request-id.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe("chooseRequestId", () => {
  it("takes over a sane id", () => {
    expect(chooseRequestId({ headers: { "x-request-id": "order-42.retry_1" } })).toBe("order-42.retry_1");
  });

  for (const given of [undefined, "", "short", "a".repeat(129), "line\nbreak-123", "näme-1234", '{"a":1}12']) {
    it(`makes one instead of ${JSON.stringify(given)}`, () => {
      const headers = given === undefined ? {} : { "x-request-id": given };
      expect(chooseRequestId({ headers })).toMatch(uuid);
    });
  }
});
