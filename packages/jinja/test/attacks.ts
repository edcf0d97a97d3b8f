/** Is one hostile template. */
export interface Attack {
  readonly name: string;
  readonly template: string;
  /** What it must end with: an error of this type, or text. Absent when both an error and harmless text are fine. */
  readonly error?: string;
  readonly output?: string;
}

const repeat = (text: string, count: number): string => text.repeat(count);

/** Templates that try to reach objects of the host. */
const REACHING: readonly Attack[] = [
  { name: "constructor of a text", template: "{{ ''.constructor }}", output: "" },
  {
    name: "constructor of a constructor",
    template: "{{ ''.constructor.constructor('return process')() }}",
    error: "UndefinedError",
  },
  {
    name: "constructor by key",
    template: "{{ user['constructor']['constructor']('return 1')() }}",
    error: "UndefinedError",
  },
  { name: "constructor of a list", template: "{{ [].constructor }}{{ [].push }}{{ [].map }}", output: "" },
  { name: "constructor of a number", template: "{{ (1).constructor }}{{ (1).toFixed }}", output: "" },
  { name: "prototype of an object", template: "{{ user.__proto__ }}{{ user['__proto__'] }}", output: "" },
  {
    name: "prototype methods",
    template: "{{ user.hasOwnProperty }}{{ user.toString }}{{ user.valueOf }}{{ user.__defineGetter__ }}",
    output: "",
  },
  {
    name: "prototype through attr",
    template: "{{ user|attr('constructor') }}{{ user|attr('__class__') }}",
    output: "",
  },
  { name: "prototype through map", template: "{{ [user]|map(attribute='constructor')|list }}", output: "[Undefined]" },
  { name: "prototype through a computed key", template: "{{ user['const' ~ 'ructor'] }}", output: "" },
  { name: "Python classes", template: "{{ ''.__class__.__mro__[1].__subclasses__() }}", error: "SecurityError" },
  { name: "Python globals of a function", template: "{{ cycler.__init__.__globals__ }}", error: "SecurityError" },
  {
    name: "Python globals through namespace",
    template: "{{ namespace.__init__.__globals__.os }}",
    error: "SecurityError",
  },
  { name: "Python class in a format", template: "{{ '{0.__class__.__mro__}'.format('') }}", error: "SecurityError" },
  {
    name: "Python class in format_map",
    template: "{{ '{a.__class__.__mro__}'.format_map({'a': ''}) }}",
    error: "SecurityError",
  },
  { name: "constructor in a format", template: "{{ '{0.constructor}{0[constructor]}'.format(user) }}", output: "" },
  { name: "function in the context", template: "{{ hostFunction() }}", error: "SecurityError" },
  { name: "function in the context, printed", template: "{{ hostFunction }}", error: "SecurityError" },
  { name: "function in the context, by filter", template: "{{ hostFunction|string }}", error: "SecurityError" },
  { name: "function in the context, as JSON", template: "{{ [hostFunction]|tojson }}", error: "SecurityError" },
  { name: "date in the context", template: "{{ hostDate.getTime }}", error: "SecurityError" },
  { name: "class instance in the context", template: "{{ hostInstance.secret }}", error: "SecurityError" },
  {
    name: "class instance, iterated",
    template: "{% for x in hostInstance %}{{ x }}{% endfor %}",
    error: "SecurityError",
  },
  {
    name: "proxy that counts reads",
    template: "{{ hostInstance|tojson }}{{ hostInstance|length }}",
    error: "SecurityError",
  },
  {
    name: "globals of JavaScript",
    template: "{{ process }}{{ globalThis }}{{ require }}{{ Object }}{{ eval }}",
    output: "",
  },
  {
    name: "names of the context's prototype",
    template: "{{ toString }}{{ constructor }}{{ __proto__ }}{{ hasOwnProperty }}",
    output: "",
  },
  {
    name: "loop internals",
    template: "{% for i in [1] %}{{ loop.constructor }}{{ loop.__class__ }}{{ loop.items }}{{ loop.rt }}{% endfor %}",
    output: "",
  },
  {
    name: "macro internals",
    template: "{% macro m() %}{% endmacro %}{{ m.constructor }}{{ m.invoke }}{{ m.__globals__ }}",
    output: "",
  },
  {
    name: "namespace prototype",
    template: "{% set ns = namespace() %}{% set ns.__proto__ = 1 %}{{ ns.constructor }}{{ ns.__class__ }}",
    output: "",
  },
  {
    name: "dict with __proto__",
    template: "{% set d = {'__proto__': {'polluted': 1}} %}{{ {}.polluted }}{{ d.polluted }}",
    output: "",
  },
];

