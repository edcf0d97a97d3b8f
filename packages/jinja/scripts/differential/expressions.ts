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
const INTS = [
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

function floatOf(random: Random): string {
  return random.chance(0.6) ? random.pick(FLOATS) : random.pick(NAMES.float ?? []);
}

function smallInt(random: Random): string {
  return random.pick(["0", "1", "2", "3", "4", "5", "-1", "-2", "7", "10", "12", "20"]);
}

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

const BOOLS = ["true", "false"];

/** Writers of filters with arguments that mostly suit them, by the kind of value they are given. */
const TEXT_FILTERS: readonly ((random: Random) => string)[] = [
  () => "upper",
  () => "lower",
  () => "capitalize",
  () => "title",
  () => "length",
  () => "list",
  () => "reverse",
  () => "first",
  () => "last",
  () => "escape",
  () => "e",
  () => "forceescape",
  () => "safe",
  () => "striptags",
  () => "urlencode",
  () => "wordcount",
  () => "string",
  () => "int",
  () => "float",
  () => "tojson",
  () => "pprint",
  () => "unique|list",
  () => "sort",
  () => "urlize",
  () => "trim",
  (r) => `trim(${textOf(r)})`,
  (r) => `center(${smallInt(r)})`,
  (r) => `replace(${textOf(r)}, ${textOf(r)})`,
  (r) => `replace('a', 'XY', ${smallInt(r)})`,
  (r) => `truncate(${smallInt(r)})`,
  (r) => `truncate(${smallInt(r)}, ${r.pick(BOOLS)})`,
  (r) => `truncate(${smallInt(r)}, ${r.pick(BOOLS)}, ${r.pick(["''", "'..'", "'…'"])}, ${smallInt(r)})`,
  (r) => `wordwrap(${smallInt(r)})`,
  (r) => `wordwrap(${smallInt(r)}, ${r.pick(BOOLS)}, ${r.pick(["'|'", "'\\n'"])}, ${r.pick(BOOLS)})`,
  (r) => `wordwrap(width=${smallInt(r)}, break_on_hyphens=false)`,
  (r) => `indent(${smallInt(r)})`,
  (r) => `indent(${r.pick(["2", "'> '", "true"])}, ${r.pick(BOOLS)}, ${r.pick(BOOLS)})`,
  (r) => `int(${intOf(r)}, ${r.pick(["2", "8", "10", "16", "0", "36"])})`,
  (r) => `int(default=${intOf(r)})`,
  (r) => `float(${anyValue(r, 0)})`,
  (r) => `join(${textOf(r)})`,
  (r) => `default(${anyValue(r, 0)})`,
  (r) => `d(${anyValue(r, 0)}, true)`,
  (r) => `urlize(${smallInt(r)}, ${r.pick(BOOLS)})`,
  () => "urlize(target='_blank', rel='nofollow x')",
  (r) => `batch(${smallInt(r)})|list`,
  (r) => `slice(${smallInt(r)})|list`,
  () => "filesizeformat",
  (r) => `map('${r.pick(["upper", "lower", "string", "int"])}')|list`,
  (r) => `format(${anyValue(r, 0)})`,
];

const NUMBER_FILTERS: readonly ((random: Random) => string)[] = [
  () => "abs",
  () => "int",
  () => "float",
  () => "string",
  () => "tojson",
  () => "round",
  (r) => `round(${smallInt(r)})`,
  (r) => `round(${smallInt(r)}, '${r.pick(["common", "ceil", "floor"])}')`,
  (r) => `round(method='${r.pick(["ceil", "floor"])}')`,
  () => "filesizeformat",
  (r) => `filesizeformat(${r.pick(BOOLS)})`,
  () => "pprint",
  (r) => `default(${anyValue(r, 0)})`,
  () => "upper",
  () => "length",
  () => "list",
  () => "urlencode",
  () => "e",
  (r) => `center(${smallInt(r)})`,
  () => "title",
];

const LIST_FILTERS: readonly ((random: Random) => string)[] = [
  () => "length",
  () => "count",
  () => "first",
  () => "last",
  () => "list",
  () => "reverse|list",
  () => "join",
  (r) => `join(${textOf(r)})`,
  () => "sum",
  () => "min",
  () => "max",
  () => "sort",
  () => "unique|list",
  () => "tojson",
  () => "pprint",
  () => "string",
  () => "e",
  () => "urlencode",
  (r) => `sum(start=${anyValue(r, 0)})`,
  (r) => `sum(attribute='${r.pick(["id", "qty", "price", "name", "0"])}')`,
  (r) => `sort(${r.pick(BOOLS)})`,
  (r) => `sort(reverse=${r.pick(BOOLS)}, case_sensitive=${r.pick(BOOLS)})`,
  (r) =>
    `sort(attribute='${r.pick(["name", "category", "price", "category,name", "id", "nope", "tags", "qty,name"])}')|map(attribute='id')|list`,
  (r) => `unique(${r.pick(BOOLS)})|list`,
  (r) => `unique(attribute='${r.pick(["category", "active", "tags"])}')|map(attribute='name')|list`,
  (r) => `map(attribute='${r.pick(["name", "id", "tags.0", "nope", "0", "price"])}')|list`,
  (r) => `map(attribute='${r.pick(["name", "tags.0", "nope"])}', default=${anyValue(r, 0)})|list`,
  (r) =>
    `map('${r.pick(["upper", "string", "length", "int", "float", "tojson", "title", "first", "nope", "abs"])}')|list`,
  (r) => `map('${r.pick(["default", "join", "truncate", "replace", "round"])}', ${anyValue(r, 0)})|list`,
  (r) => `select('${r.pick(["odd", "even", "string", "number", "defined", "none", "mapping", "nope", "true"])}')|list`,
  (r) => `reject('${r.pick(["odd", "even", "string", "number", "none"])}')|list`,
  () => "select|list",
  () => "reject|list",
  (r) => `select('${r.pick(["eq", "lt", "gt", "in", "divisibleby", ">"])}', ${anyValue(r, 0)})|list`,
  (r) => `selectattr('${r.pick(["active", "tags", "name", "nope"])}')|map(attribute='id')|list`,
  (r) =>
    `${r.pick(["selectattr", "rejectattr"])}('${r.pick(["price", "qty", "id", "name"])}', '${r.pick(["gt", "lt", "eq", "==", "ne"])}', ${r.pick(["3", "5.0", "'apple'"])})|map(attribute='name')|list`,
  (r) => `groupby('${r.pick(["category", "active", "id", "tags"])}')|list`,
  (r) => `groupby('category', case_sensitive=${r.pick(BOOLS)})|map('first')|list`,
  (r) => `groupby('nope', default=${anyValue(r, 0)})|list`,
  (r) => `batch(${smallInt(r)})|list`,
  (r) => `batch(${smallInt(r)}, ${anyValue(r, 0)})|list`,
  (r) => `slice(${smallInt(r)})|list`,
  (r) => `slice(${smallInt(r)}, ${anyValue(r, 0)})|list`,
  (r) => `tojson(${r.pick(["0", "1", "2"])})`,
  (r) => `max(attribute='${r.pick(["price", "name", "nope"])}')`,
  (r) => `min(attribute='${r.pick(["price", "name"])}')`,
  (r) => `max(${r.pick(BOOLS)})`,
  (r) => `join(${textOf(r)}, attribute='${r.pick(["name", "id", "nope"])}')`,
  () => "map('list')|list",
  (r) => `default(${anyValue(r, 0)}, true)`,
  () => "items|list",
];

const DICT_FILTERS: readonly ((random: Random) => string)[] = [
  () => "length",
  () => "list",
  () => "tojson",
  () => "pprint",
  () => "string",
  () => "items|list",
  () => "dictsort",
  () => "xmlattr",
  () => "urlencode",
  () => "first",
  () => "last",
  () => "join",
  () => "sort",
  () => "max",
  () => "min",
  (r) => `dictsort(${r.pick(BOOLS)})`,
  (_r) => `dictsort(by='value')`,
  (r) => `dictsort(${r.pick(BOOLS)}, '${r.pick(["key", "value", "x"])}', ${r.pick(BOOLS)})`,
  (r) => `attr('${r.pick(["items", "name", "keys", "x"])}')`,
  (r) => `tojson(indent=${smallInt(r)})`,
  (r) => `xmlattr(${r.pick(BOOLS)})`,
  () => "reverse|list",
  () => "e",
  () => "map('upper')|list",
  () => "unique|list",
];

const ANY_FILTERS = [TEXT_FILTERS, NUMBER_FILTERS, LIST_FILTERS, DICT_FILTERS].flat();

function filterOf(random: Random, depth: number): string {
  const pick = (filters: readonly ((random: Random) => string)[]): string => random.pick(filters)(random);
  return random.weighted([
    [4, () => `${textOf(random)}|${pick(TEXT_FILTERS)}`],
    [3, () => `${random.chance(0.5) ? intOf(random) : floatOf(random)}|${pick(NUMBER_FILTERS)}`],
    [5, () => `${listOf(random, depth)}|${pick(LIST_FILTERS)}`],
    [2, () => `${random.chance(0.7) ? random.pick(NAMES.dict ?? []) : dictOf(random, depth)}|${pick(DICT_FILTERS)}`],
    [3, () => `(${generateExpression(random, depth - 1)})|${pick(ANY_FILTERS)}`],
    [1, () => `${anyValue(random, depth)}|${pick(ANY_FILTERS)}|${pick(ANY_FILTERS)}`],
  ]);
}

/** Writers of method calls by the kind of value. */
const TEXT_METHODS: readonly ((random: Random) => string)[] = [
  ..."upper lower capitalize title swapcase casefold isupper islower istitle isspace isdigit isalpha isalnum isnumeric isdecimal isidentifier isprintable isascii split rsplit splitlines strip lstrip rstrip encode expandtabs"
    .split(" ")
    .map((name) => () => `${name}()`),
  (r) => `split(${textOf(r)})`,
  (r) => `split(${r.pick(["','", "' '", "none", "'a'"])}, ${smallInt(r)})`,
  (r) => `rsplit(${r.pick(["','", "' '", "none"])}, ${smallInt(r)})`,
  (r) => `split(maxsplit=${smallInt(r)})`,
  (r) => `splitlines(${r.pick(BOOLS)})`,
  (r) => `strip(${textOf(r)})`,
  (r) => `lstrip(${textOf(r)})`,
  (_r) => `rstrip('.a ')`,
  (r) => `find(${textOf(r)})`,
  (r) => `rfind('o', ${smallInt(r)})`,
  (r) => `index(${textOf(r)})`,
  (r) => `count(${textOf(r)})`,
  (r) => `count('a', ${smallInt(r)}, ${smallInt(r)})`,
  (r) => `startswith(${textOf(r)})`,
  (r) => `endswith(${textOf(r)})`,
  (_r) => `startswith(('a', 'H'))`,
  (r) => `startswith('e', ${smallInt(r)})`,
  (r) => `replace(${textOf(r)}, ${textOf(r)})`,
  (r) => `replace('a', 'b', ${smallInt(r)})`,
  (_r) => `replace('', '-')`,
  (r) => `replace('', '-', ${smallInt(r)})`,
  (r) => `center(${smallInt(r)}, '*')`,
  (r) => `ljust(${smallInt(r)})`,
  (r) => `rjust(${smallInt(r)}, '0')`,
  (r) => `zfill(${smallInt(r)})`,
  (r) => `partition(${textOf(r)})`,
  (_r) => `rpartition(' ')`,
  (r) => `join(${listOf(r, 1)})`,
  (r) => `join(${r.pick(["words", "['a', 'b']", "'xyz'", "d"])})`,
  (r) => `removeprefix(${textOf(r)})`,
  (_r) => `removesuffix('c')`,
  (r) => `format(${anyValue(r, 0)}, ${anyValue(r, 0)})`,
  (r) => `format(a=${anyValue(r, 0)})`,
  (r) => `expandtabs(${smallInt(r)})`,
  (r) => `find('l', ${smallInt(r)}, ${smallInt(r)})`,
  () => "upper",
  (r) => `nope(${anyValue(r, 0)})`,
  (r) => `upper(${intOf(r)})`,
];

const LIST_METHODS: readonly ((random: Random) => string)[] = [
  (r) => `count(${anyValue(r, 0)})`,
  (r) => `index(${anyValue(r, 0)})`,
  () => "copy()",
  () => "pop()",
  (r) => `pop(${smallInt(r)})`,
  (r) => `index(3, ${smallInt(r)})`,
  (r) => `append(${anyValue(r, 0)})`,
  (r) => `extend(${listOf(r, 1)})`,
  () => "reverse()",
  () => "sort()",
  (r) => `insert(${smallInt(r)}, ${anyValue(r, 0)})`,
  (r) => `remove(${anyValue(r, 0)})`,
  () => "clear()",
  (r) => `sort(reverse=${r.pick(BOOLS)})`,
];

const DICT_METHODS: readonly ((random: Random) => string)[] = [
  () => "keys()",
  () => "values()",
  () => "items()",
  () => "keys()|list",
  () => "values()|list",
  () => "items()|list",
  (r) => `get('${r.pick(["a", "name", "x"])}')`,
  (r) => `get(${anyValue(r, 0)}, ${anyValue(r, 0)})`,
  () => "copy()",
  (r) => `pop('${r.pick(["a", "x"])}')`,
  (r) => `pop('x', ${anyValue(r, 0)})`,
  () => "popitem()",
  (r) => `setdefault('q', ${anyValue(r, 0)})`,
  (r) => `update({'z': ${anyValue(r, 0)}})`,
  () => "clear()",
  () => "items()|sort",
  (r) => `update(a=${anyValue(r, 0)})`,
];

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
  const pick = (methods: readonly ((random: Random) => string)[]): string => random.pick(methods)(random);
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
