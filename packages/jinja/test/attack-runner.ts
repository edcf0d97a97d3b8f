import { createEnvironment, TemplateError } from "../src/index.ts";

/**
 * Runs one hostile template in this process: reads `{ template }` as JSON from standard input and writes what happened. The
 * engine is warmed up first with ordinary templates, as it is in a server.
 */

class HostThing {
  readonly secret = "host secret";
  *[Symbol.iterator](): Generator<string> {
    yield this.secret;
  }
}

let called = 0;
const context: Record<string, unknown> = {
  user: { name: "Ada", tags: ["x", "y"] },
  nums: [3, 1, 2],
  hostFunction: () => {
    called++;
    return "host secret";
  },
  hostDate: new Date(0),
  hostInstance: new HostThing(),
};

const WARM_UP = [
  "{% for i in range(200) %}{{ i }} {{ 'a' ~ i }} {{ [i]|tojson }}{% if i is odd %}x{% endif %}{% endfor %}",
  "{% set ns = namespace(s='') %}{% for i in range(50) %}{% set ns.s = ns.s ~ 'ab' %}{% endfor %}{{ ns.s|replace('a', 'b')|length }}",
  "{% set l = [] %}{% for i in range(50) %}{% do l.append(i) %}{% endfor %}{{ l|sort|join(',')|upper|wordwrap(20)|length }}",
  "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(10) }}{{ user }}{{ '%s' % user }}{{ '{}'.format(user) }}",
];

async function readInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

const { template } = JSON.parse(await readInput()) as { template: string };
const environment = createEnvironment();
for (let round = 0; round < 30; round++) for (const source of WARM_UP) environment.compile(source).render(context);
const before = JSON.stringify(context);
const memoryBefore = process.resourceUsage().maxRSS;
process.stdout.write(`${JSON.stringify({ memoryBefore })}\n`);

const start = performance.now();
const cpu = process.threadCpuUsage();
let outcome: { readonly output?: string; readonly error?: string };
try {
  outcome = { output: environment.compile(template).render(context).slice(0, 200) };
} catch (error) {
  outcome = { error: error instanceof TemplateError ? error.type : `crash: ${String(error)}` };
}
const used = process.threadCpuUsage(cpu);
const report = {
  ...outcome,
  milliseconds: performance.now() - start,
  cpuMilliseconds: (used.user + used.system) / 1000,
  memoryAfter: process.resourceUsage().maxRSS,
  unchanged: JSON.stringify(context) === before && called === 0,
  prototypesClean: Object.keys(Object.prototype).length === 0 && !("polluted" in {}),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
