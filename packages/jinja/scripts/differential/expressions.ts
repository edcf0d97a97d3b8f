import { NAMES } from "./context.ts";
import { DICT_FILTERS, LIST_FILTERS, type Nested, NUMBER_FILTERS, TEXT_FILTERS, type Writer } from "./filter-calls.ts";
import { floatOf, INTS, intOf, smallInt, textOf } from "./literals.ts";
import { DICT_METHODS, LIST_METHODS, TEXT_METHODS } from "./method-calls.ts";
import type { Random } from "./random.ts";

/** Writes a value of any kind. */
export function anyValue(random: Random, depth: number): string {
  return random.weighted([
    [4, () => textOf(random)],
    [4, () => intOf(random)],
    [2, () => floatOf(random)],
    [3, () => random.pick(NAMES.list ?? [])],
    [2, () => random.pick(NAMES.dict ?? [])],
    [2, () => random.pick(NAMES.other ?? [])],
    [1, () => `[${random.list(3, () => generateExpression(random, depth - 1)).join(", ")}]`],
    [1, () => tupleOf(random, depth)],
    [1, () => dictOf(random, depth)],
    [0.5, () => `range(${smallInt(random)}${random.chance(0.4) ? `, ${smallInt(random)}` : ""})`],
  ]);
}

function tupleOf(random: Random, depth: number): string {
  const items = random.list(3, () => generateExpression(random, depth - 1));
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

function dictOf(random: Random, depth: number): string {
  const key = (): string =>
    random.pick(["'a'", "'b'", "1", "'x y'", "true", "1.0", "none", "(1, 2)", "'é'", "2.5", "'a'"]);
  return `{${random.list(3, () => `${key()}: ${generateExpression(random, depth - 1)}`).join(", ")}}`;
}

/** Writes a list of values. */
function listOf(random: Random, depth: number): string {
  return random.chance(0.7)
    ? random.pick(NAMES.list ?? [])
    : `[${random.list(4, () => anyValue(random, depth - 1)).join(", ")}]`;
}

/** Writes an expression. */
export function generateExpression(random: Random, depth: number): string {
  if (depth <= 0) return anyValue(random, 0);
  const inner = (): string => generateExpression(random, depth - 1);
  return random.weighted([
    [3, () => anyValue(random, depth)],
    [7, () => filterOf(random, depth)],
    [4, () => methodOf(random, depth)],
    [
      3,
      () => `${operand(random, depth)} ${random.pick(["+", "-", "*", "/", "//", "%", "**"])} ${operand(random, depth)}`,
    ],
    [1, () => `${inner()} ~ ${inner()}`],
    [
      2,
      () =>
        `${operand(random, depth)} ${random.pick(["==", "!=", "<", "<=", ">", ">=", "in", "not in"])} ${operand(random, depth)}`,
    ],
    [
      0.3,
      () =>
        `${operand(random, depth)} < ${operand(random, depth)} ${random.pick(["<", "==", ">="])} ${operand(random, depth)}`,
    ],
    [2, () => testOf(random, depth)],
    [1, () => `(${inner()} if ${inner()}${random.chance(0.8) ? ` else ${inner()}` : ""})`],
    [0.7, () => `(${inner()} ${random.pick(["and", "or"])} ${inner()})`],
    [0.5, () => `not ${operand(random, depth)}`],
    [0.5, () => `${random.pick(["-", "+"])}${operand(random, depth)}`],
    [2, () => subscriptOf(random, depth)],
    [2, () => formatOf(random, depth)],
  ]);
}

/** Writes an operand that binds tightly and mostly has a sensible kind. */
function operand(random: Random, depth: number): string {
  return random.weighted([
    [4, () => intOf(random)],
    [3, () => floatOf(random)],
    [2, () => textOf(random)],
    [1, () => listOf(random, depth)],
    [1, () => anyValue(random, depth - 1)],
    [1, () => `(${generateExpression(random, depth - 1)})`],
  ]);
}

function subscriptOf(random: Random, depth: number): string {
  const base = random.weighted([
    [3, () => textOf(random)],
    [3, () => listOf(random, depth)],
    [2, () => random.pick(NAMES.dict ?? [])],
    [1, () => `(${generateExpression(random, depth - 1)})`],
  ]);
  const bound = (): string => (random.chance(0.3) ? "" : smallInt(random));
  return random.weighted([
    [2, () => `${base}[${smallInt(random)}]`],
    [2, () => `${base}[${bound()}:${bound()}]`],
    [2, () => `${base}[${bound()}:${bound()}:${random.pick(["1", "2", "-1", "-2", "3", "0", ""])}]`],
    [1, () => `${base}['${random.pick(["a", "name", "b", "items", "nope", "upper", "tags"])}']`],
    [
      1,
      () =>
        `${base}.${random.pick(["a", "name", "b", "items", "nope", "upper", "tags", "0", "1", "real", "__class__", "_x", "count"])}`,
    ],
    [0.5, () => `${base}[${anyValue(random, 0)}]`],
  ]);
}

const TESTS_PLAIN = [
  "defined",
  "undefined",
  "none",
  "string",
  "number",
  "integer",
  "float",
  "boolean",
  "mapping",
  "sequence",
  "iterable",
  "callable",
  "odd",
  "even",
  "lower",
  "upper",
  "true",
  "false",
  "escaped",
  "filter",
  "test",
];
const TESTS_OTHER = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "equalto",
  "lessthan",
  "greaterthan",
  "in",
  "sameas",
  "divisibleby",
];

