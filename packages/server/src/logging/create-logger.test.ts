import { describe, expect, it } from "vitest";
import { createLogger } from "./create-logger.ts";
import { createSecretValues } from "./secret-values.ts";

describe("createLogger", () => {
  it("writes one JSON object per line, with secrets redacted wherever they stand", () => {
    const lines: string[] = [];
    const secrets = createSecretValues();
    secrets.add("tok-abcdef-123");
    const log = createLogger({ level: "info", secrets, destination: { write: (line) => void lines.push(line) } });
    log.info({ header: "Bearer tok-abcdef-123" }, "sent");
    log.error({ err: new Error("refused tok-abcdef-123") }, "failed tok-abcdef-123");
    log.debug("not at this level");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: "info", time: expect.any(String), header: "Bearer [redacted]", msg: "sent" },
      expect.objectContaining({ level: "error", msg: "failed [redacted]" }),
    ]);
    expect(lines.join("")).not.toContain("abcdef");
  });
});