/** Templates that try to change data of the host. */
const CHANGING: readonly Attack[] = [
  { name: "append to a list", template: "{% do nums.append(99) %}{{ nums }}", output: "[3, 1, 2, 99]" },
  {
    name: "append by a computed name",
    template: "{% set _ = nums['app' ~ 'end'](99) %}{{ nums|length }}",
    output: "4",
  },
  {
    name: "append through attr",
    template: "{% set f = nums|attr('append') %}{% do f(99) %}{{ nums|last }}",
    output: "99",
  },
  { name: "clear an object", template: "{% do user.clear() %}{{ user }}", output: "{}" },
  { name: "update an object", template: "{% do user.update(name='x', __proto__=1) %}{{ user.name }}", output: "x" },
  { name: "sort a list in place", template: "{% do nums.sort() %}{{ nums }}", output: "[1, 2, 3]" },
  { name: "change a nested list", template: "{% do user.tags.extend([1, 2]) %}{{ user.tags|length }}", output: "4" },
  {
    name: "pop inside a loop",
    template: "{% for x in nums %}{% do nums.pop() %}{% endfor %}{{ nums }}",
    output: "[3]",
  },
];

/** Templates that try to compute for ever. */
const RUNNING: readonly Attack[] = [
  { name: "range of a billion", template: "{% for i in range(1000000000) %}x{% endfor %}", error: "OverflowError" },
  {
    name: "three nested loops",
    template:
      "{% for i in range(99999) %}{% for j in range(99999) %}{% for k in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "loop over a growing list",
    template: "{% set l = [1] %}{% for x in l %}{% do l.append(x) %}{% endfor %}",
    error: "LimitError",
  },
  { name: "recursive macro", template: "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", error: "RecursionError" },
  {
    name: "two recursive macros",
    template: "{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
    error: "RecursionError",
  },
  {
    name: "exponential macro",
    template: "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}x{% endmacro %}{{ m(60) }}",
    error: "LimitError",
  },
  {
    name: "recursive caller",
    template: "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
    error: "RecursionError",
  },
  {
    name: "recursive loop for ever",
    template: "{% set t = [] %}{% do t.append(t) %}{% for x in t recursive %}{{ loop(x) }}{% endfor %}",
    error: "RecursionError",
  },
  {
    name: "list that holds itself",
    template: "{% set l = [] %}{% do l.append(l) %}{{ l }}{{ l == l }}{{ l|tojson }}",
    error: "ValueError",
  },
  {
    name: "two lists that hold each other, compared",
    template: "{% set a = [] %}{% set b = [] %}{% do a.append(b) %}{% do b.append(a) %}{{ a == b }}",
    error: "RecursionError",
  },
  { name: "large powers", template: "{{ 9 ** (9 ** 9) }}", error: "OverflowError" },
  {
    name: "tower of powers",
    template: "{% set ns = namespace(x=7) %}{% for i in range(50) %}{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}",
    error: "OverflowError",
  },
  {
    name: "long division in a loop",
    template: "{% set a = 3 ** 30000 %}{% for i in range(9999) %}{% set b = a // 7 %}{% set c = a % 9 %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "digits of a large integer in a loop",
    template: "{% set a = 7 ** 1500 %}{% for i in range(99999) %}{% set b = a|string %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "sorting in a loop",
    template: "{% set l = range(20000)|list %}{% for i in range(9999) %}{% set x = l|sort(reverse=true) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "membership in a loop",
    template: "{% set l = range(90000)|list %}{% for i in range(90000) %}{% if -1 in l %}{% endif %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "search in a long text in a loop",
    template: "{% set s = 'a' * 900000 %}{% for i in range(90000) %}{{ 'b' in s }}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "insert at the front in a loop",
    template: "{% set l = range(90000)|list %}{% for i in range(90000) %}{% do l.insert(0, i) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "remove in a loop",
    template: "{% set l = range(90000)|list %}{% for i in range(90000) %}{% do l.remove(89999 - i) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "sum of lists",
    template: "{% set l = [[1] * 1000] * 1000 %}{{ l|sum(start=[])|length }}",
    error: "LimitError",
  },
  {
    name: "chained maps",
    template:
      "{% set l = range(99999) %}{{ l|map('string')|map('length')|map('string')|map('int')|map('string')|map('upper')|list|length }}",
    error: "LimitError",
  },
  { name: "unfinished tags to strip", template: "{{ ('<' * 900000)|striptags|length }}" },
  { name: "unfinished comments to strip", template: "{{ ('<!--' * 300000)|striptags|length }}" },
  { name: "entities to resolve", template: "{{ ('&notinva;' * 100000)|striptags|length }}" },
  { name: "brackets for urlize", template: "{{ (')' * 300000 ~ 'x)')|urlize|length }}" },
  { name: "dots for urlize", template: "{{ ('http://' ~ 'a.' * 300000 ~ '!')|urlize|length }}" },
  { name: "at signs for urlize", template: "{{ ('a@a.' * 200000 ~ '!')|urlize|length }}" },
  { name: "hyphens for wordwrap", template: "{{ ('-' * 400000)|wordwrap(10)|length }}" },
  { name: "words of one letter for wordwrap", template: "{{ ('a' * 400000)|wordwrap(1)|length }}" },
  { name: "title of a long text", template: "{{ ('({[<' * 200000)|title|length }}" },
  { name: "deep format fields", template: "{{ ('{0' ~ '.a' * 100000 ~ '}').format(user) }}" },
  { name: "many format fields", template: "{{ ('{0}' * 300000).format('x')|length }}" },
  { name: "many conversions", template: "{{ ('%s' * 300000) % (1,) }}", error: "TypeError" },
  { name: "pretty printing of a wide list", template: "{{ (range(99999)|list)|pprint|length }}" },
  { name: "grouping of many rows", template: "{{ range(99999)|groupby('x')|length }}" },
];

