import { defineConfig } from "vitest/config";

/**
 * Two projects: `unit` (beside the code, fast, no network) and `system` (real servers, databases, browsers).
 * `npm run check` runs the first, `npm test` runs both.
 */
const source = { resolve: { conditions: ["source"] }, ssr: { resolve: { conditions: ["source"] } } };

export default defineConfig({
  ...source,
  test: {
    poolOptions: { forks: { execArgv: ["--conditions=source"] } },
    reporters: ["default", "./scripts/closing-line-reporter.ts"],
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "connectors/**/*.test.ts",
            "test/architecture/**/*.test.ts",
            "test/corpus/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
        },
      },
      {
        ...source,
        test: {
          name: "system",
          include: ["packages/*/test/**/*.test.ts", "test/e2e/**/*.test.ts", "test/docs/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
