import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { compareCases } from "../scripts/differential/compare.ts";

const PYTHON = "/usr/bin/python3";
const found = spawnSync(PYTHON, ["-c", "import jinja2; print(jinja2.__version__)"], { encoding: "utf8" });
const reason = found.status === 0 ? "" : `skipped: ${PYTHON} has no jinja2 (Debian: python3-jinja2)`;

it.skipIf(found.status !== 0)(
  `gives what Python's Jinja2 gives on 2,000 generated templates ${reason}`,
  async () => {
    const report = await compareCases({ seed: 1, count: 2000, python: PYTHON });
    const percent = (100 * report.equal) / report.compared;
    expect(report.compared).toBeGreaterThan(1900);
    expect({ percent: percent >= 99.5, first: percent >= 99.5 ? [] : report.differences.slice(0, 5) }).toEqual({
      percent: true,
      first: [],
    });
  },
  120_000,
);