function testOf(random: Random, depth: number): string {
  const not = random.chance(0.2) ? "not " : "";
  const value = operand(random, depth);
  if (random.chance(0.6)) return `${value} is ${not}${random.pick(TESTS_PLAIN)}`;
  const argument = random.chance(0.5) ? `(${anyValue(random, 0)})` : ` ${random.pick(INTS)}`;
  return `(${value}) is ${not}${random.pick(TESTS_OTHER)}${argument}`;
}

const ANY_FILTERS = [TEXT_FILTERS, NUMBER_FILTERS, LIST_FILTERS, DICT_FILTERS].flat();

function nestedIn(random: Random): Nested {
  return { value: () => anyValue(random, 0), list: () => listOf(random, 1) };
}

function filterOf(random: Random, depth: number): string {
  const pick = (filters: readonly Writer[]): string => random.pick(filters)(random, nestedIn(random));
  return random.weighted([
    [4, () => `${textOf(random)}|${pick(TEXT_FILTERS)}`],
    [3, () => `${random.chance(0.5) ? intOf(random) : floatOf(random)}|${pick(NUMBER_FILTERS)}`],
    [5, () => `${listOf(random, depth)}|${pick(LIST_FILTERS)}`],
    [2, () => `${random.chance(0.7) ? random.pick(NAMES.dict ?? []) : dictOf(random, depth)}|${pick(DICT_FILTERS)}`],
    [3, () => `(${generateExpression(random, depth - 1)})|${pick(ANY_FILTERS)}`],
    [1, () => `${anyValue(random, depth)}|${pick(ANY_FILTERS)}|${pick(ANY_FILTERS)}`],
  ]);
}

const NUMBER_METHODS = [
  "bit_length()",
  "is_integer()",
  "real",
  "imag",
  "numerator",
  "denominator",
  "conjugate()",
  "as_integer_ratio()",
  "hex()",
  "nope",
  "bit_count()",
];

function methodOf(random: Random, depth: number): string {
  const pick = (methods: readonly Writer[]): string => random.pick(methods)(random, nestedIn(random));
  return random.weighted([
    [5, () => `${parenthesised(textOf(random))}.${pick(TEXT_METHODS)}`],
    [2, () => `${listOf(random, depth)}.${pick(LIST_METHODS)}`],
    [2, () => `${random.pick(NAMES.dict ?? [])}.${pick(DICT_METHODS)}`],
    [1, () => `(${random.chance(0.5) ? intOf(random) : floatOf(random)}).${random.pick(NUMBER_METHODS)}`],
    [1, () => `(${generateExpression(random, depth - 1)}).${pick([TEXT_METHODS, LIST_METHODS, DICT_METHODS].flat())}`],
  ]);
}

function parenthesised(text: string): string {
  return text.includes("' '") ? `(${text})` : text;
}

const PRINTF = [
  "'%s'",
  "'%d'",
  "'%5d|'",
  "'%-5d|'",
  "'%05d'",
  "'%+d'",
  "'% d'",
  "'%x'",
  "'%X'",
  "'%#x'",
  "'%o'",
  "'%#o'",
  "'%e'",
  "'%.2e'",
  "'%f'",
  "'%.3f'",
  "'%10.2f|'",
  "'%g'",
  "'%.3g'",
  "'%G'",
  "'%#g'",
  "'%r'",
  "'%a'",
  "'%c'",
  "'%10s|'",
  "'%-10s|'",
  "'%.2s'",
  "'%%'",
  "'%i'",
  "'%u'",
  "'%5.1f%%'",
  "'%.0f'",
  "'%+.1e'",
  "'%q'",
  "'%'",
  "'%(a)s'",
  "'%*d'",
  "'%.10g'",
  "'%010.3f'",
  "'%#.0f'",
  "'%.5d'",
];
const SPECS = [
  "",
  ">10",
  "<10",
  "^10",
  "*^9",
  "+",
  "-",
  " ",
  "5",
  "05",
  ",",
  "_",
  ".2f",
  "10.3f",
  "e",
  ".3e",
  "g",
  ".3g",
  "%",
  ".1%",
  "x",
  "X",
  "#x",
  "o",
  "b",
  "#b",
  "c",
  "d",
  "n",
  "s",
  ".2",
  "10.2",
  "=+8",
  "08.2f",
  ",.2f",
  "_x",
  "G",
  "E",
  "F",
  "z.1f",
  "?<5",
  "é>4",
  "06,d",
  "^+10.1f",
  "#.3g",
  "q",
  ".",
  "5s",
  ".1s",
  "012_b",
];

function formatOf(random: Random, depth: number): string {
  const value = (): string =>
    random.chance(0.6) ? (random.chance(0.5) ? intOf(random) : floatOf(random)) : anyValue(random, depth - 1);
  return random.weighted([
    [3, () => `${random.pick(PRINTF)} % ${parenthesisedValue(value())}`],
    [1, () => `${random.pick(PRINTF)} % (${value()}, ${value()})`],
    [1, () => `${random.pick(PRINTF)} % {'a': ${value()}}`],
    [2, () => `${random.pick(PRINTF)}|format(${value()})`],
    [4, () => `'{:${random.pick(SPECS)}}'.format(${value()})`],
    [
      1,
      () =>
        `'{${random.pick(["", "0", "a", "0.x", "0[0]", "0!r", "!s", "0!a", "1", "a.b", "0[name]"])}}'.format(${value()}, a=${value()})`,
    ],
    [0.5, () => `'{:{}}'.format(${value()}, ${random.pick(["5", "'>6'", "'.1f'"])})`],
    [0.3, () => `'{${random.pick(["a", "b", "c"])}}'.format_map(${random.pick(["d", "user", "{'a': 1}"])})`],
  ]);
}

function parenthesisedValue(value: string): string {
  return /[ |]/.test(value) ? `(${value})` : value;
}
