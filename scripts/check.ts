import { runSteps, type Step } from "./run-steps.ts";

/** `npm run check`: what must be green at all times, in under two minutes. */
const steps: readonly Step[] = [
  { title: "Format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { title: "Types", command: "tsc", args: ["-p", "."] },
  {
    title: "Generated files are current",
    command: "node",
    args: ["--conditions=source", "scripts/generate.ts", "--check"],
  },
  { title: "Unit tests", command: "vitest", args: ["run", "--project", "unit"] },
];

process.exitCode = runSteps(steps);
