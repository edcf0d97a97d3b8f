import { parseArgs } from "node:util";

/** Says what a run of the benches does. */
export interface BenchOptions {
  /** Names of the questions to answer; undefined means all. */
  readonly only: readonly string[] | undefined;
  /** Short slices and few rounds: shows that everything works, measures nothing worth keeping. */
  readonly quick: boolean;
  readonly rounds: number;
  /** Length of one measured slice, in seconds. */
  readonly seconds: number;
  /** Lets the measured processes go before other work of the machine. */
  readonly precedence: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Explains the command. */
export const USAGE = `npm run bench -- [options]

Answers the questions of the performance budget, side by side in one run, and writes bench/RESULTS.md.

  --only a,b     answer only these questions (see --list); the other sections of RESULTS.md stay
  --quick        short slices, two rounds, nothing written: to see that everything works
  --rounds N     rounds per question, 3 or more; the median counts (default 5)
  --seconds N    length of one measured slice (default 3)
  --precedence   as root: the measured processes go before other work, for a machine that isn't quiet
  --list         name the questions
  --help         this text

Needs nginx and wrk (Debian: apt-get install nginx-light wrk; as root the script does it) and two cores.
Everything runs on loopback. A question whose tools are missing is skipped with the reason.`;

/** Reads the command line; throws a TypeError that names what is wrong. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      seconds: { type: "string" },
      precedence: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    only: values.only?.split(",").map((name) => name.trim()),
    quick: values.quick,
    rounds: readNumber("--rounds", values.rounds, values.quick ? 2 : 5),
    seconds: readNumber("--seconds", values.seconds, values.quick ? 1 : 3),
    precedence: values.precedence,
    list: values.list,
    help: values.help,
  };
}

function readNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > 100) {
    throw new TypeError(`${name} must be a whole number from 1 to 100, not "${text}".`);
  }
  return value;
}
