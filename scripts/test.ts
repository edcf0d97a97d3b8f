import { installSystemPackages } from "./install-system-packages.ts";
import { runSteps, type Step } from "./run-steps.ts";

/**
 * `npm test`: installs what the tests need and runs everything. Arguments go to the test runner
 * (`npm test -- packages/egress`), in which case only the test step runs.
 */
const filters = process.argv.slice(2);
installSystemPackages();

const tests: Step = { title: "Tests", command: "vitest", args: ["run", ...filters] };
const steps: readonly Step[] =
  filters.length > 0
    ? [tests]
    : [
        { title: "Format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
        { title: "Types", command: "tsc", args: ["-p", "."] },
        {
          title: "Generated files are current",
          command: "node",
          args: ["--conditions=source", "scripts/generate.ts", "--check"],
        },
        tests,
      ];

process.exitCode = runSteps(steps);
