import { spawnSync } from "node:child_process";

/** One command of a script, with the line a person reads while it runs. */
export interface Step {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs steps one after the other on the pinned tools and returns the exit code: 0, or that of the first step that
 * failed. The steps after a failure do not run. The last step prints last, so a test run closes with its count.
 */
export function runSteps(steps: readonly Step[]): number {
  for (const step of steps) {
    const started = performance.now();
    console.log(`\n── ${step.title}`);
    const result = spawnSync(step.command, step.args, { stdio: ["ignore", "inherit", "inherit"] });
    if (result.error !== undefined || result.status !== 0) {
      console.error(`${step.title}: failed (${result.error?.message ?? `exit code ${result.status}`})`);
      return result.status === null || result.status === 0 ? 1 : result.status;
    }
    if (step !== steps.at(-1)) console.log(`   ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  return 0;
}