/** Templates that try to fill the memory. */
const FILLING: readonly Attack[] = [
  { name: "text times a billion", template: "{{ 'x' * 1000000000 }}", error: "LimitError" },
  { name: "list times a billion", template: "{{ ([0] * 1000000000)|length }}", error: "LimitError" },
  {
    name: "doubling a text",
    template: "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling a text by plus",
    template: "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling a list",
    template: "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by extend",
    template: "{% set l = [1] %}{% for i in range(60) %}{% do l.extend(l) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by replace",
    template:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s|replace('x', 'xx') %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by join",
    template:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s]|join(ns.s) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by a macro",
    template:
      "{% macro d(s) %}{{ s }}{{ s }}{% endmacro %}{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = d(ns.s) %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by a set block",
    template:
      "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "doubling by escaping",
    template:
      "{% set ns = namespace(s='&') %}{% for i in range(60) %}{% set ns.s = (ns.s ~ ns.s)|forceescape %}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "shared references written out",
    template:
      "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
    error: "LimitError",
  },
  {
    name: "shared references as JSON",
    template:
      "{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
    error: "LimitError",
  },
  {
    name: "shared references compared",
    template:
      "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(60) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}",
    error: "LimitError",
  },
  {
    name: "shared tuples as a key",
    template:
      "{% set ns = namespace(t=(1,)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}",
    error: "LimitError",
  },
  {
    name: "shared tuples looked up",
    template:
      "{% set ns = namespace(t=(1,)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ user[ns.t] }}{{ [ns.t]|unique|list }}",
    error: "LimitError",
  },
  {
    name: "shared lists for a filter of the host",
    template:
      "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t|pprint }}",
    error: "LimitError",
  },
  { name: "center", template: "{{ 'x'|center(2000000000) }}", error: "LimitError" },
  { name: "ljust", template: "{{ 'x'.ljust(2000000000) }}", error: "LimitError" },
  { name: "zfill", template: "{{ 'x'.zfill(2000000000) }}", error: "LimitError" },
  { name: "expandtabs", template: "{{ '\\t'.expandtabs(2000000000) }}", error: "LimitError" },
  { name: "indent", template: "{{ 'a\\nb'|indent(1500000000) }}", error: "LimitError" },
  { name: "width of a conversion", template: "{{ '%2000000000d' % 1 }}", error: "LimitError" },
  { name: "precision of a conversion", template: "{{ '%.2000000000f' % 1.5 }}", error: "LimitError" },
  { name: "width from an argument", template: "{{ '%*d' % (2000000000, 1) }}", error: "LimitError" },
  { name: "width of a format", template: "{{ '{:2000000000}'.format(1) }}", error: "LimitError" },
  { name: "precision of a format", template: "{{ '{:.2000000000f}'.format(1.5) }}", error: "LimitError" },
  { name: "batch filled up", template: "{{ [1]|batch(1000000000, 'x')|list }}", error: "LimitError" },
  { name: "batches of one", template: "{{ range(100000)|batch(1)|list|length }}", error: "LimitError" },
  {
    name: "search for what nearly is there",
    template: "{% set c = 'a' * 50000 ~ 'b' ~ 'a' * 50000 %}{{ c in 'a' * 300000 }}",
    output: "False",
  },
  {
    name: "search from the end for what nearly is there",
    template: "{% set c = 'a' * 50000 ~ 'b' %}{{ ('a' * 200000).rfind(c) }} {{ ('a' * 200000).rpartition(c)|length }}",
    output: "-1 3",
  },
  {
    name: "replace, count and split of what nearly is there",
    template:
      "{% set t = 'a' * 100000 %}{% set c = 'a' * 20000 ~ 'b' ~ 'a' * 20000 %}{{ t.replace(c, '')|length }} {{ t.count(c) }} {{ t.split(c)|length }}",
    output: "100000 0 1",
  },
  {
    name: "search in bytes",
    template: "{{ ('a' * 50000 ~ 'b').encode() in ('a' * 200000).encode() }}",
    output: "False",
  },
  { name: "bytes as a list", template: "{{ ('a' * 4000000).encode()|list|length }}", error: "LimitError" },
  { name: "slices without number", template: "{{ [1]|slice(1000000000)|list|length }}", error: "LimitError" },
  { name: "replace of nothing", template: "{{ ('x' * 100000).replace('', 'y' * 1000)|length }}", error: "LimitError" },
  {
    name: "replace with a long text",
    template: "{{ ('x' * 100000)|replace('x', 'y' * 100000)|length }}",
    error: "LimitError",
  },
  { name: "join with a long text", template: "{{ range(99999)|join('y' * 100000)|length }}", error: "LimitError" },
  { name: "translate to long texts", template: "{{ ('x' * 100000).translate({120: 'y' * 1000})|length }}" },
  {
    name: "wrapping with a long text",
    template: "{{ ('a ' * 100000)|wordwrap(1, true, 'y' * 10000)|length }}",
    error: "LimitError",
  },
  { name: "filler text", template: "{{ lipsum(1000000000) }}", error: "LimitError" },
  {
    name: "filler text of one paragraph",
    template: "{{ lipsum(1, false, 900000000, 1000000000) }}",
    error: "LimitError",
  },
  { name: "bytes of an integer", template: "{{ (1).to_bytes(2000000000) }}", error: "LimitError" },
  {
    name: "output without end",
    template: "{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}",
    error: "LimitError",
  },
  {
    name: "text of the template in a loop",
    template: `{% for i in range(99999) %}${repeat("x", 1000)}{% endfor %}`,
    error: "LimitError",
  },
  {
    name: "namespace without end",
    template:
      "{% set ns = namespace() %}{% set d = {} %}{% for i in range(99999) %}{% do d.update({i ~ '': i}) %}{% endfor %}{{ d|length }}",
  },
  { name: "split into many", template: "{{ ('a,' * 400000).split(',')|length }}" },
];

