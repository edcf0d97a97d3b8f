import { NAMES } from "./context.ts";
import type { Random } from "./random.ts";

const TEXTS = [
  "''",
  "'a'",
  "'abc'",
  "'Hello World'",
  "'<b>x</b>'",
  "'a,b,,c'",
  "'x y  z'",
  '"it\'s"',
  "'é☃😀'",
  "'12'",
  "'-3'",
  "'1.5'",
  "' pad '",
  "'a\\nb\\tc'",
  "'%s'",
  "'%d items'",
  "'ABC'",
  "'aAbB'",
  "'ß'",
  "'1e3'",
  "'0x1f'",
  "'[1]'",
  "'foo-bar_baz'",
  "'a.b.c'",
  "'{}'",
  "'{0}-{1}'",
  "'😀😀x'",
  "'a\\r\\nb'",
  "'\\\\d'",
  "'ǆ'",
  "'ﬁne'",
  "'İ'",
  "'x' 'y'",
  "'&amp;<'",
  "'AbC dEf'",
  "'1_000'",
  "'nan'",
  "'inf'",
  "'٣'",
];
/** Int literals. */
export const INTS = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "5",
  "7",
  "10",
  "42",
  "100",
  "-7",
  "255",
  "1000",
  "9007199254740993",
  "2**64",
  "1_000",
  "0x1F",
  "0b101",
  "123456789",
];
const FLOATS = [
  "0.0",
  "1.0",
  "0.5",
  "2.5",
  "-1.5",
  "3.14159",
  "1e16",
  "1e-5",
  "0.1",
  "2.675",
  "1e22",
  "123456.789",
  "1.5e300",
  "-0.0",
  "0.045",
  "1e15",
];

/** Writes a text literal or a name that holds text. */
export function textOf(random: Random): string {
  return random.chance(0.5) ? random.pick(TEXTS) : random.pick(NAMES.text ?? []);
}

/** Writes an int. */
export function intOf(random: Random): string {
  return random.chance(0.7) ? random.pick(INTS) : random.pick(NAMES.int ?? []);
}

/** Writes a float. */
export function floatOf(random: Random): string {
  return random.chance(0.6) ? random.pick(FLOATS) : random.pick(NAMES.float ?? []);
}

/** Writes a small int. */
export function smallInt(random: Random): string {
  return random.pick(["0", "1", "2", "3", "4", "5", "-1", "-2", "7", "10", "12", "20"]);
}
