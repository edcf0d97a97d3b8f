import { TemplateError, type TemplateErrorType } from "../errors.ts";
import type { Limits } from "../types.ts";
import type { TemplateUnit } from "./unit.ts";

/** How an undefined value behaves; `propagate` is the mode of connector definitions. */
export type UndefinedBehaviour = "lenient" | "strict" | "chainable" | "propagate";

/** Is a parameter: its name, and its default when it has one. */
export type Param = readonly [name: string] | readonly [name: string, fallback: unknown];

/** Is a function of the language (filter, test, method) with a fixed list of parameters; the first takes the value. */
export interface Native {
  readonly name: string;
  readonly params: readonly Param[];
  readonly required: number;
  /** Whether arguments may be given by name. */
  readonly named: boolean;
  readonly run: (rt: Runtime, args: unknown[]) => unknown;
  /** Takes whatever arguments there are; `run` is not used then. */
  readonly variadic: ((rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null) => unknown) | null;
  /** True when undefined itself is wanted where undefined otherwise propagates. */
  readonly seesUndefined: boolean;
  /** True when the result depends on more than the arguments, so that it is never computed at compile time. */
  readonly impure: boolean;
}

/** Is what the run time needs to know of its environment. */
export interface RuntimeEnvironment {
  readonly undefinedBehaviour: UndefinedBehaviour;
  readonly autoescape: boolean;
  /** Finds a method of a value's type. */
  readonly findMethod: (value: unknown, name: string) => Native | undefined;
  readonly filters: ReadonlyMap<string, Native>;
  readonly tests: ReadonlyMap<string, Native>;
  /** Built-in globals, host functions and the host's globals. */
  readonly globals: ReadonlyMap<string, unknown>;
  readonly membersFirst: boolean;
  readonly jsonPrinting: boolean;
  /** Finds and compiles another template, a `LoadedTemplate` of `context.ts`. Throws TemplateNotFound. */
  readonly load: (name: string) => unknown;
}

/** A place in a template's source, by offset; line and column are computed when an error needs them. */
export interface Place {
  readonly unit: TemplateUnit;
  readonly offset: number;
}

/**
 * Gives the time that this thread has computed, so that a busy machine does not end a harmless render; wall time where the host
 * cannot tell (browsers, older Node).
 */
const busyMilliseconds: () => number =
  typeof process === "object" && typeof process.threadCpuUsage === "function"
    ? () => {
        const { user, system } = process.threadCpuUsage();
        return (user + system) / 1000;
      }
    : () => performance.now();

/** Steps handed out between two looks at the clock. */
const SLICE = 10_000;
/** Steps of the first slice; short renders never look at the clock. */
const FIRST_SLICE = 2_000;

/**
 * Is the state of one render: what is left of each budget, and where the template is. Budgets are plain counters
 * that are decremented before the work: one compare on the hot path, everything else behind it.
 */
export class Runtime {
  readonly limits: Limits;
  /** Handed to host functions. */
  readonly host: unknown;
  /** Steps left in the present slice. */
  fuel: number;
  /** Steps left behind the present slice. */
  private reserve: number;
  private started = 0;
  /** Output left, in UTF-16 units. */
  room: number;
  /** Allocation left, in bytes. */
  memory: number;
  /** Nesting of calls, loops and printed data. */
  depth = 0;
  /** Whether autoescape is on where the template is. */
  autoescape: boolean;
  /** The last place that could fail. */
  at: Place | null = null;
  /** How a loop body was left: 0 at its end, 1 by `break`, 2 by `continue`. */
  signal = 0;
  /** Whether host data is read through copies, because the template changes lists or dicts. */
  copying: Map<object, unknown> | null = null;
  readonly environment: RuntimeEnvironment;

  constructor(limits: Limits, environment: RuntimeEnvironment, host: unknown) {
    this.limits = limits;
    this.environment = environment;
    this.autoescape = environment.autoescape;
    this.host = host;
    const first = limits.steps < FIRST_SLICE ? limits.steps : FIRST_SLICE;
    this.fuel = first;
    this.reserve = limits.steps - first;
    this.room = limits.outputBytes;
    this.memory = limits.allocationBytes;
  }

  /** Charges steps of work. */
  spend(steps: number): void {
    this.fuel -= steps;
    if (this.fuel < 0) this.refuel();
  }

  /** Hands out the next slice of steps, or fails when steps or time are spent. */
  refuel(): void {
    const left = this.reserve + this.fuel;
    if (!(left >= 0)) throw fail("LimitError", `the template did more than ${this.limits.steps} steps of work`);
    this.fuel = left < SLICE ? left : SLICE;
    this.reserve = left - this.fuel;
    if (this.limits.milliseconds === 0) return;
    const now = busyMilliseconds();
    if (this.started === 0) this.started = now;
    else if (now - this.started > this.limits.milliseconds) {
      throw fail("LimitError", `the template ran longer than ${this.limits.milliseconds} ms`);
    }
  }

  /** Charges memory for a value about to be made. */
  allocate(bytes: number): void {
    this.memory -= bytes;
    if (!(this.memory >= 0)) throw this.memoryError();
  }

  private memoryError(): TemplateError {
    return fail("LimitError", `the template allocated more than ${this.limits.allocationBytes} bytes`);
  }

  /** Charges text about to be printed. */
  print(units: number): void {
    this.room -= units;
    if (!(this.room >= 0))
      throw fail("LimitError", `the template printed more than ${this.limits.outputBytes} characters`);
  }

  /** Charges an integer of so many bits about to be computed. */
  chargeInteger(bits: number): void {
    if (!(bits <= this.limits.integerBits)) {
      throw fail("OverflowError", `the integer would need more than ${this.limits.integerBits} bits`);
    }
    this.allocate(bits >> 3);
  }

  /** Goes one level deeper; pair it with `depth--`. */
  enter(): void {
    if (++this.depth > this.limits.depth) {
      this.depth = 0;
      throw fail("RecursionError", `nested more than ${this.limits.depth} levels deep`);
    }
  }
}

function fail(type: TemplateErrorType, message: string): TemplateError {
  return new TemplateError(type, message);
}