/** Sources that try to break the parser. */
const PARSING: readonly Attack[] = [
  {
    name: "nested parentheses",
    template: `{{ ${repeat("(", 9_000)}1${repeat(")", 9_000)} }}`,
    error: "TemplateSyntaxError",
  },
  {
    name: "nested lists",
    template: `{{ ${repeat("[", 9_000)}${repeat("]", 9_000)} }}`,
    error: "TemplateSyntaxError",
  },
  {
    name: "nested ifs",
    template: `${repeat("{% if 1 %}", 2_000)}${repeat("{% endif %}", 2_000)}`,
    error: "TemplateSyntaxError",
  },
  { name: "nested nots", template: `{{ ${repeat("not ", 15_000)}1 }}`, error: "TemplateSyntaxError" },
  { name: "nested minus", template: `{{ ${repeat("-", 15_000)}1 }}`, error: "TemplateSyntaxError" },
  { name: "long chain of plus", template: `{{ 1${repeat("+1", 30_000)} }}` },
  { name: "long chain of filters", template: `{{ 'a'${repeat("|upper", 30_000)} }}` },
  { name: "long chain of members", template: `{{ user${repeat(".a", 30_000)} }}` },
  { name: "long chain of comparisons", template: `{{ 1${repeat("<2", 30_000)} }}` },
  { name: "long chain of elifs", template: `{% if 0 %}${repeat("{% elif 0 %}", 20_000)}{% endif %}` },
  { name: "source of two megabytes", template: repeat("{{ 1 }}", 300_000), error: "LimitError" },
  { name: "unclosed comments", template: repeat("{#", 200_000), error: "TemplateSyntaxError" },
  { name: "unclosed raw blocks", template: repeat("{% raw %}", 40_000), error: "TemplateSyntaxError" },
  { name: "white space before raw", template: `{%${repeat(" ", 500_000)}raw`, error: "TemplateSyntaxError" },
  {
    name: "white space after endraw marks",
    template: `{% raw %}${repeat("{% ", 100_000)}`,
    error: "TemplateSyntaxError",
  },
  { name: "long number", template: `{{ ${repeat("9", 500_000)} }}` },
  { name: "source of many tokens", template: repeat("{{ a }}", 4_000) },
  { name: "constant that explodes when folded", template: "{{ 'x' * 1000 * 1000 * 1000 }}{{ 2 ** 2 ** 30 }}" },
];

/** All hostile templates. */
export const ATTACKS: readonly Attack[] = [...REACHING, ...CHANGING, ...RUNNING, ...FILLING, ...PARSING];
